"""The usual way to vote from asyncio, as a floor: every statement is awaited, every vote has its own commit."""

import asyncio
from pathlib import Path
from time import perf_counter

import aiosqlite

from benchmarks.crowd import GUILD, act, open_store
from db.engine import opening
from db.polls import rows as poll_rows
from domain.polls.poll import Choice
from domain.times import to_text


async def await_each(folder: Path, voters: range, tasks: int) -> float:
    """Return the seconds for `voters` to vote, with `tasks` of them waiting for the one connection at any time."""
    async with open_store(folder):
        pass
    async with aiosqlite.connect(opening.uri(folder / "circle-take.sqlite3"), uri=True, isolation_level=None) as shared:
        await shared.execute("PRAGMA synchronous=FULL")
        lock, waiting = asyncio.Lock(), iter(voters)

        async def take_turns() -> None:
            for n in waiting:
                async with lock:
                    await _vote(shared, n)

        before = perf_counter()
        await asyncio.gather(*(take_turns() for _ in range(tasks)))
        return perf_counter() - before


async def _vote(connection: aiosqlite.Connection, n: int) -> None:
    """Run the statements of `PollStore.vote`, one by one."""
    pressed, key = act(n), (GUILD, 1)
    voter, at, choice = str(pressed.actor.id), to_text(pressed.at), Choice.EXECUTION.value
    await connection.execute("BEGIN IMMEDIATE")
    (found,) = await connection.execute_fetchall(poll_rows.POLL, (pressed.interaction_id, *key))
    poll = poll_rows.PollRow._make(found)
    others = (poll.judgment, poll.abstain, poll.own_execution, poll.own_judgment, poll.own_abstain)
    await connection.execute_fetchall(poll_rows.VOTE, (*key, voter))
    number = poll.events + 1
    event = poll_rows.EventRow(
        *key, number, pressed.interaction_id, at, "cast", voter, choice, 1, None, closes_before=None, closes_after=None
    )
    await connection.execute(poll_rows.ADD_EVENT, event)
    await connection.execute(poll_rows.COUNT, (number, poll.execution + 1, *others, *key))
    await connection.execute(poll_rows.PUT_VOTE, (*key, voter, choice, None, 1, at))
    await connection.commit()
