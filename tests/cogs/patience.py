"""Waiting for what the bot does on background threads, which the simulation cannot see."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.world import World

TRIES = 200
PAUSE = 0.02


async def eventually(world: World, holds: Callable[[], Awaitable[bool]]) -> None:
    """Return once the condition holds; raise AssertionError if it does not within some seconds of real time."""
    for _ in range(TRIES):
        await world.env.settle()
        if await holds():
            return
        await asyncio.sleep(PAUSE)
    raise AssertionError("it never came true")
