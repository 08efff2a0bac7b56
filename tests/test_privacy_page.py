"""The privacy page says what the database keeps: no table and no column that names people may be missing from it."""

import contextlib
import re
from pathlib import Path

import pytest

from db.engine import opening
from db.my_data import columns as personal

PAGE = (Path(__file__).parents[1] / "docs" / "privacy.md").read_text(encoding="utf-8")
ALL_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def rows() -> dict[str, str]:
    """The rows of the page's table, by each table that they name first."""
    found: dict[str, str] = {}
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            found |= dict.fromkeys(re.findall(r"`(\w+)`", line.split("|")[1]), line)
    return found


def test_every_table_has_its_row_and_no_row_is_about_a_table_that_is_gone(tmp_path: Path) -> None:
    opening.prepare(tmp_path / "db")
    with contextlib.closing(opening.connect(tmp_path / "db")) as connection:
        kept = {name for (name,) in connection.execute(ALL_TABLES)}
    assert set(rows()) == kept


@pytest.mark.parametrize("column", personal.COLUMNS, ids=lambda column: f"{column.table}.{column.column}")
def test_every_column_that_names_people_stands_in_the_row_of_its_table(column: personal.PersonalColumn) -> None:
    assert f"`{column.column}`" in rows()[column.table]


def test_every_row_says_what_why_and_for_how_long() -> None:
    assert all(len([cell for cell in line.split("|")[1:-1] if cell.strip()]) == 4 for line in rows().values())
