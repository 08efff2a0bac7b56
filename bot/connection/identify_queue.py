"""Taking turns at the gateway: Discord lets only so many shards of a bot identify within five seconds."""

import asyncio
from pathlib import Path

from db.engine.locks import Claim

TURN = 5.0
"""Seconds between two IDENTIFYs of one bucket: https://discord.com/developers/docs/events/gateway#rate-limiting"""

_LOOK_AGAIN = 0.2


class IdentifyQueue:
    """Lets the shards of a bot identify no faster than Discord allows, over all its processes on this host.

    discord.py sleeps between the shards of its own process, whatever `max_concurrency` says, and knows nothing of
    other processes. A shard belongs to bucket `shard_id % max_concurrency`; whoever claims a bucket may identify,
    and gives it up five seconds later or when the process ends.

    Args:
        folder: shared by the processes; the databases' own, unless they are apart.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: set[Claim] = set()
        self.max_concurrency = 1

    async def wait(self, shard_id: int) -> None:
        """Return when this shard may identify; the five seconds of its bucket begin now."""
        bucket = shard_id % self.max_concurrency
        while not (turn := Claim.on(self._folder / f".identify-{bucket}")):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(_LOOK_AGAIN)
        self._held.add(turn)
        asyncio.get_running_loop().call_later(TURN, self._give_up, turn)

    def close(self) -> None:
        """Give up every bucket at once: this process will not identify again."""
        for turn in tuple(self._held):
            self._give_up(turn)

    def _give_up(self, turn: Claim) -> None:
        self._held.discard(turn)
        turn.release()
