"""Turns at the gateway."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.connection import identify_queue as sharding
from bot.connection.identify_queue import IdentifyQueue


@pytest.fixture
def turnstiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[IdentifyQueue, IdentifyQueue]:
    """Those of two processes on one host, with turns short enough to wait for."""
    monkeypatch.setattr(sharding, "TURN", 0.3)
    monkeypatch.setattr(sharding, "_LOOK_AGAIN", 0.01)
    return IdentifyQueue(tmp_path), IdentifyQueue(tmp_path)


async def test_shards_of_one_bucket_take_turns_in_whatever_process(
    turnstiles: tuple[IdentifyQueue, IdentifyQueue],
) -> None:
    loop, times = asyncio.get_running_loop(), []
    for shard_id in range(3):
        await turnstiles[shard_id % 2].wait(shard_id)
        times.append(loop.time())
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(times))
    for identify_queue in turnstiles:
        identify_queue.close()


async def test_shards_of_different_buckets_wait_for_nobody(turnstiles: tuple[IdentifyQueue, IdentifyQueue]) -> None:
    one, other = turnstiles
    one.max_concurrency = other.max_concurrency = 2
    async with asyncio.timeout(0.25):
        await one.wait(0)
        await other.wait(1)
    one.close()
    other.close()


async def test_a_process_that_ends_leaves_its_turn(turnstiles: tuple[IdentifyQueue, IdentifyQueue]) -> None:
    one, other = turnstiles
    await one.wait(0)
    one.close()
    async with asyncio.timeout(0.25):
        await other.wait(0)
    other.close()
