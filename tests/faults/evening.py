"""An evening on set: people vote and sign, on a disk that remembers or fails."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from db.engine import opening
from db.engine.database import Database
from db.engine.errors import StorageError
from db.engine.writer import Unit, Writer
from db.export.log_reader import LogReader, read_log
from db.polls.store import PollStore
from db.signoffs.store import SignoffStore
from domain.people import Actor
from domain.polls.poll import Choice, PollDraft
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import DIRECTOR, EDITOR, GUILD, NOON, act, request

from .disk import Disk

CREW = [Actor(1000 + number, f"Extra {number}") for number in range(60)]


class OnDisk:
    """A database whose writer works on a disk that remembers; its one connection reads as well."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._writer = Writer(connect)
        self._writer.start()

    async def write(self, unit: Unit[Any]) -> Any:
        """Run a unit of work, as `Database.write` does."""
        return await self._writer.run(unit)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator["OnDisk"]:
        """Reads, as `Database.snapshot` gives them; another connection would not see this disk."""
        yield self

    async def all(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        """Every row of a query."""
        return await self._writer.run(lambda connection: connection.execute(sql, parameters).fetchall())

    def close(self) -> None:
        """End the writer."""
        self._writer.close()


async def evening(disk: Disk, path: Path, *pragmas: str) -> None:
    """Seventy people vote, alone and together, and cuts are signed. Nobody is told of what was not saved."""
    opened = OnDisk(lambda: disk.connect(path, *pragmas))
    database = cast("Database", opened)
    polls, signoffs = PollStore(database), SignoffStore(database)
    draft = PollDraft.of(
        task="Rotoscope the lamp", details="", opens_at=NOON, closes_at=NOON + timedelta(days=30), quorum=3
    )
    poll = await polls.open(GUILD, act(EDITOR), 5, draft)

    async def vote(actor: Actor, choice: Choice) -> None:
        press = act(actor)
        with contextlib.suppress(StorageError):  # they were told that it was not saved, or may not have been
            await polls.vote(GUILD, poll.poll_id, press, choice)
            disk.tell(press.interaction_id)

    async def sign(cut: int) -> None:
        with contextlib.suppress(StorageError):
            asked = await signoffs.open(GUILD, act(EDITOR), request(cut=cut))
            press = act(DIRECTOR)
            await signoffs.answer(GUILD, asked.entry.seq, press, SignoffVerdict.SIGNED)
            disk.tell(press.interaction_id)

    for group in range(0, len(CREW), 6):
        await asyncio.gather(*(vote(actor, Choice.EXECUTION) for actor in CREW[group : group + 6]), sign(group + 1))
        await vote(Actor(2000 + group, "Late"), Choice.JUDGMENT)
    opened.close()


def recorded(path: Path) -> set[int]:
    """The presses of which the file knows, once SQLite has recovered it; the file and its log are whole."""
    opening.inspect(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        votes = connection.execute("SELECT interaction_id FROM poll_event").fetchall()
        decisions = connection.execute("SELECT interaction_id FROM decision_entry").fetchall()
    report = read_log(path, GUILD, LogReader.verify)
    assert report.fault is None
    return {number for (number,) in votes + decisions}
