"""Work that falls due at times which the database alone knows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import discord

from bot.errors import in_background

LONGEST_SLEEP = 3600.0
"""Seconds: a laptop that slept, or a clock that was set, is noticed within the hour."""

RETRY_AFTER = 60.0
"""Seconds until the next try when something failed."""


class Alarm:
    """Rings when woken, and then whenever `ring` has asked for; never twice at once.

    Args:
        ring: does what is due by now, and returns when something is due next, or None.
        what: what it does, for the log.
    """

    def __init__(self, ring: Callable[[], Awaitable[datetime | None]], what: str) -> None:
        self._ring = ring
        self._what = what
        self._one_at_a_time = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._turn: asyncio.Task[None] | None = None

    def wake(self) -> asyncio.Task[None]:
        """Ring now: at start, and when something new may be due. The task ends when that is done."""
        self._turn = asyncio.get_running_loop().create_task(self._do(), name=self._what)
        return self._turn

    def stop(self) -> None:
        """Ring no more."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def rings_in(self) -> float | None:
        """Seconds until it rings by itself; None if it will not."""
        if self._timer is None or self._timer.cancelled():
            return None
        return self._timer.when() - asyncio.get_running_loop().time()

    async def _do(self) -> None:
        async with self._one_at_a_time:
            delay: float | None = RETRY_AFTER
            try:
                delay = _seconds_until(await self._ring())
            except Exception as error:  # noqa: BLE001 - the alarm must go on
                in_background(error, self._what)
            self.stop()
            if delay is not None:
                self._timer = asyncio.get_running_loop().call_later(delay, self.wake)


def _seconds_until(at: datetime | None) -> float | None:
    if at is None:
        return None
    return min(LONGEST_SLEEP, max(0.0, (at - discord.utils.utcnow()).total_seconds()))
