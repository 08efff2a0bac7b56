"""Everything the bot stores about one person, as the JSON file they download."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from domain.decision_log.entries import PARTS, LogEntry
from domain.times import to_text

FORMAT = "circle-take/my-data/1"
JS_SAFE = 2**53

Value: TypeAlias = str | int | None


@dataclass(frozen=True, slots=True)
class PersonalRow:
    """A row that names the person: the table, and its columns in order."""

    table: str
    values: tuple[tuple[str, Value], ...]

    def value(self) -> dict[str, Value]:
        """Return the row; ids, which are longer than 2**53, as strings."""
        return {name: str(item) if isinstance(item, int) and item >= JS_SAFE else item for name, item in self.values}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What one server stores about a person.

    Attributes:
        own: Entries of the log that they made.
        named: Entries of others that name them, for example as a signer.
        records: Everything outside the log.
    """

    guild_id: int
    own: tuple[LogEntry, ...]
    named: tuple[LogEntry, ...]
    records: tuple[PersonalRow, ...]

    @property
    def empty(self) -> bool:
        """Whether the server stores nothing about them."""
        return not (self.own or self.named or self.records)

    def value(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        tables: dict[str, list[dict[str, Value]]] = {}
        for record in self.records:
            tables.setdefault(record.table, []).append(record.value())
        return {
            "server": str(self.guild_id),
            "entries": [_entry(entry) for entry in self.own],
            "named_in": [{"entry": e.seq, "type": e.type.value, "at": to_text(e.at)} for e in self.named],
            "tables": tables,
        }


@dataclass(frozen=True, slots=True)
class Erasure:
    """What one server erased about a person.

    Attributes:
        entries: Entries of the log that lost a name or text.
        votes: Votes in closed polls that now only count.
        rows: Rows outside the log that named the person, votes included.
    """

    guild_id: int
    entries: int
    votes: int
    rows: int

    @property
    def empty(self) -> bool:
        """Whether there was nothing to erase."""
        return not (self.entries or self.rows)


class FollowUp(NamedTuple):
    """Something to do in Discord after an erasure: redraw the card of a `poll` or `signoff`, or post a `notice`."""

    guild_id: int
    kind: str
    number: int
    at: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell moderators about an erasure: the entries that lost something, and exports that may still have it."""

    entries: tuple[int, ...]
    exports: tuple[LogEntry, ...]


def _entry(entry: LogEntry) -> dict[str, Any]:
    facts = {"entry": entry.seq, "type": entry.type.value, "at": to_text(entry.at), "verdict": entry.verdict}
    return facts | {"receipt": entry.receipt} | {name: entry.value(name) for name in PARTS if entry.part(name)}


def as_json(shares: Sequence[PersonalData], person_id: int, at: datetime) -> bytes:
    """Return the file for the person: UTF-8, indented for reading."""
    servers = [share.value() for share in shares if not share.empty]
    data = {"format": FORMAT, "person": str(person_id), "made_at": to_text(at), "servers": servers}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
