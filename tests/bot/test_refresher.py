"""Cards are edited soon, not too often, and one that fails does not hold up the others."""

import asyncio

import aiohttp
import discord
import pytest
from aiohttp import web

from bot.refresher import Refresher
from domain.errors import DomainError

GUILD = 1


async def test_one_card_that_fails_does_not_hold_up_the_others() -> None:
    refreshed: list[int] = []
    done = asyncio.Event()

    async def refresh(_guild_id: int, number: int) -> None:
        refreshed.append(number)
        if number == 1:
            raise DomainError("signoffs.unknown", number=number)
        if number == 2:
            raise RuntimeError("Discord is away")
        done.set()

    refresher = Refresher(refresh, "the card of sign-off")
    for number in (1, 2, 3):
        refresher.changed(GUILD, number)
    async with asyncio.timeout(2):
        await done.wait()
    refresher.stop()
    assert refreshed == [1, 2, 3]


async def test_changes_that_come_together_are_one_edit() -> None:
    refreshed: list[int] = []
    done = asyncio.Event()

    async def refresh(_guild_id: int, number: int) -> None:
        refreshed.append(number)
        done.set()

    refresher = Refresher(refresh, "the ballot of poll")
    for _ in range(50):
        refresher.changed(GUILD, 7)
    async with asyncio.timeout(2):
        await done.wait()
    refresher.changed(GUILD, 7)
    await asyncio.sleep(0)
    refresher.stop()
    assert refreshed == [7]


BUSY = discord.DiscordServerError(web.Response(status=503), "")


@pytest.mark.parametrize("outage", [BUSY, ConnectionResetError(), aiohttp.ServerDisconnectedError()])
async def test_a_card_is_edited_again_until_an_outage_is_over(outage: Exception) -> None:
    outages, refreshed = [outage, outage], []

    async def refresh(_guild_id: int, number: int) -> None:
        refreshed.append(number)
        if outages:
            raise outages.pop()

    refresher = Refresher(refresh, "the ballot of poll")
    refresher._edit_changed.change_interval(seconds=0)
    refresher.changed(GUILD, 7)
    at_rest = refresher._edit_changed.get_task()
    assert at_rest is not None
    async with asyncio.timeout(2):
        await at_rest
    assert refreshed == [7, 7, 7]
