"""Only the bot's user may read its files, and copies are no more open than the database."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import BackupPlan
from bot.host.backups import make_copy
from db.engine import opening
from db.engine.database import Database, copy
from db.migrations import MIGRATIONS
from tests.db.rows import put

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these permissions are POSIX's")


@pytest.fixture(autouse=True)
def _careless_umask() -> Iterator[None]:
    """Set a umask that forbids nothing, as a careless host may."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return path.stat().st_mode & 0o777


def modes(folder: Path) -> dict[str, int]:
    """Return the permissions of every file in a folder."""
    return {file.name: mode(file) for file in folder.iterdir()}


async def test_a_new_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    async with await Database.open(path) as database:
        await database.write(put("something"))
        assert modes(tmp_path) == {
            "circle-take.sqlite3": 0o600,
            "circle-take.sqlite3-wal": 0o600,
            "circle-take.sqlite3-shm": 0o600,
        }


@pytest.mark.parametrize("permissions", [0o600, 0o640])
def test_a_copy_is_for_those_who_may_read_the_database(tmp_path: Path, permissions: int) -> None:
    path = tmp_path / "circle-take.sqlite3"
    opening.prepare(path)
    path.chmod(permissions)
    copy(path, tmp_path / "copy.sqlite3")
    assert mode(tmp_path / "copy.sqlite3") == permissions
    assert mode(make_copy(path, BackupPlan(tmp_path), datetime.now(UTC))) == permissions


def test_the_copy_that_is_made_before_an_upgrade_is_no_more_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "circle-take.sqlite3"
    opening.prepare(path)
    older = len(MIGRATIONS) - 1
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={older}")
    monkeypatch.setattr(opening, "apply_migrations", lambda _connection: None)
    opening.prepare(path)
    assert mode(tmp_path / f"circle-take.sqlite3.schema-{older}") == 0o600


def test_a_file_that_somebody_planted_where_a_copy_is_made_is_not_written_to(tmp_path: Path) -> None:
    path, planted, elsewhere = tmp_path / "circle-take.sqlite3", tmp_path / ".copy.part", tmp_path / "elsewhere"
    opening.prepare(path)
    elsewhere.write_bytes(b"")
    planted.symlink_to(elsewhere)
    copy(path, tmp_path / "copy")
    assert elsewhere.read_bytes() == b""
    assert opening.inspect(tmp_path / "copy") == opening.inspect(path)
