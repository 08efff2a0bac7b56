import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from db.engine import opening
from db.engine.database import READERS, Database, Snapshot, copy
from db.engine.errors import StorageClosed, UnusableDatabase
from db.migrations import LATEST
from tests.db.rows import files, names, put
from tests.fair_clock import FairClock

COUNT = "SELECT COUNT(*) FROM app_state"


def put_pair(n: int) -> Callable[[sqlite3.Connection], None]:
    def unit(connection: sqlite3.Connection) -> None:
        put(f"left {n}")(connection)
        put(f"right {n}")(connection)

    return unit


async def count(snapshot: Snapshot) -> int:
    row = await snapshot.one(COUNT)
    assert row is not None
    return int(row[0])


async def write_until(database: Database, done: asyncio.Event) -> int:
    """Write pairs of rows without a pause; return how many pairs."""
    n = 0
    while not done.is_set():
        await database.write(put_pair(n))
        n += 1
    return n


async def test_a_snapshot_sees_one_state_however_many_statements_it_runs(database: Database) -> None:
    async with database.snapshot() as snapshot:
        assert await count(snapshot) == 0
        await database.write(put("a"))
        assert await count(snapshot) == 0
        assert await snapshot.one("SELECT value FROM app_state WHERE name = ?", ("a",)) is None
    async with database.snapshot() as snapshot:
        assert await count(snapshot) == 1


async def test_a_snapshot_cannot_write(database: Database) -> None:
    async with database.snapshot() as snapshot:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await snapshot.all("DELETE FROM app_state")


async def test_more_readers_than_there_are_take_turns(database: Database) -> None:
    most = inside = 0
    together = asyncio.Event()

    async def read() -> int:
        nonlocal most, inside
        async with database.snapshot() as snapshot:
            inside += 1
            most = max(most, inside)
            if inside == READERS:
                together.set()
            await together.wait()
            found = await count(snapshot)
            inside -= 1
        return found

    assert await asyncio.gather(*(read() for _ in range(30))) == [0] * 30
    assert most == READERS


@pytest.mark.parametrize("ticks", range(6))
async def test_a_cancelled_snapshot_gives_its_reader_back(database: Database, ticks: int) -> None:
    async def read() -> None:
        async with database.snapshot() as snapshot:
            await count(snapshot)
            await count(snapshot)

    for twice in (False, True):
        for _ in range(3 * READERS):
            task = asyncio.create_task(read())
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            if twice:
                await asyncio.sleep(0)
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    await database.write(put("a"))
    async with database.snapshot() as one, database.snapshot() as two:
        assert [await count(one), await count(two)] == [1, 1]


async def test_a_failure_inside_a_snapshot_gives_its_reader_back(database: Database) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(sqlite3.OperationalError):
            async with database.snapshot() as snapshot:
                await snapshot.all("not SQL")
    async with database.snapshot() as snapshot:
        assert await count(snapshot) == 0


async def test_a_backup_taken_while_writing_goes_on_is_consistent(database: Database, tmp_path: Path) -> None:
    done = asyncio.Event()
    writing = asyncio.create_task(write_until(database, done))
    folder = tmp_path / "backups"
    folder.mkdir()
    for n in range(5):
        await database.backup(folder / f"{n}.sqlite3")
    done.set()
    written = await writing
    assert files(folder) == [f"{n}.sqlite3" for n in range(5)]
    for n in range(5):
        assert opening.inspect(folder / f"{n}.sqlite3") == LATEST
        kept = names(folder / f"{n}.sqlite3")
        left = {name.removeprefix("left ") for name in kept if name.startswith("left")}
        assert left == {name.removeprefix("right ") for name in kept if name.startswith("right")}
        assert left == {str(pair) for pair in range(len(left))}
        assert len(left) <= written


async def test_a_backup_opens_as_a_database_of_ours_with_all_that_was_acknowledged(
    database: Database, tmp_path: Path
) -> None:
    await database.write(put("a"))
    await database.backup(tmp_path / "copy.sqlite3")
    async with await Database.open(tmp_path / "copy.sqlite3") as copied:
        await copied.write(put("b"))
    assert names(tmp_path / "copy.sqlite3") == {"a", "b"}
    assert names(database.path) == {"a"}


async def test_a_backup_never_overwrites(database: Database, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    with pytest.raises(FileExistsError, match="nothing was written"):
        await database.backup(target)
    with pytest.raises(FileExistsError):
        await database.backup(database.path)
    assert target.read_bytes() == b"precious"
    assert files(tmp_path) == sorted(
        [database.path.name, f"{database.path.name}-shm", f"{database.path.name}-wal", "precious"]
    )


def test_only_a_database_of_ours_is_copied(tmp_path: Path) -> None:
    source, target = tmp_path / "notes.txt", tmp_path / "copy"
    source.write_text("Shot list")
    with pytest.raises(UnusableDatabase):
        copy(source, target)
    assert files(tmp_path) == ["notes.txt"]


async def test_closing_saves_what_was_asked_before_and_refuses_what_comes_after(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    database = await Database.open(path)
    writes = [asyncio.create_task(database.write(put(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    await database.close()
    assert set(await asyncio.gather(*writes)) == names(path)
    assert files(tmp_path) == [path.name]
    with pytest.raises(StorageClosed):
        await database.write(put("late"))
    with pytest.raises(StorageClosed):
        async with database.snapshot():
            pass


async def test_closing_lets_snapshots_finish_and_those_that_wait_for_a_reader(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "circle-take.sqlite3")

    async def read() -> int:
        async with database.snapshot() as snapshot:
            await count(snapshot)
            return await count(snapshot)

    reading = [asyncio.create_task(read()) for _ in range(3 * READERS)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*reading) == [0] * len(reading)


async def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "circle-take.sqlite3"
    for name in "ab":
        async with await Database.open(path) as database:
            await database.write(put(name))
    assert names(path) == {"a", "b"}


async def test_of_two_copies_to_the_same_place_one_is_made_whole_and_the_other_refused(
    database: Database, tmp_path: Path
) -> None:
    for number in range(20):
        await database.write(put_pair(number))
        target = tmp_path / f"copy {number}"
        made = await asyncio.gather(*(database.backup(target) for _ in range(3)), return_exceptions=True)
        assert [type(one) for one in made if one] == [FileExistsError] * 2
        assert opening.inspect(target) == LATEST
    assert not [file for file in files(tmp_path) if file.endswith(".part")]


async def test_a_copy_leaves_the_file_in_the_hands_of_whoever_has_it_open(database: Database, tmp_path: Path) -> None:
    await database.write(put_pair(0))
    await database.backup(tmp_path / "copy")
    look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM app_state').fetchall()"
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", look, database.path)
    assert await program.wait() == 0
    await database.write(put_pair(1))
    shutil.copytree(tmp_path, tmp_path.with_name("after a kill"), ignore=shutil.ignore_patterns("*-shm"))
    assert {"left 0", "left 1"} <= names(tmp_path.with_name("after a kill") / database.path.name)


async def test_shredding_beside_a_long_read_keeps_nobody_from_writing(database: Database) -> None:
    await database.write(put("before"))
    async with database.snapshot() as snapshot:
        assert await count(snapshot) == 1
        await database.write(put("erased"))
        shredding = asyncio.create_task(database.shred())
        slowest, clock = 0.0, FairClock()
        for n in range(20):
            began = clock()
            await database.write(put(f"meanwhile {n}"))
            slowest = max(slowest, clock() - began)
            await asyncio.sleep(0.02)
    assert slowest < 1.0
    await shredding
    assert await database.shred()
