"""Turns at the gateway."""

import asyncio
from pathlib import Path

import pytest

from bot.connection import identify_queue
from bot.connection.identify_queue import IdentifyQueue

A_SHORT_TURN = 0.3
ENDLESS = 3600.0
"""Seconds of a turn that would exceed the time-out of any test that waited for its end."""


@pytest.fixture
def queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[IdentifyQueue, IdentifyQueue]:
    """The queues of two processes on one host."""
    monkeypatch.setattr(identify_queue, "_LOOK_AGAIN", 0.01)
    monkeypatch.setattr(identify_queue, "TURN", ENDLESS)
    return IdentifyQueue(tmp_path), IdentifyQueue(tmp_path)


async def test_shards_of_one_bucket_take_turns_across_processes(
    queues: tuple[IdentifyQueue, IdentifyQueue], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identify_queue, "TURN", A_SHORT_TURN)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for turns in range(3):
        await queues[turns % 2].wait(turns)
        assert loop.time() - began >= 0.97 * A_SHORT_TURN * turns
    for queue in queues:
        queue.close()


async def test_shards_of_different_buckets_wait_for_nobody(queues: tuple[IdentifyQueue, IdentifyQueue]) -> None:
    one, other = queues
    one.max_concurrency = other.max_concurrency = 2
    await one.wait(0)
    await other.wait(1)
    one.close()
    other.close()


async def test_a_process_that_ends_leaves_its_turn(queues: tuple[IdentifyQueue, IdentifyQueue]) -> None:
    one, other = queues
    await one.wait(0)
    one.close()
    await other.wait(0)
    other.close()
