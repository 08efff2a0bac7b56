"""The bot in simcord's Discord, with the made-up crew and a clock that runs as clocks do."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from simcord import Env, SetupError

from bot.client import CircleTake, Sharding
from db.database import Database
from sandbox.crew import Production

TICK = 1.0
"""Seconds between two looks at the real clock."""


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Production]:
    """The production with the bot in it, on a database that goes when the block ends."""
    with tempfile.TemporaryDirectory(prefix="circle-take-") as folder:
        async with await Database.open(Path(folder) / "sandbox.sqlite3") as database:
            bot = CircleTake(database, sharding=Sharding(1))
            env = Env(bot, settle_timeout=4.0)
            # simcord's clock begins on 1 January 2026; a crew expects today
            env.backend.clock.advance((datetime.now(UTC) - env.now()).total_seconds())
            production = Production.create(env)
            await env.start()
            try:
                yield production
            finally:
                await env.shutdown()
                await bot.close()


async def keep_time(env: Env, then: "asyncio.Queue[None] | None" = None) -> None:
    """Move simcord's virtual clock with the real one, for ever, so that deadlines pass.

    Args:
        env: the simulation.
        then: told after a tick in which the bot did something by itself.
    """
    behind, last, seen = 0.0, time.perf_counter(), len(env.http_requests)
    while True:
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        behind, last = behind + now - last, now
        try:
            await env.advance_time(behind)
        except SetupError:
            continue  # somebody is acting on the page this moment; the next tick makes up for it
        behind = 0.0
        if then is not None and len(env.http_requests) != seen:
            then.put_nowait(None)
        seen = len(env.http_requests)
