"""The ways to check a proof from the outside: the program, the verifier in the ZIP, the page in a browser."""

import contextlib
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Page

from bot.cli import main
from domain.proof import zip_file as proof_zip
from domain.proof.page import page_blocks
from tests.domain.proof.logs import Lines, manifest_of, working_day

VERIFIER = Path(proof_zip.__file__).parent / "template" / "verify.py"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code of a check, and its text."""

    code: int
    said: str


def by_program(file: Path, *arguments: str) -> Outcome:
    """Run `circle-take verify FILE` in this process: starting another takes most of a second."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["verify", str(file), *arguments])
    return Outcome(code, said.getvalue())


def by_script(file: Path, *arguments: str) -> Outcome:
    """Run `python verify.py FILE` with only the standard library available."""
    return _run(sys.executable, "-I", str(VERIFIER), str(file), *arguments)


def _run(*command: str) -> Outcome:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout + done.stderr)


def by_page(page: Page, file: Path, pin: str | None = None) -> Outcome:
    """Open the page, wait for its verdict, compare the pin."""
    page.goto(file.as_uri())
    page.wait_for_selector("#progress", state="hidden")
    if pin and page.locator("#pin-form").is_visible():
        page.fill("#pin", pin)
        page.click("#pin-form button")
    verdict = page.locator("#proof").get_attribute("data-state") or ""
    code = {"pinned": 0, "broken": 1, "intact": 2}[verdict]
    return Outcome(code, page.inner_text("#verdict") + "\n" + page.inner_text("#why"))


def as_jsonl(lines: Lines) -> bytes:
    """Join the lines to a file; every line ends with a line break."""
    return b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)


def as_page(lines: Lines) -> bytes:
    """Return the page that a forger would make of the lines."""
    return b"".join(block for _, block in page_blocks([(0, as_jsonl(lines))]))


def as_zip(lines: Lines) -> bytes:
    """Return the ZIP that a careful forger would make of the lines, with a fitting manifest."""
    file = io.BytesIO()
    list(proof_zip.write_zip(file, iter([(len(lines), as_jsonl(lines))]), manifest_of(working_day())))
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    first = re.search(rb"\{.*\}", lines[0]) if lines else None
    try:
        said = json.loads(first[0]) if first else {}
    except ValueError:
        said = {}
    files = {name: {"sha256": sha256(data).hexdigest()} for name, data in members.items()}
    members[proof_zip.MANIFEST] = json.dumps(said | {"schema": proof_zip.SCHEMA, "files": files}).encode()
    return zip_of(members)


def zip_of(members: dict[str, bytes]) -> bytes:
    """Return a ZIP of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()
