"""The log as a table for people: its columns, and cells that no spreadsheet runs.

To change a column of the CSV and XLSX exports, change COLUMNS.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from domain.choices import AiUse, ClientTold, Flag, Labelled

ERASED = "(erased)"
SHARED_VALUES = 1024
"""Parsed values that are kept for the next rows: a crew's names and pieces return in row after row."""

LINES_TO_A_BLOCK = 500

Fit: TypeAlias = Callable[[str], str]
Read: TypeAlias = Callable[[Any], str]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class TableRow(NamedTuple):
    """An entry as a table needs it. A part is None where there never was one, and "" where it was erased.

    The first six fields are the bot's own words, numbers and hashes; the others are JSON as it is stored.
    """

    seq: str
    type: str
    at: str
    verdict: str
    question: str
    hash: str
    refs: str
    facts: str
    who: str | None
    work: str | None
    text: str | None


_PLAIN = TableRow._fields[:6]


class Column(NamedTuple):
    """A column: its header, the field of `TableRow` it shows, and how that reads if the field is JSON."""

    header: str
    field: str
    read: Read = str


def _value(name: str) -> Read:
    return lambda held: str(held.get(name, ""))


def _piece(work: dict[str, Any]) -> str:
    return str(work.get("piece") or work.get("task") or "")


def _id(who: dict[str, Any]) -> str:
    return f"u{who['id']}" if "id" in who else ""  # the u keeps Excel from rounding it


def _labels(name: str, choices: Iterable[Labelled]) -> Read:
    labels = {choice.value: choice.label for choice in choices}

    def read(work: dict[str, Any]) -> str:
        held = work.get(name)
        if not held:
            return ""
        return "; ".join([labels.get(value, str(value)) for value in ((held,) if isinstance(held, str) else held)])

    return read


def _pairs(held: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_plain(value)}" for name, value in sorted(held.items()))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else str(value) if type(value) is int else _encode(value)


COLUMNS: tuple[Column, ...] = (
    Column("Time (UTC)", "at"),
    Column("Entry type", "type"),
    Column("Verdict", "verdict"),
    Column("Piece", "work", _piece),
    Column("Cut", "work", _value("cut")),
    Column("Person", "who", _value("name")),
    Column("Person's Discord id", "who", _id),
    Column("Roles", "who", lambda who: "; ".join(map(str, who.get("roles", ())))),
    Column("What AI did", "work", _labels("uses", AiUse)),
    Column("Tools", "work", _value("tools")),
    Column("Client told", "work", _labels("client_told", ClientTold)),
    Column("Flags", "work", _labels("flags", Flag)),
    Column("Link", "work", _value("link")),
    Column("Reason", "text", _value("reason")),
    Column("Question", "question"),
    Column("About entry", "refs", _pairs),
    Column("Details", "facts", _pairs),
    Column("Full hash", "hash"),
    Column("Entry no.", "seq"),
)
"""The columns in order: the header, and what stands below it."""

HEADERS = tuple(column.header for column in COLUMNS)

_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def cell(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: a leading ' where it would start a formula (OWASP)."""
    return "'" + text if text.startswith(_FORMULA) else text


class Cutter:
    """Cuts entries into cells; what several entries share is parsed once.

    Args:
        fit: makes text that somebody typed fit into a cell; it has to call `cell`.
    """

    def __init__(self, fit: Fit) -> None:
        by_field = {field: [column for column in COLUMNS if column.field == field] for field in TableRow._fields[6:]}
        cut = {field: partial(_cut, [column.read for column in by_field[field]], fit) for field in by_field}
        self._refs, self._facts, self._who, self._work = (
            lru_cache(SHARED_VALUES)(cut[field]) for field in ("refs", "facts", "who", "work")
        )
        self._text = cut["text"]
        at_hand = [*_PLAIN, *(column for columns in by_field.values() for column in columns)]
        self._in_order = itemgetter(*(at_hand.index(c.field if c.field in _PLAIN else c) for c in COLUMNS))

    def cells(self, row: TableRow) -> tuple[str, ...]:
        """The cells of an entry, one for each of COLUMNS."""
        about = self._refs(row.refs) + self._facts(row.facts)
        parts = self._who(row.who) + self._work(row.work) + self._text(row.text)
        cells: tuple[str, ...] = self._in_order(row[:6] + about + parts)
        return cells


def _cut(reads: list[Read], fit: Fit, stored: str | None) -> tuple[str, ...]:
    """The cells of one field: "(erased)" where it was erased, "" where there never was anything."""
    if not stored:
        return ("" if stored is None else ERASED,) * len(reads)
    held = _decode(stored)
    return tuple([fit(read(held)) for read in reads])


def csv_blocks(rows: Iterable[TableRow]) -> Iterator[tuple[int, bytes]]:
    """Yield a CSV block by block, each with the number of entries in it.

    UTF-8 with a byte order mark, commas, CRLF, every cell in quotes and none of them a formula. It is a view: the
    last columns lead to the record that proves it.
    """
    cutter = Cutter(_quoted)
    yield 0, ("\ufeff" + _line(map(_quoted, HEADERS))).encode()
    block: list[str] = []
    for row in rows:
        block.append(_line(cutter.cells(row)))
        if len(block) == LINES_TO_A_BLOCK:
            yield len(block), "".join(block).encode()
            block.clear()
    yield len(block), "".join(block).encode()


def _quoted(text: str) -> str:
    return cell(text).replace('"', '""') if text else text


def _line(cells: Iterable[str]) -> str:
    return '"' + '","'.join(cells) + '"\r\n'
