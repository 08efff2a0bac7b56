"""Copies that the running bot makes."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import BackupPlan
from bot.host.backups import Backups, copies, due_at, make_copy
from bot.host.terminal import CommandError
from db.engine.app_state import AppState
from db.engine.database import Database
from db.engine.errors import UnusableDatabase

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def plan(folder: Path, keep: int = 2) -> BackupPlan:
    folder.mkdir(exist_ok=True)
    return BackupPlan(folder, hours=24, keep=keep)


async def test_the_oldest_copies_go_and_nothing_else(database: Database, tmp_path: Path) -> None:
    kept = plan(tmp_path / "copies")
    (kept.folder / "notes.txt").touch()
    for day in range(4):
        await asyncio.to_thread(make_copy, database.path, kept, NOON + timedelta(days=day))
    assert [at for at, _ in copies(database.path, kept.folder)] == [NOON + timedelta(days=2), NOON + timedelta(days=3)]
    assert (kept.folder / "notes.txt").exists()


async def test_several_databases_are_copied_into_one_folder(database: Database, tmp_path: Path) -> None:
    kept, second = plan(tmp_path / "copies", keep=1), tmp_path / "shards-2-3.sqlite3"
    async with await Database.open(second):
        await asyncio.to_thread(make_copy, database.path, kept, NOON)
        assert due_at(second, kept, NOON) < NOON - timedelta(days=365)
        await asyncio.to_thread(make_copy, second, kept, NOON)
    assert [len(copies(path, kept.folder)) for path in (database.path, second)] == [1, 1]


async def test_what_a_killed_process_left_of_a_copy_is_removed(database: Database, tmp_path: Path) -> None:
    kept = plan(tmp_path / "copies")
    left = kept.folder / f".{database.path.stem}-20261120T120000Z.sqlite3.part"
    left.touch()
    made = await asyncio.to_thread(make_copy, database.path, kept, NOON)
    assert list(kept.folder.iterdir()) == [made]


async def test_the_next_copy_is_due_a_day_after_the_newest_whenever_the_bot_started(
    database: Database, tmp_path: Path
) -> None:
    kept = plan(tmp_path / "copies")
    assert due_at(database.path, kept, NOON) < NOON - timedelta(days=365)
    await asyncio.to_thread(make_copy, database.path, kept, NOON)
    assert due_at(database.path, kept, NOON) == NOON + timedelta(days=1)


async def test_copies_dated_a_month_ahead_neither_delay_nor_push_out_the_next(
    database: Database, tmp_path: Path
) -> None:
    kept = plan(tmp_path / "copies")
    for day in (30, 31, 0):
        await asyncio.to_thread(make_copy, database.path, kept, NOON + timedelta(days=day))
    assert [at for at, _ in copies(database.path, kept.folder)] == [NOON, NOON + timedelta(days=31)]
    assert due_at(database.path, kept, NOON + timedelta(hours=1)) == NOON + timedelta(days=1)


async def test_a_copy_that_replaces_the_database_has_all_of_its_content(database: Database, tmp_path: Path) -> None:
    await AppState(database).put("before", "the copy")
    made = await asyncio.to_thread(make_copy, database.path, plan(tmp_path / "copies"), NOON)
    await AppState(database).put("after", "the copy")
    restored = tmp_path / "restored.sqlite3"
    made.rename(restored)
    async with await Database.open(restored) as again:
        assert await AppState(again).get("before") == "the copy"
        assert await AppState(again).get("after") is None


async def test_no_copy_is_removed_when_none_could_be_made(tmp_path: Path) -> None:
    kept = plan(tmp_path / "copies", keep=1)
    old = kept.folder / "circle-take-20261120T120000Z.sqlite3"
    old.touch()
    with pytest.raises(UnusableDatabase):
        await asyncio.to_thread(make_copy, tmp_path / "missing.sqlite3", kept, NOON)
    assert old.exists()


async def test_a_running_bot_copies_at_once_when_there_is_no_copy(database: Database, tmp_path: Path) -> None:
    kept = BackupPlan(tmp_path / "new" / "folder")
    async with Backups(database.path, kept):
        while not copies(database.path, kept.folder):  # noqa: ASYNC110 - the copy is made by a thread, which sets no event
            await asyncio.sleep(0.01)
    assert len(copies(database.path, kept.folder)) == 1


async def test_an_unusable_folder_is_reported_before_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="BACKUP_PATH"):
        async with Backups(tmp_path / "any.sqlite3", BackupPlan(tmp_path / "file" / "copies")):
            pass


async def test_copies_go_on_when_the_folder_was_away_for_a_while(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.host.backups.RETRY", timedelta(seconds=0.01))
    kept = BackupPlan(tmp_path / "copies")
    async with Backups(database.path, kept):
        kept.folder.rmdir()
        while not caplog.records:  # noqa: ASYNC110 - nothing sets an event when a copy fails
            await asyncio.sleep(0.01)
        kept.folder.mkdir()
        while not copies(database.path, kept.folder):  # noqa: ASYNC110 - the copy is made by a thread, which sets no event
            await asyncio.sleep(0.01)
    assert "copying the database failed" in caplog.text


async def test_without_a_plan_nothing_happens(tmp_path: Path) -> None:
    async with Backups(tmp_path / "any.sqlite3", None):
        pass
    assert copies(tmp_path / "take.sqlite3", tmp_path) == []
