"""How many edits Discord is asked for at a time, in all and in one channel."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

EDITS_AT_ONCE = 20
"""Edits under way, in all channels: a fifth of the connections, so that answers to people never wait for one."""

LANES = 2
"""Edits under way in one channel: one that Discord lets wait holds up neither its channel nor the others."""

OLD_LANE_RESTS = 6.0
"""Seconds that a lane rests after an edit of an old message: two such edits in six seconds, in one channel.

Discord publishes no figure. Three in six seconds were seen (docs.discord.food); one of them is left to spare.
"""


LOOK_AGAIN = 1.0
"""Seconds after which an edit of an old message looks for a lane again, where all have an edit under way."""

NEVER = float("inf")


class Lanes:
    """Turns to edit, none of which is kept once it is over."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(EDITS_AT_ONCE)
        self._channels: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        self._old: dict[int, list[float]] = {}

    @contextlib.asynccontextmanager
    async def turn(self, channel_id: int, *, old: bool) -> AsyncIterator[None]:
        """Wait for a turn in a channel; messages that Discord calls old have lanes of their own."""
        lane = self._old_lane(channel_id) if old else self._channels.setdefault(channel_id, asyncio.Semaphore(LANES))
        async with lane, self._all:
            yield

    @contextlib.asynccontextmanager
    async def _old_lane(self, channel_id: int) -> AsyncIterator[None]:
        """Wait until a lane has rested: by sleeping, since its rest is long."""
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
        """When each lane for old messages is free; those of quiet channels are forgotten."""
        now = asyncio.get_running_loop().time()
        self._old = {channel: lanes for channel, lanes in self._old.items() if max(lanes) > now}
        return self._old.setdefault(channel_id, [now] * LANES)
