"""A clock that sleeps until the next thing is due. The database has what is due, so a restart loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import discord

from bot.errors import in_background

LONGEST_SLEEP = 3600.0
"""Seconds: after a suspended laptop or a changed system clock, the bot catches up within the hour."""

RETRY_AFTER = 60.0
"""Seconds until the next try after a failed turn."""


class Clock:
    """Takes a turn when woken, then whenever the next thing is due.

    Args:
        turn: does what is due at the given time and returns when the next thing is due; None if nothing is.
        what: what it does, for the log.
    """

    def __init__(self, turn: Callable[[datetime], Awaitable[datetime | None]], what: str) -> None:
        self._turn = turn
        self._what = what
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    def wake(self) -> asyncio.Task[None]:
        """Do what is due now, then sleep until the next thing; return the task that does it.

        Call it at start and when something new is due.
        """
        self.stop()
        self._task = asyncio.get_running_loop().create_task(self._take_turn(), name=self._what)
        return self._task

    def wake_in(self, seconds: float) -> None:
        """Take the next turn in so many seconds."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.wake)

    def stop(self) -> None:
        """Stop the timer."""
        if self._timer is not None:
            self._timer.cancel()

    async def _take_turn(self) -> None:
        delay: float | None = RETRY_AFTER
        try:
            async with self._lock:  # two turns at the same time could do the same thing twice
                delay = _seconds_until(await self._turn(discord.utils.utcnow()))
        except Exception as error:  # noqa: BLE001 - the clock must go on
            in_background(error, self._what)
        if delay is not None:  # else a timer that `wake_in` set during the turn stays
            self.wake_in(delay)


def _seconds_until(at: datetime | None) -> float | None:
    if at is None:
        return None
    return min(LONGEST_SLEEP, max(0.0, (at - discord.utils.utcnow()).total_seconds()))
