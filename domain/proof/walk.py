"""Walking the chain of a proof line by line: every entry is recomputed, every blank accounted for.

Memory is constant except for eight bytes per erased part.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from domain import times
from domain.decision_log.chain import GENESIS
from domain.decision_log.entries import PARTS, VERSION
from domain.export.filters import FORMAT
from domain.proof.records import BrokenError, decode

WARNINGS_LIMIT = 20
CLOCKS_APART_MS = 5_000
DISCORD_EPOCH_MS = 1_420_070_400_000

_HEX64 = re.compile(r"[0-9a-f]{64}")
_LOG_ID = re.compile(r"[0-9a-f]{32}")
_SNOWFLAKE = re.compile(r"[0-9]{1,20}")
_AT = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_ENTRY_KEYS = {"body", "hash", *PARTS}
_NAMES = {"who": "the person", "work": "the work", "text": "the text"}


@dataclass(slots=True)
class Walk:
    """A walk: its position in the chain, and what it has counted."""

    log: str = ""
    seq: int = 0
    head: bytes = bytes.fromhex(GENESIS)
    shown: int = 0
    stubs: int = 0
    withheld: int = 0
    clock_ms: int = 0
    warnings: list[str] = field(default_factory=list)
    more_warnings: int = 0
    _blank: "array[int]" = field(default_factory=lambda: array("Q"))
    _listed: "array[int]" = field(default_factory=lambda: array("Q"))

    @property
    def erased(self) -> int:
        """The number of erased parts."""
        return len(self._blank)

    def start(self, manifest: Mapping[str, Any]) -> None:
        """Check the manifest and take the log's id from it."""
        if manifest.get("format") != FORMAT:
            raise BrokenError(None, "The file does not begin with a manifest", f"Its first line names {FORMAT}.")
        log = manifest.get("log")
        if not isinstance(log, str) or not _LOG_ID.fullmatch(log):
            raise BrokenError(None, "The manifest names no log", "It was edited, or another program wrote it.")
        self.log = log

    def step(self, record: Mapping[str, Any]) -> None:
        """Check the next entry or stub."""
        self.seq += 1
        try:
            (self._entry if "body" in record else self._stub)(record)
        except UnicodeEncodeError as error:
            raise self._broken("it holds what is no text", "Half of a UTF-16 pair stands in it.") from error

    def step_known(self, head: bytes, at: str, interaction: int | None) -> None:
        """Move to the next entry, which `domain.proof.skim` found sound; no part of it is withheld or erased.

        Raises:
            ValueError: `at` is no time; the walk has not moved.
        """
        at_ms = round(times.from_text(at).timestamp() * 1000)
        self.seq += 1
        self.head = head
        self.shown += 1
        self._note_clocks(at_ms, interaction)

    def continue_with(self, further: "Walk") -> None:
        """Append a walk that began where this one ends."""
        self.seq, self.head, self.clock_ms = further.seq, further.head, further.clock_ms
        self.shown += further.shown
        self.stubs += further.stubs
        self.withheld += further.withheld
        self._blank += further._blank
        self._listed += further._listed
        for words in further.warnings:
            self._warn(words)
        self.more_warnings += further.more_warnings

    def finish(self, manifest: Mapping[str, Any] | None = None) -> None:
        """Compare what was found with the manifest, and the blanks with the erasures."""
        if (bare := self._first_bare()) is not None:
            seq, index = divmod(bare, len(PARTS))
            raise self._broken(f"{_NAMES[PARTS[index]]} is blank", "No erasure entry accounts for it.", seq)
        if manifest is None:
            return
        shown, accounts = manifest.get("shown"), manifest.get("accounts")
        full = shown + accounts if type(shown) is int and type(accounts) is int else None
        self._compare("total", manifest.get("total"), self.seq)
        self._compare("head", manifest.get("head"), self.head.hex())
        self._compare("number in full", full, self.shown)

    def _compare(self, name: str, claimed: object, found: int | str) -> None:
        if type(claimed) is not type(found) or claimed != found:
            what = f"The manifest says {name} {_brief(claimed)}, the file holds {_brief(found)}"
            raise BrokenError(None, what, "Entries were removed, added or changed, or the manifest was.")

    def _first_bare(self) -> int | None:
        """Return the first blank that no erasure lists; blanks are in ascending order."""
        covered = bytearray(len(self._blank))
        for code in self._listed:
            at = bisect_left(self._blank, code)
            if at < len(covered) and self._blank[at] == code:
                covered[at] = 1
        first = covered.find(0)
        return None if first < 0 else self._blank[first]

    def _broken(self, what: str, why: str, seq: int | None = None) -> BrokenError:
        number = self.seq if seq is None else seq
        return BrokenError(number, f"Entry {number}: {what}", why)

    def _stub(self, record: Mapping[str, Any]) -> None:
        if not _is(record.get("seq"), self.seq):
            raise self._broken("missing or out of place", f"The line says number {_brief(record.get('seq'))}.")
        stub = record.get("digest") if len(record) == 2 else None
        if not isinstance(stub, str) or not _HEX64.fullmatch(stub):
            raise self._broken("the stub is no digest", "A hidden entry leaves its number and 64 hex digits.")
        self._link(bytes.fromhex(stub))
        self.stubs += 1

    def _entry(self, record: Mapping[str, Any]) -> None:
        if record.keys() != _ENTRY_KEYS:
            raise self._broken("its line is incomplete or holds more", "An entry has its body, hash and three parts.")
        text = record["body"]
        body = self._body(text)
        self._place(body)
        self._link(sha256(text.encode()).digest())
        if record.get("hash") != self.head.hex():
            why = "It, or an entry hidden just before it, is not what was hashed into the chain."
            raise self._broken("its hash does not match", why)
        for index, name in enumerate(PARTS):
            self._part(index, body.get(name), record.get(name))
        self._clocks(body)
        if body["type"] == "erased":
            self._erasure(body["refs"])
        self.shown += 1

    def _body(self, text: object) -> dict[str, Any]:
        try:
            body = decode(text) if isinstance(text, str) else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise self._broken("its body cannot be read", "It was edited, or another program wrote it.")
        if not _is(body.get("v"), VERSION):
            raise self._broken(f"it is of version {_brief(body.get('v'))}", "This verifier knows version 1.")
        if not isinstance(body.get("type"), str) or not isinstance(body.get("refs"), dict):
            raise self._broken("its body is incomplete", "It was edited, or another program wrote it.")
        return body

    def _place(self, body: Mapping[str, Any]) -> None:
        if body.get("log") != self.log:
            raise self._broken("it belongs to another log", "It was made on another server.")
        if not _is(body.get("seq"), self.seq):
            raise self._broken("missing or out of place", f"Entry {_brief(body.get('seq'))} stands there.")

    def _link(self, digest: bytes) -> None:
        self.head = sha256(self.head + digest).digest()

    def _part(self, index: int, committed: object, shown: object) -> None:
        name = _NAMES[PARTS[index]]
        if committed is None:
            if shown is not None:
                raise self._broken(f"{name} was added", "The entry was made without it.")
        elif shown == "withheld":
            self.withheld += 1
        elif shown == "erased":
            self._blank.append(self.seq * len(PARTS) + index)
        elif shown is None:
            raise self._broken(f"{name} is missing without a word", "A blank is marked erased or withheld.")
        elif _commitment(shown) != committed:
            raise self._broken(f"{name} was changed", "It is not what the entry committed to.")

    def _erasure(self, refs: Mapping[str, Any]) -> None:
        erases = refs.get("erases")
        for pair in erases if isinstance(erases, list) else [None]:
            match pair:
                case [int(seq), str(name)] if seq is not True and 0 < seq < self.seq and name in PARTS:
                    self._listed.append(seq * len(PARTS) + PARTS.index(name))
                case _:
                    raise self._broken("it erases what is not there", "An erasure lists earlier entries' parts.")

    def _clocks(self, body: Mapping[str, Any]) -> None:
        try:
            at_ms = milliseconds(body["at"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise self._broken("its time cannot be read", "It was edited, or another program wrote it.") from error
        interaction = body.get("interaction")
        if interaction is None:
            self._note_clocks(at_ms, None)
        elif isinstance(interaction, str) and _SNOWFLAKE.fullmatch(interaction):
            self._note_clocks(at_ms, int(interaction))
        else:
            self._warn(f"Entry {self.seq} carries an interaction id that Discord never gave.")
            self._note_clocks(at_ms, None)

    def _note_clocks(self, at_ms: int, interaction: int | None) -> None:
        if interaction is not None:
            apart = abs((interaction >> 22) + DISCORD_EPOCH_MS - at_ms)
            if apart > CLOCKS_APART_MS:
                self._warn(f"Entry {self.seq} is dated {apart / 1000:.0f} s away from Discord's own time for it.")
        if at_ms < self.clock_ms:
            self._warn(f"Entry {self.seq} is dated before the entry that precedes it.")
        self.clock_ms = at_ms

    def _warn(self, words: str) -> None:
        if len(self.warnings) < WARNINGS_LIMIT:
            self.warnings.append(words)
        else:
            self.more_warnings += 1


def milliseconds(at: str) -> int:
    """Return an entry's time in milliseconds since 1970; ValueError if it is not as the log writes times."""
    if not _AT.fullmatch(at):
        raise ValueError("this is not how the log writes a time")
    return round(times.from_text(at).timestamp() * 1000)


def _commitment(shown: object) -> str | None:
    match shown:
        case {"salt": str(salt), "value": str(value)}:
            try:
                return sha256(bytes.fromhex(salt) + value.encode()).hexdigest()
            except ValueError:
                return None
    return None


def _is(value: object, number: int) -> bool:
    """Compare strictly: JSON's true and 1.0 are not 1."""
    return type(value) is int and value == number


def _brief(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | None) else "something else"
    return text if len(text) <= 20 else text[:12] + "…"
