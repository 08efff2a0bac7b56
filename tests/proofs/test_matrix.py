"""All checks of a proof come to the same verdict on every case of the matrix."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from domain.proof.verifier import verify_file
from tests.browser import AS_LONG_AS_IT_TAKES
from tests.proofs.cases import Case, cases
from tests.proofs.checks import as_jsonl, as_page, as_zip, by_page, by_program, by_script

EVERY = pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails the test on any error and on any network request."""
    opened = chromium.new_page()
    opened.set_default_timeout(AS_LONG_AS_IT_TAKES)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.on("request", lambda request: None if request.url.startswith("file:") else wrong.append(request.url))
    yield opened
    opened.close()
    assert wrong == []


@EVERY
def test_the_program_and_the_rule_behind_it(case: Case, tmp_path: Path) -> None:
    pins = [case.pin] if case.pin else []
    forms = {"log.jsonl": as_jsonl, "log.zip": as_zip, "log.html": as_page}
    for name, form in forms.items():
        data = form(case.lines)
        report = verify_file(BytesIO(data), pins)
        assert (name, report.exit_code) == (name, case.code), report.words()
        if case.entry:
            assert report.fault
            assert report.fault.entry == case.entry
    file = tmp_path / "log.jsonl"
    file.write_bytes(as_jsonl(case.lines))
    outcome = by_program(file, *(word for pin in pins for word in ("--pin", pin)))
    assert outcome.code == case.code, outcome.said


@EVERY
def test_the_verifier_that_travels_with_the_proof(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(as_jsonl(case.lines))
    outcome = by_script(file, *(["--pin", case.pin] if case.pin else []))
    assert outcome.code == case.code, outcome.said
    assert "Traceback" not in outcome.said


@EVERY
def test_the_page_in_a_browser(case: Case, tmp_path: Path, page: Page) -> None:
    file = tmp_path / "log.html"
    file.write_bytes(as_page(case.lines))
    outcome = by_page(page, file, case.pin)
    assert outcome.code == case.code, outcome.said
    if case.entry:
        assert f"Broken at entry {case.entry}\n" in outcome.said
