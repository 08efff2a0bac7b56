"""The proof as one page that opens in any browser, shows the log and recomputes its chain there."""

import base64
import json
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256

from domain.export.filters import FORMAT
from domain.proof import read_template
from domain.signoffs.choices import AiUse, ClientTold, Flag, Labelled, SignoffVerdict

LOG_BEGINS = b'<script type="application/x-ndjson" id="log">'
LOG_ENDS = b"</script>"

_SCRIPTS = ("sha256.js", "walk.js", "words.js", "entries.js", "chart.js", "view.js", "start.js")
_CHOICES: dict[str, type[Labelled]] = {
    "verdict": SignoffVerdict,
    "uses": AiUse,
    "client_told": ClientTold,
    "flags": Flag,
}
_ESCAPES = {character: rf"\u{ord(character):04x}".encode() for character in "<>&\u2028\u2029\ufffd"}
"""Characters special to HTML or old JavaScript, and U+FFFD, which browsers show for bytes that are no text."""


def page_blocks(blocks: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield the page around a proof's blocks, each with the number of entries in it.

    What people typed is JSON inside a data script, escaped so that nothing in it can end that script; the page's own
    script shows it as text.
    """
    before, after = _frame()
    yield 0, before
    for count, block in blocks:
        yield count, escaped(block)
    yield 0, after


def escaped(lines: bytes) -> bytes:
    """Return the same JSON with every character special to HTML escaped."""
    for character, escape in _ESCAPES.items():
        lines = lines.replace(character.encode(), escape)
    return lines


@cache
def _frame() -> tuple[bytes, bytes]:
    """Return the page before and after the log; it is the same in every page of this version."""
    choices = {name: {choice.value: choice.label for choice in kind} for name, kind in _CHOICES.items()}
    known = f'"use strict";\nconst FORMAT = {json.dumps(FORMAT)}, LABELS = {json.dumps(choices, sort_keys=True)};\n'
    script = known + "".join(map(read_template, _SCRIPTS))
    style = read_template("page.css")
    policy = f"default-src 'none'; script-src '{_source(script)}'; style-src '{_source(style)}'; "
    policy += "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    page = read_template("page.html").replace("%POLICY%", policy).replace("%STYLE%", style).replace("%SCRIPT%", script)
    before, after = page.encode().split(b"%LOG%\n")
    return before, after


def _source(text: str) -> str:
    """Return the source by which a Content Security Policy allows exactly this script or style."""
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def frame_digest() -> bytes:
    """Return the SHA-256 of a page without its log."""
    return sha256(b"".join(_frame())).digest()
