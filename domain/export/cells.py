"""Cells of a table for people: columns, and text that no spreadsheet runs."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

Read: TypeAlias = Callable[[Any], str]

ERASED = "(erased)"
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class TableColumn(NamedTuple):
    """A column: its header, the field of a `TableRow` it shows, and how that reads if the field is JSON."""

    header: str
    field: str
    read: Read = str


def cell(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: a leading ' where it would start a formula (OWASP)."""
    return "'" + text if text.startswith(_FORMULA) else text


def quoted(text: str) -> str:
    """Return the inside of a quoted cell of CSV."""
    return cell(text).replace('"', '""') if text else text


def line_of(quoted_cells: Iterable[str]) -> str:
    """Return a line of CSV of cells that went through `quoted`."""
    return '"' + '","'.join(quoted_cells) + '"\r\n'


def csv_line(cells: Iterable[str]) -> bytes:
    """Return a line of CSV: every cell in quotes and none of them a formula."""
    return line_of(map(quoted, cells)).encode()
