"""Limit how many edits run at a time, in total and in one channel."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

EDITS_AT_ONCE = 20
"""Edits under way in all channels: a fifth of the connections, so that answers to people never wait for one."""

LANES = 2
"""Edits under way in one channel: one that Discord delays blocks neither its channel nor the others."""

OLD_LANE_RESTS = 6.0
"""Seconds that a lane rests after an edit of an old message: two such edits in six seconds, in one channel.

Discord publishes no figure. Three in six seconds were observed (docs.discord.food); we leave one of them unused.
"""

LOOK_AGAIN = 1.0
"""Seconds after which an edit of an old message looks for a lane again while all are busy."""

NEVER = float("inf")


class Lanes:
    """Limits concurrent edits per channel. Idle channels take no memory."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(EDITS_AT_ONCE)
        self._channels: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        self._old: dict[int, list[float]] = {}

    @contextlib.asynccontextmanager
    async def turn(self, channel_id: int, *, old: bool) -> AsyncIterator[None]:
        """Wait for a turn in a channel; messages that Discord calls old have separate lanes."""
        lane = self._old_lane(channel_id) if old else self._channels.setdefault(channel_id, asyncio.Semaphore(LANES))
        async with lane, self._all:
            yield

    @contextlib.asynccontextmanager
    async def _old_lane(self, channel_id: int) -> AsyncIterator[None]:
        """Sleep until a lane has rested, which takes seconds."""
        time = asyncio.get_running_loop().time
        free_at = self._lanes_of(channel_id)
        while (rest := min(free_at) - time()) > 0:
            await asyncio.sleep(LOOK_AGAIN if rest == NEVER else rest)
            free_at = self._lanes_of(channel_id)
        lane = free_at.index(min(free_at))
        free_at[lane] = NEVER
        try:
            yield
        finally:
            free_at[lane] = time() + OLD_LANE_RESTS

    def _lanes_of(self, channel_id: int) -> list[float]:
        """Return when each lane for old messages is free, and forget the lanes of quiet channels."""
        now = asyncio.get_running_loop().time()
        self._old = {channel: lanes for channel, lanes in self._old.items() if max(lanes) > now}
        return self._old.setdefault(channel_id, [now] * LANES)
