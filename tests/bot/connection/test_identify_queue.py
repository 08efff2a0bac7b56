"""Turns at the gateway."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.connection import identify_queue as module
from bot.connection.identify_queue import IdentifyQueue


@pytest.fixture
def queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[IdentifyQueue, IdentifyQueue]:
    """Those of two processes on one host, with turns short enough to wait for."""
    monkeypatch.setattr(module, "TURN", 0.3)
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0.01)
    return IdentifyQueue(tmp_path), IdentifyQueue(tmp_path)


async def test_shards_of_one_bucket_take_turns_in_whatever_process(
    queues: tuple[IdentifyQueue, IdentifyQueue],
) -> None:
    loop, times = asyncio.get_running_loop(), []
    for shard_id in range(3):
        await queues[shard_id % 2].wait(shard_id)
        times.append(loop.time())
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(times))
    for identify_queue in queues:
        identify_queue.close()


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that no test outlasts."""
    monkeypatch.setattr(module, "TURN", 3600)


async def test_shards_of_different_buckets_wait_for_nobody(
    queues: tuple[IdentifyQueue, IdentifyQueue], endless: None
) -> None:
    one, other = queues
    one.max_concurrency = other.max_concurrency = 2
    await one.wait(0)
    await other.wait(1)
    one.close()
    other.close()


async def test_a_process_that_ends_leaves_its_turn(queues: tuple[IdentifyQueue, IdentifyQueue], endless: None) -> None:
    one, other = queues
    await one.wait(0)
    one.close()
    await other.wait(0)
    other.close()
