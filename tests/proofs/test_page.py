"""The page as people read it: any text stays text, filters work, and it stays usable with a long log."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.decision_log.entries import EntryType, NewEntry
from domain.export.filters import Filter
from domain.proof.page import escaped, frame_digest, page_blocks
from domain.proof.verifier import verify_file
from domain.signoffs.choices import SignoffVerdict
from tests.browser import AS_LONG_AS_IT_TAKES
from tests.domain.proof.logs import BEN, START, Log, proof, working_day
from tests.proofs.cases import HOSTILE, busy_log
from tests.proofs.checks import as_page, by_page
from tests.proofs.long_proofs import long_proof
from tests.proofs.season import season

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]  # a width and a height
    opened.set_default_timeout(AS_LONG_AS_IT_TAKES)
    yield opened
    opened.close()


def opened(page: Page, log: Log, tmp_path: Path, **how: object) -> Page:
    """Open the page of a log and wait for its check."""
    file = tmp_path / "log.html"
    file.write_bytes(as_page(proof(log, **how)))  # type: ignore[arg-type]  # filter or parts to withhold
    page.goto(file.as_uri())
    page.wait_for_selector("#progress", state="hidden")
    return page


def test_what_people_typed_is_shown_as_text_and_runs_nothing(page: Page, tmp_path: Path) -> None:
    wrong: list[str] = []
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    opened(page, busy_log(), tmp_path)
    shown = page.locator("#entry-9 .reason").text_content() or ""
    assert shown == HOSTILE
    assert page.locator("#entries script, #entries b, #entries img").count() == 0
    assert wrong == []


def test_no_byte_of_the_log_is_special_to_html() -> None:
    data = b"".join(proof(busy_log()))
    safe = escaped(data)
    assert not re.search(rb"[<>&]|\xe2\x80[\xa8\xa9]", safe)
    assert b"\\u003c/script" in safe


def test_the_page_may_run_its_own_script_and_nothing_else() -> None:
    head = next(iter(page_blocks([])))[1].decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', head)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "http" not in policy[1]
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*\b(?:src|href)=", head)


def test_a_page_changed_outside_the_log_is_reported(tmp_path: Path) -> None:
    data = as_page(proof(working_day()))
    for changed, noted in ((data, False), (data.replace(b"<h1>Decision log", b"<h1>Approved"), True)):
        file = tmp_path / "log.html"
        file.write_bytes(changed)
        with file.open("rb") as stream:
            report = verify_file(stream)
        assert report.exit_code == 2
        assert any("not the one that this version" in warning for warning in report.warnings) is noted
    assert len(frame_digest()) == 32


def test_every_field_of_an_entry_is_there(page: Page, tmp_path: Path) -> None:
    log = Log()
    asked = log.open(tools="Runway Gen-4", link="https://review.example/cut-3")
    entry = log.decide(asked, BEN, SignoffVerdict.REVISE, "The sky looks bought.")
    opened(page, log, tmp_path)
    card = page.locator("#entry-2")
    for words in ("Spot 30s", "cut 3", "Not yet", "Ben", "Colourist", "The sky looks bought.", entry.hash, "UTC"):
        expect(card).to_contain_text(words)
    request = page.locator("#entry-1")
    for words in ("B-roll in place of stock", "Runway Gen-4", "Not known", "Dov"):
        expect(request).to_contain_text(words)
    link = request.get_by_role("link")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("href") == "https://review.example/cut-3"


def test_only_web_addresses_can_be_clicked(page: Page, tmp_path: Path) -> None:
    log = Log()
    log.add(NewEntry(EntryType.REQUEST, START, work={"piece": "x", "link": "javascript:alert(1)"}))
    opened(page, log, tmp_path)
    expect(page.locator("#entry-1")).to_contain_text("javascript:alert(1)")
    assert page.get_by_role("link").count() == 0


def test_filters_narrow_and_clear(page: Page, tmp_path: Path) -> None:
    opened(page, working_day(), tmp_path)
    page.select_option("#f-person", "Ben")
    expect(page.locator("#count")).to_have_text("Showing 2 of 8 entries in full")
    page.select_option("#f-verdict", "revise")
    expect(page.locator(".entry .no")).to_have_text(["3"])
    page.click("text=Clear")
    expect(page.locator(".entry .no")).to_have_count(8)
    page.fill("#f-text", "SKY bought")
    expect(page.locator(".entry .no")).to_have_text(["3"])
    page.fill("#f-text", "")
    page.select_option("#f-sort", "old")
    expect(page.locator(".entry .no").first).to_have_text("1")


def test_withheld_entries_are_shown_as_such(page: Page, tmp_path: Path) -> None:
    opened(page, working_day(), tmp_path, wanted=Filter(verdict="revise"))
    expect(page.locator("#summary")).to_have_text("1 of 8 entries are here in full.")
    expect(page.locator(".stub")).to_have_count(2)
    expect(page.locator(".stub").first).to_contain_text("4 to 8")


def test_erased_parts_say_so(page: Page, tmp_path: Path) -> None:
    log = working_day()
    log.erase((3, "who"), (3, "text"))
    opened(page, log, tmp_path)
    expect(page.locator("#entry-3")).to_contain_text("erased at a person's request")


def test_the_chart_has_its_numbers_as_a_table(page: Page, tmp_path: Path) -> None:
    opened(page, working_day(), tmp_path)
    page.click("text=The same as a table")
    expect(page.locator("#chart-table thead")).to_have_text("FromSignedNot yet")
    expect(page.locator("#chart-table tbody")).to_have_text("2026-11-2031")
    expect(page.get_by_role("img")).to_contain_text("4 verdicts from 2026-11-20")


@pytest.mark.parametrize(("tamper", "code"), [(False, 2), (True, 1)])
def test_without_webcrypto_the_page_hashes_by_hand(page: Page, tmp_path: Path, *, tamper: bool, code: int) -> None:
    page.add_init_script("Object.defineProperty(globalThis, 'crypto', { value: {} })")
    lines = proof(busy_log())
    file = tmp_path / "log.html"
    file.write_bytes(as_page([line.replace(b"The sky", b"The sea") for line in lines] if tamper else lines))
    assert by_page(page, file).code == code
    assert page.evaluate("subtle === undefined")


def test_a_pin_is_compared_when_it_is_pasted(page: Page, tmp_path: Path) -> None:
    log = working_day()
    opened(page, log, tmp_path)
    expect(page.locator("#verdict")).to_have_text("Intact, but not pinned")
    for pin, verdict in (
        (f" #{log.entries[4].receipt.upper()} ", "Intact and pinned"),
        ("5:00000000", "Broken at entry 5"),
        (log.entries[7].receipt, "Intact and pinned"),
        ("what?", "That is no pin"),
        ("", "Intact, but not pinned"),
    ):
        page.fill("#pin", pin)
        page.click("#pin-form button")
        expect(page.locator("#verdict")).to_have_text(verdict)


def test_every_kind_of_entry_is_shown_in_plain_words(page: Page, tmp_path: Path) -> None:
    opened(page, season(9), tmp_path)
    said = page.inner_text("#entries")
    assert not re.search(
        r"[a-z]_[a-z]|\bfills\b|\br55\b|[{}]|undefined|object Object|no-quorum|\bfalse\b|\bnull\b", said
    )
    for words in (
        "fewer voted than the quorum asks for",
        "3 for execution, 1 for judgment, 1 abstained",
        "Pick the final take (5 to 2)",
        "The maker may sign\nyes",
        "Something new\ndeep 1, none, yes",
        "(the person)",
    ):
        assert words in said


def test_an_entry_shows_and_links_to_what_followed_it(page: Page, tmp_path: Path) -> None:
    log = working_day()
    log.add(NewEntry(EntryType.VOID, START + timedelta(hours=1), refs={"voids": 7}, text={"reason": "Spam."}))
    opened(page, log, tmp_path)
    void = page.locator("#entry-7")
    expect(void).to_contain_text("Marked void by")
    expect(void.locator(".chip")).to_have_class(re.compile("undone"))
    page.select_option("#f-verdict", "signed")
    void.get_by_text("entry 9").click()
    expect(page.locator("#entry-9")).to_be_in_viewport()
    expect(page.locator("#f-verdict")).to_have_value("")


def test_nothing_is_wider_than_a_phone(page: Page, tmp_path: Path) -> None:
    opened(page, season(9), tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_printing_shows_every_filtered_entry(page: Page, tmp_path: Path) -> None:
    log = Log()
    for number in range(60):
        log.open(cut=number + 1, opened_at=START + timedelta(minutes=number))
    opened(page, log, tmp_path)
    expect(page.locator(".entry")).to_have_count(50)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".entry")).to_have_count(60)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".entry")).to_have_count(50)


def test_ten_thousand_entries_leave_the_page_usable(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "log.html"
    file.write_bytes(as_page(long_proof(10_000)))
    page.add_init_script(
        "globalThis.held = 0; let last = performance.now();"
        "setInterval(() => { const now = performance.now(); held = Math.max(held, now - last - 10); last = now; }, 10);"
    )
    page.goto(file.as_uri())
    page.wait_for_selector("#progress", state="hidden")
    expect(page.locator("#verdict")).to_have_text("Intact, but not pinned")
    assert page.evaluate("held") < 1000
    page.fill("#f-text", "crew member 7")
    expect(page.locator("#page-no")).to_contain_text("Page 1 of")
    page.click("text=Next ›")
    expect(page.locator("#page-no")).to_contain_text("Page 2 of")
