"""Work that the bot does over and over in the background."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.errors import in_background


class Rounds:
    """Does its work at once when started and again after each pause; a round that fails is logged and keeps none back.

    Args:
        work: one round; says whether there is to be another.
        every: the pause between two.
        what: what a round does, for the log.
    """

    def __init__(self, work: Callable[[], Awaitable[bool]], every: timedelta, what: str) -> None:
        self._work = work
        self._pause = every.total_seconds()
        self._what = what
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless rounds are under way."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._go(), name=self._what)

    def stop(self) -> None:
        """Do no more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _go(self) -> None:
        while await self._again():  # noqa: ASYNC110 - time is what it waits for
            await asyncio.sleep(self._pause)

    async def _again(self) -> bool:
        try:
            return await self._work()
        except Exception as error:  # noqa: BLE001 - the next round must come all the same
            in_background(error, self._what)
            return True
