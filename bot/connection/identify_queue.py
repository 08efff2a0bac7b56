"""Take turns at the gateway: Discord limits how many shards of a bot may identify within five seconds."""

import asyncio
from pathlib import Path

from db.engine.locks import Claim

TURN = 5.0
"""Seconds between two IDENTIFYs of one bucket: https://discord.com/developers/docs/events/gateway#rate-limiting"""

_LOOK_AGAIN = 0.2


class IdentifyQueue:
    """Lets a bot's shards identify no faster than Discord allows, across all its processes on this host.

    discord.py sleeps between the shards of its own process, whatever `max_concurrency` says, and knows nothing of
    other processes. A shard belongs to bucket `shard_id % max_concurrency`. A process that claims the bucket may
    identify, and releases it five seconds later or when it ends.

    Args:
        folder: shared by the processes; normally the folder of their databases.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: set[Claim] = set()
        self.max_concurrency = 1

    async def wait(self, shard_id: int) -> None:
        """Wait until this shard may identify; its bucket's five seconds begin then."""
        bucket = shard_id % self.max_concurrency
        while not (turn := Claim.on(self._folder / f".identify-{bucket}")):  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(_LOOK_AGAIN)
        self._held.add(turn)
        asyncio.get_running_loop().call_later(TURN, self._release, turn)

    def close(self) -> None:
        """Release every bucket: this process will not identify again."""
        for turn in tuple(self._held):
            self._release(turn)

    def _release(self, turn: Claim) -> None:
        self._held.discard(turn)
        turn.release()
