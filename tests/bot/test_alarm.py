import asyncio
from datetime import datetime, timedelta

import discord
import pytest

from bot.alarm import RETRY_AFTER, Alarm


class Bell:
    """Counts its rings, names the next moment, and fails when told to."""

    def __init__(self) -> None:
        self.rings = self.at_once = 0
        self.next: datetime | None = None
        self.fails = False
        self.rung = asyncio.Event()

    async def ring(self) -> datetime | None:
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
    alarm = Alarm(bell.ring, "ringing")
    bell.next = discord.utils.utcnow() + timedelta(milliseconds=20)
    await alarm.wake()
    bell.next = None
    bell.rung.clear()
    await asyncio.wait_for(bell.rung.wait(), 5)
    assert bell.rings == 2


async def test_waking_it_many_times_at_once_rings_one_after_the_other() -> None:
    bell = Bell()
    alarm = Alarm(bell.ring, "ringing")
    await asyncio.gather(*(alarm.wake() for _ in range(5)))
    assert bell.rings == 5


async def test_a_failure_is_logged_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell()
    bell.fails = True
    alarm = Alarm(bell.ring, "ringing")
    await alarm.wake()
    assert "ringing failed" in caplog.text
    assert alarm.rings_in is not None
    assert alarm.rings_in == pytest.approx(RETRY_AFTER, abs=1)
    alarm.stop()
    assert alarm.rings_in is None
