import asyncio
import logging
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.engine import opening
from db.engine.errors import NotSaved, OutcomeUnknown, StorageClosed
from db.engine.writer import BATCH_LIMIT, Unit, Writer
from domain.errors import DomainError
from tests.db.rows import Gate, break_the_commit, files, names, put, put_then_raise

HOUSE = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "busy_timeout": 5000,
}
NO_LIMIT = 2**30


def start(path: Path) -> Writer:
    opening.prepare(path)
    writer = Writer(lambda: opening.connect(path))
    writer.start()
    return writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "circle-take.sqlite3"


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    running = start(path)
    yield running
    await asyncio.to_thread(running.close)


async def queue(writer: Writer, *units: Unit[str]) -> list[asyncio.Task[str]]:
    """Hand units over in order without waiting for their outcome."""
    tasks = [asyncio.create_task(writer.run(unit)) for unit in units]
    await asyncio.sleep(0)
    return tasks


async def together(writer: Writer, units: Sequence[Unit[str]]) -> list[str | BaseException]:
    """The outcomes of units that share one commit: they are queued while the writer is busy with another."""
    gate = Gate()
    await queue(writer, gate)
    await gate.reach()
    tasks = await queue(writer, *units)
    gate.opened.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


FAILURES = (
    None,
    DomainError("polls.closed"),
    ValueError("a mistake"),
    StopIteration(),
    sqlite3.IntegrityError("twice"),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(FAILURES), max_size=12))
def test_a_failing_unit_takes_no_other_of_its_batch_with_it(failures: list[Exception | None]) -> None:
    units = [put_then_raise(str(n), error) if error else put(str(n)) for n, error in enumerate(failures)]

    async def play(path: Path) -> list[str | BaseException]:
        writer = start(path)
        outcomes = await together(writer, units)
        await asyncio.to_thread(writer.close)
        return outcomes

    with tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(play(Path(folder, "db")))
        kept = names(Path(folder, "db"))
    for n, (error, outcome) in enumerate(zip(failures, outcomes, strict=True)):
        if error is None:
            assert outcome == str(n)
        else:
            assert outcome is error or (isinstance(error, StopIteration) and isinstance(outcome, RuntimeError))
    assert kept == {str(n) for n, error in enumerate(failures) if error is None}


async def test_a_refusal_before_the_first_write_costs_the_others_no_second_run(writer: Writer, path: Path) -> None:
    runs: list[str] = []

    def counted(name: str) -> Unit[str]:
        def unit(connection: sqlite3.Connection) -> str:
            runs.append(name)
            return put(name)(connection)

        return unit

    def refuse(_connection: sqlite3.Connection) -> str:
        raise DomainError("polls.closed")

    outcomes = await together(writer, [counted("a"), refuse, counted("b")])
    assert isinstance(outcomes[1], DomainError)
    assert runs == ["a", "b"]
    outcomes = await together(writer, [counted("c"), put_then_raise("d", ValueError("a mistake")), counted("e")])
    assert isinstance(outcomes[1], ValueError)
    assert runs == ["a", "b", "c", "c", "e"]
    assert names(path) >= {"a", "b", "c", "e"}
    assert "d" not in names(path)


async def test_a_refusal_comes_through_as_it_was_raised_and_undoes_its_writes(writer: Writer, path: Path) -> None:
    with pytest.raises(DomainError) as caught:
        await writer.run(put_then_raise("a", DomainError("polls.closed", poll_id=7)))
    assert (caught.value.key, caught.value.params) == ("polls.closed", {"poll_id": 7})
    assert names(path) == set()


async def test_units_run_in_the_order_they_came_across_batches(writer: Writer) -> None:
    seen: list[int] = []

    def note(n: int) -> Unit[str]:
        def unit(_: sqlite3.Connection) -> str:
            seen.append(n)
            return str(n)

        return unit

    await together(writer, [note(n) for n in range(2 * BATCH_LIMIT + 3)])
    assert seen == list(range(2 * BATCH_LIMIT + 3))


async def test_what_was_acknowledged_is_on_disk(writer: Writer, path: Path) -> None:
    for n in range(5):
        await writer.run(put(str(n)))
        assert str(n) in names(path)


async def test_nobody_hears_of_a_write_before_its_commit(writer: Writer, path: Path) -> None:
    first, second = Gate(), Gate()
    await queue(writer, first)
    await first.reach()
    early, _ = await queue(writer, put("early"), second)
    first.opened.set()
    await second.reach()
    assert writer.waiting == 0
    assert not early.done()
    assert names(path) == set()
    second.opened.set()
    assert await early == "early"
    assert names(path) == {"early"}


@pytest.mark.parametrize("ticks", range(8))
async def test_a_cancelled_caller_tears_nothing(writer: Writer, path: Path, ticks: int) -> None:
    def pair(n: int) -> Unit[str]:
        def unit(connection: sqlite3.Connection) -> str:
            put(f"{n} left")(connection)
            return put(f"{n} right")(connection)

        return unit

    tasks = [asyncio.create_task(writer.run(pair(n))) for n in range(60)]
    for n, task in enumerate(tasks):
        if n % 3 == 0:
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await writer.run(put("afterwards"))
    kept = names(path) - {"afterwards"}
    assert {name.removesuffix("left") for name in kept if "left" in name} == {
        name.removesuffix("right") for name in kept if "right" in name
    }
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} <= kept
    assert sum(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes) <= 20


async def test_a_commit_that_fails_is_unknown_to_everyone_in_it_and_the_next_one_works(
    writer: Writer, path: Path
) -> None:
    refusal = put_then_raise("refused", DomainError("polls.closed"))
    outcomes = await together(writer, [put("a"), break_the_commit, refusal, put("b")])
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown] * 4
    assert names(path) == set()
    assert await writer.run(put("a")) == "a"
    assert names(path) == {"a"}


def fill_the_disk(connection: sqlite3.Connection) -> str:
    """Write past the end of the room there is, all in one statement."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 5}")
    return put("big", "x" * 1_000_000)(connection)


def fill_the_disk_slowly(connection: sqlite3.Connection) -> str:
    """Write past the end of the room there is, in a statement whose first rows fit."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 5}")
    rows = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
    connection.execute(f"{rows} INSERT INTO app_state SELECT 'big ' || i, hex(zeroblob(2000)) FROM n")
    return "filled"


@pytest.mark.parametrize("fill", [fill_the_disk, fill_the_disk_slowly])
async def test_a_full_disk_leaves_no_trace_and_the_next_write_works(
    writer: Writer, path: Path, fill: Unit[str]
) -> None:
    before, full, after = await together(writer, [put("before"), fill, put("after")])
    assert isinstance(full, NotSaved)
    kept = names(path)
    for name, outcome in (("before", before), ("after", after)):
        assert outcome == name if name in kept else isinstance(outcome, NotSaved)
    assert kept <= {"before", "after"}
    await writer.run(lambda connection: connection.execute(f"PRAGMA max_page_count={NO_LIMIT}").fetchone())
    assert await writer.run(put("later")) == "later"


async def test_bad_sql_is_the_units_own_error(writer: Writer) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await writer.run(lambda connection: connection.execute("SELECT 1 FROM nowhere"))


async def test_every_setting_of_the_house_holds_on_the_writing_connection(writer: Writer) -> None:
    def read(connection: sqlite3.Connection) -> dict[str, object]:
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in HOUSE}

    assert await writer.run(read) == HOUSE


async def test_closing_finishes_what_is_queued_and_leaves_no_log_beside_the_file(writer: Writer, path: Path) -> None:
    tasks = await queue(writer, *(put(str(n)) for n in range(BATCH_LIMIT + 10)))
    await asyncio.to_thread(writer.close)
    assert set(await asyncio.gather(*tasks)) == names(path)
    assert files(path.parent) == [path.name]
    await asyncio.to_thread(writer.close)
    with pytest.raises(StorageClosed):
        await writer.run(put("late"))


async def test_work_that_meets_the_closing_is_saved_or_refused_but_never_left_waiting(path: Path) -> None:
    writer = start(path)
    closing = asyncio.create_task(asyncio.to_thread(writer.close))
    outcomes: list[str | BaseException] = []
    while not any(isinstance(outcome, StorageClosed) for outcome in outcomes):
        running = [writer.run(put(f"{len(outcomes)} {n}")) for n in range(20)]
        outcomes += await asyncio.gather(*running, return_exceptions=True)
    await closing
    assert {outcome for outcome in outcomes if isinstance(outcome, str)} == names(path)


def test_a_writer_outlives_an_event_loop(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    writer, gate = start(path), Gate()

    async def leave() -> None:
        await queue(writer, gate)
        await gate.reach()

    asyncio.run(leave())
    with caplog.at_level(logging.WARNING):
        gate.opened.set()
        assert asyncio.run(writer.run(put("a"))) == "a"
    assert "event loop had closed" in caplog.text
    writer.close()


def test_a_file_that_cannot_be_opened_is_told_to_whoever_starts_the_writer(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        Writer(lambda: opening.connect(path)).start()
    assert not path.exists()
