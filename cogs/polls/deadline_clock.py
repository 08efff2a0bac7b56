"""Closes polls when they are due. Deadlines live in the database alone; a restart loses none."""

import asyncio
from collections.abc import Awaitable, Callable

import discord

from bot.errors import in_background
from db.polls import PollStore
from domain.polls import Poll

LONGEST_SLEEP = 3600.0
"""Seconds: a laptop that slept, or a clock that was set, is noticed within the hour."""

RETRY_AFTER = 60.0
"""Seconds until the next try when closing failed."""


class DeadlineClock:
    """Sleeps until the next deadline of all polls, closes what is due and says so through `on_closed`."""

    def __init__(self, store: PollStore, on_closed: Callable[[int, Poll], Awaitable[None]]) -> None:
        self._store = store
        self._on_closed = on_closed
        self._timer: asyncio.TimerHandle | None = None
        self._turn: asyncio.Task[None] | None = None

    def wake(self) -> asyncio.Task[None]:
        """Close what is due and sleep anew: at start, and when a poll was opened. The task ends when it is closed."""
        self.stop()
        self._turn = asyncio.get_running_loop().create_task(self._close_due(), name="poll-deadlines")
        return self._turn

    def stop(self) -> None:
        """Sleep no more."""
        if self._timer is not None:
            self._timer.cancel()

    async def _close_due(self) -> None:
        delay = RETRY_AFTER
        try:
            for guild_id, poll in await self._store.close_due(discord.utils.utcnow()):
                await self._tell(guild_id, poll)
            delay = await self._until_next()
        except Exception as error:  # noqa: BLE001 - the clock must go on
            in_background(error, "closing polls that are due")
        self.stop()
        if delay < float("inf"):
            self._timer = asyncio.get_running_loop().call_later(delay, self.wake)

    async def _tell(self, guild_id: int, poll: Poll) -> None:
        try:
            await self._on_closed(guild_id, poll)
        except Exception as error:  # noqa: BLE001 - it is closed; the next ones must be too
            in_background(error, f"announcing the outcome of poll {poll.poll_id}")

    async def _until_next(self) -> float:
        """Seconds until the next deadline; infinite if nothing is open."""
        deadline = await self._store.next_deadline()
        if deadline is None:
            return float("inf")
        return min(LONGEST_SLEEP, max(0.0, (deadline - discord.utils.utcnow()).total_seconds()))
