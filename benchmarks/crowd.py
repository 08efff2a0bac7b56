"""A crowd that votes through the bot's own storage: many at once, or one by one on a single thread."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from bot.host.run import run_async
from db.engine import opening
from db.engine.database import Database
from db.engine.writer import Unit
from db.polls.store import PollStore
from domain.people import Act, Actor
from domain.polls.poll import Choice, PollDraft

Result = TypeVar("Result")

GUILD, CHANNEL, DEPARTMENT = 10**17, 10**17 + 1, 10**17 + 2
FIRST_ID = 10**18
START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def act(n: int) -> Act:
    """Return the press of voter `n`."""
    return Act(FIRST_ID + n, START + timedelta(milliseconds=n), Actor(FIRST_ID + n, "Voter", frozenset({DEPARTMENT})))


def vote(store: PollStore, n: int) -> Coroutine[Any, Any, object]:
    """Make voter `n` vote for execution."""
    return store.vote(GUILD, 1, act(n), Choice.EXECUTION)


@asynccontextmanager
async def open_store(folder: Path) -> AsyncIterator[PollStore]:
    """Open a new database with one open poll."""
    async with await Database.open(folder / "circle-take.sqlite3") as database:
        store = PollStore(database)
        draft = PollDraft("Rotoscope the crowd", "", START + timedelta(days=1), 3, owner_role_id=DEPARTMENT)
        await store.open(GUILD, Act(1, START, Actor(1, "Opener")), CHANNEL, draft)
        yield store


async def at_once(store: PollStore, voters: range, tasks: int) -> list[float]:
    """Let `voters` vote, `tasks` of them in flight at any time, and return the seconds that each waited."""
    waited: list[float] = []
    waiting = iter(voters)

    async def take_turns() -> None:
        for n in waiting:
            before = perf_counter()
            await vote(store, n)
            waited.append(perf_counter() - before)

    await asyncio.gather(*(take_turns() for _ in range(tasks)))
    return waited


class OneThread(Database):
    """A database that runs each unit of work on the caller's thread: no queue, no other thread, no savepoint."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = opening.connect(path)

    async def write(self, unit: Unit[Result]) -> Result:
        """Run `unit` on the caller's thread and commit nothing."""
        return unit(self.connection)


@contextmanager
def one_thread(folder: Path) -> Iterator[OneThread]:
    """Open the same new database with the same settings for use without asyncio."""

    async def prepare() -> Path:
        async with open_store(folder):
            return folder / "circle-take.sqlite3"

    database = OneThread(run_async(prepare()))
    with closing(database.connection):
        yield database


def finish(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that waits for nothing.

    Raises:
        RuntimeError: it does wait.
    """
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("the coroutine waits for an event loop")


def in_batches(database: OneThread, voters: range, batch: int) -> list[float]:
    """Let `voters` vote one by one, `batch` to a commit, and return the seconds that each batch took."""
    store = PollStore(database)
    took: list[float] = []
    for first in range(voters.start, voters.stop, batch):
        before = perf_counter()
        database.connection.execute("BEGIN IMMEDIATE")
        for n in range(first, min(first + batch, voters.stop)):
            finish(vote(store, n))
        database.connection.execute("COMMIT")
        took.append(perf_counter() - before)
    return took
