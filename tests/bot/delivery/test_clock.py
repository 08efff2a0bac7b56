import asyncio
from datetime import datetime, timedelta

import discord
import pytest

from bot.delivery import clock
from bot.delivery.clock import Clock
from tests.bot.delivery.virtual_time import run_virtually


class Bell:
    """Counts its rings, returns the next moment, and fails on demand."""

    def __init__(self) -> None:
        self.rings = self.at_once = 0
        self.next: datetime | None = None
        self.fails = False
        self.rung = asyncio.Event()

    async def ring(self, _now: datetime) -> datetime | None:
        self.at_once += 1
        assert self.at_once == 1
        await asyncio.sleep(0)
        self.at_once -= 1
        self.rings += 1
        self.rung.set()
        if self.fails:
            raise RuntimeError("no line to Discord")
        return self.next


async def test_it_rings_when_woken_and_then_when_asked_for() -> None:
    bell = Bell()
    woken = Clock(bell.ring, "ringing")
    bell.next = discord.utils.utcnow() + timedelta(milliseconds=20)
    await woken.wake()
    bell.next = None
    bell.rung.clear()
    await bell.rung.wait()
    assert bell.rings == 2


async def test_waking_it_many_times_at_once_rings_one_by_one() -> None:
    bell = Bell()
    woken = Clock(bell.ring, "ringing")
    await asyncio.gather(*(woken.wake() for _ in range(5)))
    assert bell.rings == 5


async def test_a_failure_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "RETRY_AFTER", 0.02)
    bell = Bell()
    bell.fails = True
    woken = Clock(bell.ring, "ringing")
    await woken.wake()
    assert "ringing failed" in caplog.text
    bell.fails = False
    bell.rung.clear()
    await bell.rung.wait()
    assert bell.rings == 2


@pytest.mark.parametrize(("stops", "rings"), [(True, 1), (False, 2)])
def test_once_stopped_it_does_not_ring(stops: bool, rings: int) -> None:
    async def wait() -> None:
        bell = Bell()
        bell.next = discord.utils.utcnow() + timedelta(milliseconds=20)
        woken = Clock(bell.ring, "ringing")
        await woken.wake()
        bell.next = None
        if stops:
            woken.stop()
        await asyncio.sleep(60)
        assert bell.rings == rings

    run_virtually(wait())


async def test_a_turn_that_was_asked_for_during_another_is_taken() -> None:
    bell = Bell()
    woken = Clock(bell.ring, "ringing")
    turn = woken.wake()
    await asyncio.sleep(0)
    woken.wake_in(0.02)
    await turn
    bell.rung.clear()
    await asyncio.wait_for(bell.rung.wait(), 5)
    assert bell.rings == 2
