"""What leaves the house: CSV for people, JSONL for proof, and the filter both obey.

To change a column of the CSV, change COLUMNS.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain import chain
from domain.choices import AiUse, ClientTold, Flag, Labelled
from domain.decisions import ERASED, PARTS, Draft, Entry, EntryType, Person
from domain.outcome_export import OUTCOME_COLUMNS
from domain.outcomes import decider_of
from domain.people import Act
from domain.slate import piece_key
from domain.text import clean_line
from domain.times import to_text

FORMAT = "circle-take/log/1"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Kind(StrEnum):
    """Which entries a filter is about."""

    SIGNOFFS = "signoffs"
    POLLS = "polls"
    ALL = "all"


_TYPES = {
    Kind.SIGNOFFS: frozenset(
        {EntryType.REQUEST, EntryType.DECISION, EntryType.WITHDRAW, EntryType.CORRECT, EntryType.VOID}
    ),
    Kind.POLLS: frozenset({EntryType.OUTCOME}),
    Kind.ALL: frozenset(EntryType),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries somebody asked for; None means any.

    Attributes:
        since: The earliest time, itself included.
        until: The time before which it ends.
        piece: The name of the piece, in any letter case.
        person: The Discord id of whoever made the entry, or took part in the poll it is about.
        verdict: What the entry decided.
        polls: The polls that `person` took part in; `db` fills it in.
    """

    since: datetime | None = None
    until: datetime | None = None
    piece: str | None = None
    person: int | None = None
    verdict: str | None = None
    kind: Kind = Kind.ALL
    polls: frozenset[int] = frozenset()

    def matches(self, entry: Entry) -> bool:
        """Say whether `entry` was asked for; what was erased matches no name and no piece."""
        return (
            entry.type in _TYPES[self.kind]
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (self.verdict is None or entry.verdict == self.verdict)
            and (self.person is None or self._is_theirs(entry))
            and (self.piece is None or piece_key(entry.value("work").get("piece", "")) == piece_key(self.piece))
        )

    def _is_theirs(self, entry: Entry) -> bool:
        if (entry.person or ERASED).id == self.person:
            return True
        return entry.type is EntryType.OUTCOME and (
            entry.facts.get("poll") in self.polls or (decider_of(entry) or ERASED).id == self.person
        )

    def value(self) -> dict[str, str]:
        """Return what was asked for, as manifests and export entries keep it."""
        asked = {
            "since": to_text(self.since) if self.since else None,
            "until": to_text(self.until) if self.until else None,
            "piece": None if self.piece is None else clean_line(self.piece),
            "person": None if self.person is None else str(self.person),
            "verdict": self.verdict,
            "kind": self.kind.value,
        }
        return {name: value for name, value in asked.items() if value is not None}


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass over the log finds.

    Attributes:
        shown: How many entries the filter matches.
        accounts: How many erasure entries a proof carries beside them.
        total: How many entries the log has: they are numbered 1 to `total`.
        head: The hash of the last one.
    """

    shown: int
    accounts: int
    total: int
    head: str


def survey(entries: Iterable[Entry], wanted: Filter = EVERYTHING) -> Survey:
    """Count what an export of all of a log's `entries` under `wanted` will hold."""
    shown = accounts = total = 0
    head = chain.GENESIS
    for entry in entries:
        matched = wanted.matches(entry)
        shown += matched
        accounts += not matched and entry.type is EntryType.ERASED
        total, head = entry.seq, entry.hash
    return Survey(shown, accounts, total, head)


_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def cell(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: a leading ' where it would start a formula (OWASP)."""
    return "'" + text if text.startswith(_FORMULA) else text


def _of(part: str, read: Callable[[Entry], str]) -> Callable[[Entry], str]:
    """Read a column from a part: "(erased)" where it was erased, "" where there never was one."""

    def column(entry: Entry) -> str:
        if entry.part(part) is None:
            return "(erased)" if entry.is_erased(part) else ""
        return read(entry)

    return column


def _who(read: Callable[[Person], str]) -> Callable[[Entry], str]:
    return _of("who", lambda entry: read(entry.person or ERASED))


def _work(name: str) -> Callable[[Entry], str]:
    return _of("work", lambda entry: str(entry.value("work").get(name, "")))


def _labels(name: str, choices: Iterable[Labelled]) -> Callable[[Entry], str]:
    labels = {choice.value: choice.label for choice in choices}

    def read(entry: Entry) -> str:
        held = entry.value("work").get(name, [])
        return "; ".join(labels.get(value, value) for value in ([held] if isinstance(held, str) else held))

    return _of("work", read)


def _about(entry: Entry) -> str:
    return "; ".join(f"{name} {_encode(target)}" for name, target in sorted(entry.refs.items()))


COLUMNS: tuple[tuple[str, Callable[[Entry], str]], ...] = (
    ("Time (UTC)", lambda entry: to_text(entry.at)),
    ("Entry type", lambda entry: entry.type.value),
    ("Verdict", lambda entry: entry.verdict or ""),
    ("Piece", _work("piece")),
    ("Cut", _work("cut")),
    ("Person", _who(lambda person: person.name)),
    ("Person's Discord id", _who(lambda person: f"u{person.id}")),  # the u keeps Excel from rounding it
    ("Roles", _who(lambda person: "; ".join(person.roles))),
    ("What AI did", _labels("uses", AiUse)),
    ("Tools", _work("tools")),
    ("Client told", _labels("client_told", ClientTold)),
    ("Flags", _labels("flags", Flag)),
    ("Link", _work("link")),
    ("Reason", _of("text", lambda entry: entry.reason)),
    ("Question", lambda entry: (entry.data["question"] or {}).get("id", "")),
    *OUTCOME_COLUMNS,
    ("About entry", _about),
    ("Full hash", lambda entry: entry.hash),
    ("Entry no.", lambda entry: str(entry.seq)),
)
"""The columns of the CSV in order: the header, and what stands below it."""


def csv_lines(entries: Iterable[Entry], wanted: Filter = EVERYTHING) -> Iterator[bytes]:
    """Yield the CSV of the entries that `wanted` matches, line by line.

    UTF-8 with a byte order mark, commas, CRLF, every cell in quotes and none of them a formula. It is a view: the
    last two columns lead to the record that proves it.
    """
    yield "\ufeff".encode() + csv_line(header for header, _ in COLUMNS)
    for entry in filter(wanted.matches, entries):
        yield csv_line(column(entry) for _, column in COLUMNS)


def csv_line(cells: Iterable[str]) -> bytes:
    """Return a line of CSV: every cell in quotes and none of them a formula."""
    quoted = (cell(text).replace('"', '""') for text in cells)
    return ('"' + '","'.join(quoted) + '"\r\n').encode()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first line of a proof.

    Attributes:
        log: The id of the log.
        found: What the first pass found; the proof's entries must be the same.
        bot: The version of the bot.
        made_by: Who made it, or "" to leave that out.
        withheld: The parts that this copy keeps back.
    """

    log: str
    found: Survey
    made_at: datetime
    bot: str
    made_by: str = ""
    wanted: Filter = EVERYTHING
    withheld: Collection[str] = ()

    def line(self) -> bytes:
        """Return the manifest as a line of JSON."""
        found = self.found
        manifest = {
            "format": FORMAT,
            "log": self.log,
            "filter": self.wanted.value(),
            "shown": found.shown,
            "accounts": found.accounts,
            "total": found.total,
            "first": min(1, found.total),
            "last": found.total,
            "head": found.head,
            "withheld": sorted(self.withheld),
            "made_at": to_text(self.made_at),
            "made_by": clean_line(self.made_by) or None,
            "bot": self.bot,
        }
        return (_encode(manifest) + "\n").encode()


def jsonl_lines(entries: Iterable[Entry], manifest: Manifest) -> Iterator[bytes]:
    """Yield a proof: the manifest, then a line for every entry of the log, in order from entry 1.

    What `manifest.wanted` does not match is a stub with the digest of its body, so that every filtered copy still
    leads to the same head. Erasure entries are always there in full: they account for the blanks.
    """
    yield manifest.line()
    for entry in entries:
        if entry.type is EntryType.ERASED or manifest.wanted.matches(entry):
            parts = {name: shown_part(entry, name, manifest.withheld) for name in PARTS}
            line = _encode({"body": entry.body, "hash": entry.hash} | parts)
        else:
            line = _encode({"seq": entry.seq, "digest": chain.digest(entry.body)})
        yield (line + "\n").encode()


def shown_part(entry: Entry, name: str, withheld: Collection[str] = ()) -> dict[str, str] | str | None:
    """Return a part as a proof has it: salt and value, "withheld", "erased", or None where there never was one."""
    part = entry.part(name)
    if part is None:
        return "erased" if entry.is_erased(name) else None
    return "withheld" if name in withheld else {"salt": part.salt, "value": part.value}


def record_export(act: Act, wanted: Filter, found: Survey, *, file_format: str, sha256: str) -> Draft:
    """Return the entry of an export: who holds a copy of what. `sha256` is that of the file, in hex."""
    facts = {
        "format": file_format,
        "shown": found.shown,
        "total": found.total,
        "head": found.head,
        "sha256": sha256,
    }
    who = Person.of(act.actor).value()
    return Draft(EntryType.EXPORT, act.at, act.interaction_id, facts=facts, who=who, work={"filter": wanted.value()})
