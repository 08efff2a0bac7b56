"""The bot in simcord's Discord, with the made-up crew and a clock that follows the real one."""

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from simcord import Env

from bot.client import CircleTake, Sharding
from db.engine.database import Database
from sandbox.crew import Production
from sandbox.simulation import Simulation

NAME = "Circle Take"
log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two looks at the real clock."""


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Production]:
    """Run the bot in the production, on a database that is deleted when the block ends."""
    with tempfile.TemporaryDirectory(prefix="circle-take-") as folder:
        async with await Database.open(Path(folder) / "sandbox.sqlite3") as database:
            bot = CircleTake(database, sharding=Sharding(1))
            env = Simulation(bot)
            env.backend.bot_user.name = NAME
            # simcord's clock starts on 1 January 2026; a crew expects today
            env.backend.clock.advance((datetime.now(UTC) - env.now()).total_seconds())
            production = Production.create(env)
            await env.start()
            # simcord's own handler reports a refusal as a failure; the bot's tells the person and the log
            vars(bot.tree).pop("on_error", None)
            try:
                yield production
            finally:
                await env.shutdown()
                await bot.close()


class SandboxClock:
    """Makes simcord's virtual clock follow the real one, and run ahead on demand, so that deadlines pass.

    Args:
        env: the simulation.
        turn: held while the clock moves, because simcord does one thing at a time.
        then: called within the turn if the bot did something.
    """

    def __init__(self, env: Env, turn: asyncio.Lock, then: Callable[[], Awaitable[None]]) -> None:
        self._env, self._turn, self._then = env, turn, then
        self._ahead = timedelta()
        self._seen = len(env.http_requests)

    async def keep_time(self) -> None:
        """Follow the real clock until cancelled."""
        while True:
            await asyncio.sleep(TICK)
            await self.skip(timedelta())

    async def skip(self, span: timedelta) -> None:
        """Move the clock by `span`, and by the real time that has passed."""
        async with self._turn:
            self._ahead += span
            behind = datetime.now(UTC) + self._ahead - self._env.now()
            try:
                await self._env.advance_time(max(0.0, behind.total_seconds()))
                if len(self._env.http_requests) != self._seen:
                    self._seen = len(self._env.http_requests)
                    await self._then()
            except TimeoutError as error:
                log.warning("the bot was still busy when the clock moved: %s", error)
