"""Turns at the gateway."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.connection import identify_queue as sharding
from bot.connection.identify_queue import Turnstile


@pytest.fixture
def turnstiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Turnstile, Turnstile]:
    """Those of two processes on one host, with turns short enough to wait for."""
    monkeypatch.setattr(sharding, "TURN", 0.3)
    monkeypatch.setattr(sharding, "_LOOK_AGAIN", 0.01)
    return Turnstile(tmp_path), Turnstile(tmp_path)


async def test_shards_of_one_bucket_take_turns_in_whatever_process(turnstiles: tuple[Turnstile, Turnstile]) -> None:
    loop, times = asyncio.get_running_loop(), []
    for shard_id in range(3):
        await turnstiles[shard_id % 2].wait(shard_id)
        times.append(loop.time())
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(times))
    for turnstile in turnstiles:
        turnstile.close()


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that no test outlasts."""
    monkeypatch.setattr(sharding, "TURN", 3600)


async def test_shards_of_different_buckets_wait_for_nobody(
    turnstiles: tuple[Turnstile, Turnstile], endless: None
) -> None:
    one, other = turnstiles
    one.max_concurrency = other.max_concurrency = 2
    await one.wait(0)
    await other.wait(1)
    one.close()
    other.close()


async def test_a_process_that_ends_leaves_its_turn(turnstiles: tuple[Turnstile, Turnstile], endless: None) -> None:
    one, other = turnstiles
    await one.wait(0)
    one.close()
    await other.wait(0)
    other.close()
