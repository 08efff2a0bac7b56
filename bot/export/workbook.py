"""Write the log as a spreadsheet (XLSX): every cell is text, so nothing is computed, linked or rounded."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]  # it ships no types

from domain.errors import DomainError
from domain.export.columns import cell
from domain.export.tables import HEADERS, Cutter, TableRow

ROWS_LIMIT = 1_048_576
CELL_LIMIT = 32_767
"""Excel's own limits; see "Excel specifications and limits" in its help."""

TOO_LONG = " … (cut: Excel's cells end here; the csv, jsonl, html and proof exports have all of it)"
ROWS_PER_BLOCK = 500
_WIDTHS = {
    "Time (UTC)": 24, "Piece": 28, "Person": 20, "Person's Discord id": 22, "What AI did": 34, "Tools": 24, "Link": 40,
    "Reason": 60, "Question": 14, "About entry": 18, "Details": 30, "Full hash": 20,
}  # fmt: skip
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def write_workbook(file: IO[bytes], rows: Iterable[TableRow], count: int, made_at: datetime) -> Iterator[int]:
    """Write `count` rows to `file` one by one, and yield how many each block had.

    Raises:
        DomainError: decision_log.too_many_rows, before anything is written.
    """
    if count >= ROWS_LIMIT:
        raise DomainError("decision_log.too_many_rows", shown=count, limit=ROWS_LIMIT - 1)
    return _write(file, rows, count, made_at)


def _write(file: IO[bytes], rows: Iterable[TableRow], count: int, made_at: datetime) -> Iterator[int]:
    with tempfile.TemporaryDirectory() as folder:  # xlsxwriter leaves temporary files behind when it is stopped
        yield from _fill(xlsxwriter.Workbook(file, _OPTIONS | {"tmpdir": folder}), rows, count, made_at)


def _fill(book: xlsxwriter.Workbook, rows: Iterable[TableRow], count: int, made_at: datetime) -> Iterator[int]:
    book.set_properties({"title": "Decision log", "created": made_at.replace(tzinfo=None)})
    sheet = book.add_worksheet("Decision log")
    _lay_out(book, sheet, count)
    cutter = Cutter(fit_to_cell)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(cutter.cells(row)):
            sheet.write_string(number, column, text)
        if number % ROWS_PER_BLOCK == 0:
            yield ROWS_PER_BLOCK
    book.close()
    yield count % ROWS_PER_BLOCK


def fit_to_cell(text: str) -> str:
    """Make `text` fit for a cell: never a formula, and cut with a note if it is too long."""
    text = cell(text)
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - len(TOO_LONG)] + TOO_LONG


def _lay_out(book: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet, count: int) -> None:
    """Freeze the header, add filters, set usual widths, and turn off the warnings about numbers stored as text."""
    heading = book.add_format({"bold": True, "bg_color": "#E8B23A", "border": 0, "valign": "top"})
    for column, header in enumerate(HEADERS):
        sheet.set_column(column, column, _WIDTHS.get(header, 14))
        sheet.write_string(0, column, header, heading)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, count, len(HEADERS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(HEADERS) - 1)}{count + 1}"})
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
