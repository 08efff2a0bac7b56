"""The log as a table for people: its columns, and the cells of an entry.

To change a column of the CSV and XLSX exports, change COLUMNS.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from domain.decision_log.entries import EntryType
from domain.export.columns import (
    ERASED,
    OUTCOME_COLUMNS,
    OUTCOME_FACTS,
    ReadCell,
    TableColumn,
    csv_line,
    line_of,
    quoted,
)
from domain.signoffs.choices import AiUse, ClientTold, Flag, Labelled

SHARED_VALUES = 1024
"""Parsed values cached for the next rows: a crew's names and pieces recur in row after row."""

LINES_TO_A_BLOCK = 500

Fit: TypeAlias = Callable[[str], str]
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


_LEFT_OUT = OUTCOME_FACTS | {"fills", "users"}
"""Facts that have their own columns, or that only the bot needs."""

_PLAIN = TableRow._fields[:6]
_JSON = TableRow._fields[6:]


def _value(name: str) -> ReadCell:
    return lambda held: str(held.get(name, ""))


def _id(who: dict[str, Any]) -> str:
    return f"u{who['id']}" if "id" in who else ""  # the u keeps Excel from rounding it


def _labels(name: str, choices: Iterable[Labelled]) -> ReadCell:
    labels = {choice.value: choice.label for choice in choices}

    def read(work: dict[str, Any]) -> str:
        held = work.get(name)
        if not held:
            return ""
        return "; ".join([labels.get(value, str(value)) for value in ((held,) if isinstance(held, str) else held)])

    return read


def _pairs(held: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_plain(value)}" for name, value in sorted(held.items()))


def _details(facts: dict[str, Any]) -> str:
    return _pairs({name.replace("_", " "): value for name, value in facts.items() if name not in _LEFT_OUT})


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else _encode(value)


COLUMNS: tuple[TableColumn, ...] = (
    TableColumn("Time (UTC)", "at"),
    TableColumn("Entry type", "type"),
    TableColumn("Verdict", "verdict"),
    TableColumn("Piece", "work", _value("piece")),
    TableColumn("Cut", "work", _value("cut")),
    TableColumn("Person", "who", _value("name")),
    TableColumn("Person's Discord id", "who", _id),
    TableColumn("Roles", "who", lambda who: "; ".join(map(str, who.get("roles", ())))),
    TableColumn("What AI did", "work", _labels("uses", AiUse)),
    TableColumn("Tools", "work", _value("tools")),
    TableColumn("Client told", "work", _labels("client_told", ClientTold)),
    TableColumn("Flags", "work", _labels("flags", Flag)),
    TableColumn("Link", "work", _value("link")),
    TableColumn("Reason", "text", _value("reason")),
    TableColumn("Question", "question"),
    *OUTCOME_COLUMNS,
    TableColumn("About entry", "refs", _pairs),
    TableColumn("Details", "facts", _details),
    TableColumn("Full hash", "hash"),
    TableColumn("Entry no.", "seq"),
)
"""All columns in order."""

HEADERS = tuple(column.header for column in COLUMNS)


class Cutter:
    """Cuts entries into cells; what several entries share is parsed once.

    Args:
        fit: Makes text that somebody typed fit into a cell; it must call `domain.export.columns.cell`.
    """

    def __init__(self, fit: Fit) -> None:
        common = [column for column in COLUMNS if column not in OUTCOME_COLUMNS]
        self._common, at_hand = _cut_fields(common, fit)
        self._outcome, further = _cut_fields(OUTCOME_COLUMNS, fit)
        self._no_outcome = ("",) * len(further)
        places = [*_PLAIN, *at_hand, *further]
        self._in_order = itemgetter(*(places.index(c.field if c.field in _PLAIN else c) for c in COLUMNS))

    def cells(self, row: TableRow) -> tuple[str, ...]:
        """Return the cells of an entry, one for each of COLUMNS."""
        extra = self._outcome(row) if row.type == EntryType.OUTCOME else self._no_outcome
        cells: tuple[str, ...] = self._in_order(row[:6] + self._common(row) + extra)
        return cells


def _cut_fields(
    columns: Iterable[TableColumn], fit: Fit
) -> tuple[Callable[[TableRow], tuple[str, ...]], list[TableColumn]]:
    """Return a function that reads the JSON columns among `columns` from a row, and these columns in its order."""
    by_field = {field: [column for column in columns if column.field == field] for field in _JSON}
    cut = {field: partial(_cut, [column.read for column in by_field[field]], fit) for field in _JSON}
    refs, facts, who, work = (lru_cache(SHARED_VALUES)(cut[field]) for field in _JSON[:-1])
    text = cut["text"]

    def cells(row: TableRow) -> tuple[str, ...]:
        return refs(row.refs) + facts(row.facts) + who(row.who) + work(row.work) + text(row.text)

    return cells, [column for columns_of in by_field.values() for column in columns_of]


def _cut(reads: list[ReadCell], fit: Fit, stored: str | None) -> tuple[str, ...]:
    """Return the cells of one field: "(erased)" where it was erased, "" where there never was anything."""
    if not stored:
        return ("" if stored is None else ERASED,) * len(reads)
    held = _decode(stored)
    return tuple([fit(read(held)) for read in reads])


def csv_blocks(rows: Iterable[TableRow]) -> Iterator[tuple[int, bytes]]:
    """Yield a CSV block by block, each with the number of entries in it.

    UTF-8 with a byte order mark, commas, CRLF, every cell in quotes and none of them a formula. The last columns
    lead to the entry in the log, which proves what the table says.
    """
    cutter = Cutter(quoted)
    yield 0, "\ufeff".encode() + csv_line(HEADERS)
    block: list[str] = []
    for row in rows:
        block.append(line_of(cutter.cells(row)))
        if len(block) == LINES_TO_A_BLOCK:
            yield len(block), "".join(block).encode()
            block.clear()
    yield len(block), "".join(block).encode()
