"""The filter of an export, what it finds, and the entry that the export leaves in the log.

The table for people is in `domain.export.tables`, the proof in `domain.proof.lines`.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.decision_log.entries import ERASED, EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import OutcomeEntry
from domain.people import Act
from domain.text import clean_line, piece_key
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
    Kind.POLLS: frozenset({EntryType.OUTCOME, EntryType.VOID}),
    Kind.ALL: frozenset(EntryType),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries somebody asked for; None means any.

    Attributes:
        since: The earliest time, itself included.
        until: The time before which it ends.
        piece: The name of the piece, in any letter case.
        person: The Discord id of the author of the entry, or of somebody who took part in its poll.
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

    @property
    def types(self) -> frozenset[EntryType] | None:
        """The types of entries that `kind` stands for; None for all."""
        return None if self.kind is Kind.ALL else _TYPES[self.kind]

    def matches(self, entry: LogEntry) -> bool:
        """Return whether `entry` was asked for; an erased part matches no name and no piece."""
        return (
            self._is_of_kind(entry)
            and (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at < self.until)
            and (self.verdict is None or entry.verdict == self.verdict)
            and (self.person is None or self._is_theirs(entry))
            and (self.piece is None or piece_key(entry.subject.piece or "") == piece_key(self.piece))
        )

    def _is_of_kind(self, entry: LogEntry) -> bool:
        if entry.type is EntryType.VOID and self.kind is Kind.POLLS:
            return entry.request is None
        return entry.type in _TYPES[self.kind]

    def _is_theirs(self, entry: LogEntry) -> bool:
        if (entry.person or ERASED).id == self.person:
            return True
        if entry.type is not EntryType.OUTCOME:
            return False
        outcome = OutcomeEntry.read(entry)
        return outcome.poll in self.polls or (outcome.decider or ERASED).id == self.person

    def value(self) -> dict[str, str]:
        """Return the filter as manifests and export entries store it."""
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
    """The counts that a first pass over the log finds.

    Attributes:
        shown: How many entries the filter matches.
        accounts: How many further erasure entries a proof carries.
        total: How many entries the log has: they are numbered 1 to `total`.
        head: The hash of the last one.
    """

    shown: int
    accounts: int
    total: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first line of a proof.

    Attributes:
        log: The id of the log.
        found: What the first pass found; the proof's entries must be the same.
        bot: The version of the bot.
        made_by: Who made it, or "" to leave that out.
        withheld: The parts that this copy leaves out.
    """

    log: str
    found: Survey
    made_at: datetime
    bot: str
    made_by: str = ""
    wanted: Filter = EVERYTHING
    withheld: Collection[str] = ()

    def value(self) -> dict[str, object]:
        """Return its content without the name of the format."""
        found = self.found
        return {
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

    def line(self) -> bytes:
        """Return the manifest as a line of JSON."""
        return (_encode({"format": FORMAT} | self.value()) + "\n").encode()


def record_export(act: Act, wanted: Filter, found: Survey, *, file_format: str, sha256: str | list[str]) -> NewEntry:
    """Return the entry of an export: who holds a copy of what.

    `sha256` is that of the file, in hex; a list of them for a set of files.
    """
    facts = {
        "format": file_format,
        "shown": found.shown,
        "total": found.total,
        "head": found.head,
        "sha256": sha256,
    }
    who = Person.of(act.actor).value()
    return NewEntry(EntryType.EXPORT, act.at, act.interaction_id, facts=facts, who=who, work={"filter": wanted.value()})
