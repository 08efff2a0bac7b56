"""Waiting for a condition without polling, and telling how long it took however busy the machine is."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

LOOK_AGAIN = 0.02
"""Seconds after which `FairClock` asks the system again."""


class FairClock:
    """Seconds without those in which a thread that had work to do waited for a core: a busy machine makes nobody late.

    On Linux. Elsewhere every second counts.
    """

    def __init__(self) -> None:
        self._waited: dict[Path, int] = {}
        self._processes = [os.getpid()]
        self._looked = self._now = float("-inf")

    def __call__(self) -> float:
        """The seconds since some moment; they never go back."""
        now = time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked = now
            for process in self._processes:
                self._look(process)
        self._now = max(self._now, now - sum(self._waited.values()) / 1e9)
        return self._now

    def watch(self, process: int) -> None:
        """Count the waiting of this process as well, from now on."""
        self._processes.append(process)

    def _look(self, process: int) -> None:
        for told in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # the thread has ended meanwhile
                self._waited[told] = int(told.read_text().split()[1])


class Bell:
    """Rung after every change; whoever waits then looks again."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Let everyone look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Return once the condition holds, however long that takes; a test that is ended meanwhile says ``what``."""
        try:
            while not condition():
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
        except asyncio.CancelledError:
            print(f"waited for {what}", file=sys.stderr)
            raise
