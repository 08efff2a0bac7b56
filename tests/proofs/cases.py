"""The tamper matrix: what can happen to a proof, and what every check must say about it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.decision_log.chain import digest
from domain.decision_log.entries import EntryType, NewEntry
from domain.export.filters import Filter, Kind
from domain.proof.records import BLANK_LINES_LIMIT, LINE_LIMIT
from tests.domain.proof.logs import START, Lines, Log, edit, edit_body, proof, remanifest, working_day
from tests.domain.proof.tampering import TAMPERED, careful_last_edit, careful_rewrite, careful_truncation

PINNED, BROKEN, UNPINNED = 0, 1, 2
HOSTILE = '</script><script>alert(1)</script><!-- <b onclick="x">&amp; \u2028\u2029 \\"\\\\ 😀 é'


@dataclass(frozen=True, slots=True)
class Case:
    """A proof, the pin to check it with, and the expected exit code; `entry` is where it breaks, if known."""

    name: str
    lines: Lines
    pin: str | None
    code: int
    entry: int | None = None


def busy_log() -> Log:
    """Return a working day with text that would break out of a page, a poll's outcome and a type that nobody knows."""
    log = working_day()
    log.add(NewEntry(EntryType.EXPORT, START + timedelta(hours=1), facts={"to": [HOSTILE]}, text={"reason": HOSTILE}))
    log.add(NewEntry(EntryType.OUTCOME, START + timedelta(hours=1), verdict="judgment", work={"task": "Voices"}))
    return log


def cases() -> Iterator[Case]:
    """Yield every case of the matrix."""
    log = busy_log()
    receipt = log.entries[4].receipt
    yield from _honest(log, receipt)
    for name, tamper, entry in TAMPERED:
        day = working_day()
        yield Case(name, tamper(proof(day)), None, BROKEN, entry)
    yield from _only_by_pin(careful_truncation, careful_rewrite, careful_last_edit)
    yield from _erasures()
    yield from _manifests()
    yield Case("another server's export, alone", proof(working_day()), None, UNPINNED)
    yield Case("another server's export, with our receipt", proof(working_day()), receipt, BROKEN, 5)
    yield from _nonsense()
    yield from _barely_json()
    yield from _odd_bodies()


def _honest(log: Log, receipt: str) -> Iterator[Case]:
    head = log.entries[-1]
    yield Case("honest", proof(log), None, UNPINNED)
    yield Case("honest, with a receipt", proof(log), receipt, PINNED)
    yield Case("honest, with its head", proof(log), f"{head.seq}:{head.hash}", PINNED)
    yield Case("filtered", proof(log, Filter(verdict="signed")), receipt, PINNED)
    yield Case("nothing but stubs", proof(log, Filter(piece="no such piece")), receipt, PINNED)
    yield Case("parts withheld", proof(log, withheld=["who", "text"]), receipt, PINNED)
    yield Case("empty", proof(Log()), None, UNPINNED)
    yield Case("pinned beyond its end", proof(log), "99:00000000", BROKEN, 99)
    yield Case("as an editor saves it", [b"\xef\xbb\xbf" + proof(log)[0], *proof(log)[1:], b"\n\r\n"], None, UNPINNED)


def _only_by_pin(*forgeries: Callable[[Log], Lines]) -> Iterator[Case]:
    for forge in forgeries:
        log = working_day()
        lines = forge(log)
        yield Case(f"{forge.__name__}, no pin", lines, None, UNPINNED)
        yield Case(f"{forge.__name__}, with the last receipt", lines, log.entries[-1].receipt, BROKEN, 8)


def _erasures() -> Iterator[Case]:
    log = working_day()
    receipt = log.entries[4].receipt
    log.erase((3, "who"), (3, "text"))
    lines = proof(log, Filter(kind=Kind.SIGNOFFS))
    yield Case("erasure with its account", lines, receipt, PINNED)
    yield Case(
        "one part more blank than accounted for", [*lines[:5], edit(lines[5], who="erased"), *lines[6:]], None, 1, 5
    )
    wrong = {
        "itself": [[9, "who"]],
        "no part": [[3, "body"]],
        "true in place of a number": [[True, "who"]],
        "more than a part": [[3, "who", "text"]],
        "no list": 3,
        "no text": "",
        "no table": {},
        "nothing": None,
    }
    for name, erases in wrong.items():
        day = working_day()
        day.add(NewEntry(EntryType.ERASED, START + timedelta(hours=1), refs={"erases": erases}))
        yield Case(f"erasure of {name}", proof(day), None, BROKEN, 9)


def _manifests() -> Iterator[Case]:
    lines = proof(working_day())
    for forged in ({"total": 7}, {"head": "ab" * 32}, {"shown": 7}, {"accounts": 1}, {"total": True}, {"log": "x"}):
        yield Case(f"forged manifest {forged}", [edit(lines[0], **forged), *lines[1:]], None, BROKEN)
    yield Case("no manifest but a table", [b'"Time (UTC)","Entry type"\r\n'], None, BROKEN)


def _nonsense() -> Iterator[Case]:
    lines = proof(working_day())
    yield Case("binary garbage", [b"\x00\xff\x1b" * 40, b"\n", b"\xfe" * 99], None, BROKEN)
    yield Case("garbage after the manifest", [lines[0], b"\x00\xff" * 40], None, BROKEN)
    yield Case("nothing", [], None, BROKEN)
    yield Case("a list", [lines[0], b"[1]\n"], None, BROKEN)
    yield Case("a fraction", [lines[0], lines[1].replace(b'\\"seq\\":1,', b'\\"seq\\":1.0,'), *lines[2:]], None, BROKEN)
    yield Case("half a surrogate", [lines[0], edit(lines[1], body='{"v":"\ud800"}'), *lines[2:]], None, BROKEN, 1)
    yield Case("no such day", _redated(lines, "2026-02-30T10:00:00.123Z"), None, BROKEN, 1)
    yield Case("a day written otherwise", _redated(lines, "2026-11-20T10:00:00+00:00"), None, BROKEN, 1)
    yield Case("a commitment in place of a part", _echoed(lines), None, BROKEN, 3)
    yield Case("a stub with more", [*lines[:3], json.dumps(_fat_stub(lines[3])).encode(), *lines[4:]], None, BROKEN, 3)


def _barely_json() -> Iterator[Case]:
    """Yield JSON that some readers accept and others refuse, in places that are not hashed."""
    lines = proof(working_day())
    first, *rest = lines
    shown = len(rest) - 1
    notes = {
        "a number too large": f"{2**53}",
        "a longer one": "1" * 5000,
        "nesting": _nested(99),
    }
    for name, note in notes.items():
        yield Case(f"{name} in the manifest", [_noted(first, note), *rest], None, BROKEN)
    yield Case("a number just small enough", [_noted(first, f"{2**53 - 1}"), *rest], None, UNPINNED)
    yield Case("no more nesting than is read", [_noted(first, _nested(63)), *rest], None, UNPINNED)
    yield Case("true in place of how many are shown", [edit(first, shown=True, accounts=shown), *rest], None, BROKEN)
    yield Case("bytes that are no text", [first.replace(b'"format"', b'"\xff":1,"format"'), *rest], None, BROKEN)
    yield Case("a NUL", [first.replace(b'"format"', b'"\0":1,"format"'), *rest], None, BROKEN)
    yield Case("a replacement character", [_noted(first, '"\ufffd"'), *rest], None, UNPINNED)
    yield Case("a line too long", [_noted(first, f'"{"x" * LINE_LIMIT}"'), *rest], None, BROKEN)
    yield Case("as many blank lines as an editor leaves", [*lines, *[b"\n"] * BLANK_LINES_LIMIT], None, UNPINNED)
    yield Case("one more", [*lines, *[b"\n"] * (BLANK_LINES_LIMIT + 1)], None, BROKEN)
    for blank in ("\u00a0", "\ufeff", "\u2028", "\v", "\f", "\x1c"):
        yield Case(f"a line of {blank!a}", [*lines, f"{blank}\n".encode()], None, BROKEN)
        yield Case(f"{blank!a} in a salt", [*lines[:3], _salted(lines[3], blank), *lines[4:]], None, _SPACES[blank])


_SPACES = dict.fromkeys("\v\f", UNPINNED) | dict.fromkeys("\u00a0\ufeff\u2028\x1c", BROKEN)
"""Allowed between the digits of a salt: Python's `bytes.fromhex` skips ASCII white space."""


def _noted(manifest: bytes, note: str) -> bytes:
    return manifest.replace(b'"format"', f'"note":{note},"format"'.encode())


def _nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def _salted(line: bytes, space: str) -> bytes:
    who = json.loads(line)["who"]
    return edit(line, who=who | {"salt": f"{who['salt'][:4]}{space}{who['salt'][4:]}"})


def _odd_bodies() -> Iterator[Case]:
    """Yield correctly hashed bodies that the bot never writes."""
    lines = proof(working_day())
    broken: dict[str, dict[str, Any]] = {
        "a type that is no text": {"type": 5},
        "no references": {"refs": None},
        "a time in small letters": {"at": "2026-11-20t10:00:00.123z"},
        "a time with other digits": {"at": "2026-1-020T10:00:00.123Z"},
        "a time padded by a space": {"at": "2026-11- 1T10:00:00.123Z"},
        "a number too large": {"more": 2**53},
        "nesting without end": {"more": json.loads(_nested(99))},
    }
    for name, changes in broken.items():
        yield Case(f"a body with {name}", _rewritten(lines, **changes), None, BROKEN, 1)
    yield Case("an empty commitment, withheld", _rewritten(lines, {"who": "withheld"}, who=""), None, UNPINNED)
    yield Case("an empty commitment for nothing", _rewritten(lines, {"who": ""}, who=""), None, BROKEN, 1)


def _redated(lines: Lines, at: str) -> Lines:
    return _rewritten(lines, at=at)


def _rewritten(lines: Lines, shown: dict[str, str] | None = None, **changes: object) -> Lines:
    """Return a proof of the first entry only, with another body, correctly hashed."""
    body = edit(edit_body(lines[1], **changes), **(shown or {}))
    return remanifest([lines[0], edit(body, hash=_hash_of(body))])


def _hash_of(line: bytes) -> str:
    return str(json.loads(remanifest([line, line])[0])["head"])


def _echoed(lines: Lines) -> Lines:
    committed = json.loads(json.loads(lines[3])["body"])["who"]
    return [*lines[:3], edit(lines[3], who=committed), *lines[4:]]


def _fat_stub(line: bytes) -> dict[str, object]:
    return {"seq": 3, "digest": digest(json.loads(line)["body"]), "who": None}
