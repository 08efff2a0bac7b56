"""The spreadsheet as Excel reads it."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.export.workbook import CELL_LIMIT, ROWS_LIMIT, TOO_LONG, fit_to_cell, write_workbook
from domain.errors import DomainError
from domain.export.columns import cell
from domain.export.tables import COLUMNS, HEADERS, TableRow
from domain.signoffs.choices import SignoffVerdict
from tests.domain.proof.logs import BEN, Log, table, working_day

MADE_AT = datetime(2026, 11, 20, tzinfo=UTC)


def sheet_of(rows: list[TableRow]) -> Worksheet:
    file = io.BytesIO()
    assert sum(write_workbook(file, rows, len(rows), MADE_AT)) == len(rows)
    sheet = openpyxl.load_workbook(file).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_it_has_a_frozen_header_filters_and_a_row_for_every_entry() -> None:
    log = working_day()
    sheet = sheet_of(list(table(log.entries)))
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == HEADERS
    assert len(rows) == 9
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(COLUMNS))}9"
    assert rows[3][HEADERS.index("Person")] == "Ben"
    assert rows[3][HEADERS.index("Person's Discord id")] == "u102"
    assert rows[3][HEADERS.index("Full hash")] == log.entries[2].hash
    assert sheet.column_dimensions["N"].width > 40


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z"]), max_size=60), max_size=5))
def test_whatever_people_type_is_text_and_nothing_runs(texts: list[str]) -> None:
    log = Log()
    asked = log.open()
    for text in ["=1+1", "https://example.org", "12345678901234567890", "{=SUM(A1)}", "1e5", "TRUE", *texts]:
        log.decide(asked, BEN, list(SignoffVerdict)[len(log.entries) % 3], text)
    sheet = sheet_of(list(table(log.entries)))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    place = HEADERS.index("Reason")
    reasons = [row[place] or "" for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert reasons == [cell(entry.reason) for entry in log.entries[1:]]


def test_more_rows_than_a_sheet_takes_are_refused_before_anything_is_written() -> None:
    file = io.BytesIO()
    with pytest.raises(DomainError) as refused:
        write_workbook(file, [], ROWS_LIMIT, MADE_AT)
    assert refused.value.key == "decision_log.too_many_rows"
    assert file.getvalue() == b""


def test_a_cell_too_long_for_excel_is_cut_with_a_note() -> None:
    assert fit_to_cell("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    cut = fit_to_cell("x" * (CELL_LIMIT + 1))
    assert len(cut) == CELL_LIMIT
    assert cut.endswith(TOO_LONG)
