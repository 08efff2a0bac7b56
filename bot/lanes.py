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


class Lanes:
    """Turns to edit, first come first served, none of which is kept once it is over."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(EDITS_AT_ONCE)
        self._channels: WeakValueDictionary[tuple[int, bool], asyncio.Semaphore] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def turn(self, channel_id: int, *, old: bool) -> AsyncIterator[None]:
        """Wait for a turn in a channel; messages that Discord calls old have lanes of their own."""
        lanes = self._channels.setdefault((channel_id, old), asyncio.Semaphore(LANES))
        await lanes.acquire()
        try:
            async with self._all:
                yield
        finally:
            if old:  # the timer is what keeps these lanes from being forgotten
                asyncio.get_running_loop().call_later(OLD_LANE_RESTS, lanes.release)
            else:
                lanes.release()
