"""Taking turns at the gateway: Discord lets only so many shards of a bot identify within five seconds."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

TURN = 5.0
"""Seconds between two IDENTIFYs of one bucket: https://discord.com/developers/docs/events/gateway#rate-limiting"""

_LOOK_AGAIN = 0.2


class Turnstile:
    """Lets the shards of a bot identify no faster than Discord allows, over all its processes on this host.

    discord.py sleeps between the shards of its own process, whatever `max_concurrency` says, and knows nothing of
    other processes. A shard belongs to bucket `shard_id % max_concurrency`; whoever holds a bucket's lock may identify,
    and gives it up five seconds later or when the process ends.

    Args:
        folder: shared by the processes; the databases' own, unless they are apart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: set[sqlite3.Connection] = set()
        self.max_concurrency = 1

    async def wait(self, shard_id: int) -> None:
        """Return when this shard may identify; the five seconds of its bucket begin now."""
        bucket = shard_id % self.max_concurrency
        while not (lock := self._try(bucket)):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(_LOOK_AGAIN)
        self._held.add(lock)
        asyncio.get_running_loop().call_later(TURN, self._give_up, lock)

    def close(self) -> None:
        """Give up every bucket at once: this process will not identify again."""
        for lock in tuple(self._held):
            self._give_up(lock)

    def _try(self, bucket: int) -> sqlite3.Connection | None:
        lock = sqlite3.connect(self._folder / f".identify-{bucket}", timeout=0, isolation_level=None)
        with contextlib.suppress(sqlite3.OperationalError):
            lock.execute("BEGIN EXCLUSIVE")
            return lock
        lock.close()
        return None

    def _give_up(self, lock: sqlite3.Connection) -> None:
        self._held.discard(lock)
        lock.close()
