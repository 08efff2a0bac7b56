"""A clock that tells how long something took however busy the machine is."""

import contextlib
import os
import time
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
        """Leave out the waiting of this process as well, from now on."""
        self._processes.append(process)

    def _look(self, process: int) -> None:
        for told in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # the thread has ended meanwhile
                self._waited[told] = int(told.read_text().split()[1])
