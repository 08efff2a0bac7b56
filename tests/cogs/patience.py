"""Waiting for what the bot does on background threads, which the simulation cannot see."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.world import World

PAUSE = 0.02


async def eventually(world: World, holds: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds."""
    await world.env.settle()
    while not await holds():
        await asyncio.sleep(PAUSE)
        await world.env.settle()
