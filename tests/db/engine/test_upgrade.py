"""A database of an older version is copied before it is brought up to date."""

import contextlib
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.engine import opening
from db.engine.errors import UnusableDatabase
from db.engine.locks import occupied, occupied_to_upgrade
from db.migrations import LATEST, MIGRATIONS

OLD = LATEST - 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a database as the previous version wrote it, with one row in it."""
    path = tmp_path / "circle-take.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id={opening.APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode=WAL")
        for number in range(1, OLD + 1):
            connection.executescript(MIGRATIONS[number].read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA user_version={OLD}")
        connection.execute("INSERT INTO app_state (name, value) VALUES ('kept', 'yes')")
    return path


def state(path: Path) -> tuple[int, str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        return version, connection.execute("SELECT value FROM app_state WHERE name = 'kept'").fetchone()[0]


def test_the_copy_is_what_the_version_before_can_read(path: Path) -> None:
    opening.prepare(path)
    assert state(path) == (LATEST, "yes")
    assert state(path.with_name(f"{path.name}.schema-{OLD}")) == (OLD, "yes")


def test_upgrading_again_after_going_back_makes_a_new_copy(path: Path) -> None:
    kept = path.with_name(f"{path.name}.schema-{OLD}")
    opening.prepare(path)
    shutil.copy(kept, path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE app_state SET value = 'since then' WHERE name = 'kept'")
    opening.prepare(path)
    assert state(kept) == (OLD, "since then")


def test_a_migration_that_fails_says_how_to_go_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = path.with_name("bad.sql")
    bad.write_text("CREATE TABLE app_state (name TEXT) STRICT;", encoding="utf-8")
    monkeypatch.setitem(MIGRATIONS, LATEST, bad)
    with pytest.raises(UnusableDatabase, match=rf"Put {path.name}\.schema-{OLD} in its place"):
        opening.prepare(path)
    assert state(path) == state(path.with_name(f"{path.name}.schema-{OLD}")) == (OLD, "yes")


def test_an_old_file_that_a_bot_has_is_not_upgraded_under_it(path: Path) -> None:
    with (
        occupied(path),
        pytest.raises(UnusableDatabase, match="in use by another bot"),
        occupied_to_upgrade(path),
    ):
        pass
    with occupied_to_upgrade(path):
        opening.prepare(path)
    with occupied(path), occupied_to_upgrade(path):
        pass


def test_without_room_for_the_copy_nothing_is_migrated(path: Path) -> None:
    blocked = path.with_name(f".{path.name}.schema-{OLD}.part")
    blocked.mkdir()
    with pytest.raises(UnusableDatabase, match="nothing was changed"):
        opening.prepare(path)
    assert state(path) == (OLD, "yes")


def test_a_new_database_and_one_up_to_date_leave_no_copies(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    opening.prepare(path)
    opening.prepare(path)
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_programs_that_bring_a_database_up_to_date_at_the_same_moment_do_not_meet(path: Path) -> None:
    with ThreadPoolExecutor(4) as programs:
        assert list(programs.map(opening.prepare, [path] * 4)) == [None] * 4
    assert state(path)[0] == LATEST
    assert state(path.with_name(f"{path.name}.schema-{OLD}"))[0] == OLD
