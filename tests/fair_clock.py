"""A clock that tells how long something took however busy the machine is."""

import contextlib
import os
import time
from pathlib import Path

LOOK_AGAIN = 0.02
"""Seconds after which `FairClock` asks the system again."""

COUNTS_ALWAYS = 0.1
"""The part of a second that counts however long threads waited: many may wait at once."""


class FairClock:
    """Seconds without those in which a thread that had work to do waited for a core: a busy machine makes nobody late.

    On Linux. Elsewhere every second counts.
    """

    def __init__(self) -> None:
        self._waited: dict[Path, int] = {}
        self._processes = [os.getpid()]
        self._look()
        self._looked, self._now = time.monotonic(), 0.0

    def __call__(self) -> float:
        """The seconds since it was made."""
        now = time.monotonic()
        passed = now - self._looked
        if passed > LOOK_AGAIN:
            self._now += max(passed - self._look(), passed * COUNTS_ALWAYS)
            self._looked = now
        return self._now

    def watch(self, process: int) -> None:
        """Leave out the waiting of this process as well, from now on."""
        self._processes.append(process)

    def _look(self) -> float:
        """The seconds that threads have waited for a core since the last look, all of them together."""
        before = sum(self._waited.values())
        for process in self._processes:
            for told in Path(f"/proc/{process}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):  # the thread has ended meanwhile
                    self._waited[told] = int(told.read_text().split()[1])
        return (sum(self._waited.values()) - before) / 1e9
