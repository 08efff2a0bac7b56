"""A server, its people and a channel; leaving the test fails it when the bot broke a limit."""

from collections.abc import AsyncIterator

import pytest
from discord import Permissions

from . import Channel, Guild, Loopback, Member


@pytest.fixture
async def discord() -> AsyncIterator[Loopback]:
    async with Loopback() as server:
        yield server


@pytest.fixture
def guild(discord: Loopback) -> Guild:
    return discord.add_guild("Night Shoot")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("crew")


@pytest.fixture
def gaffer(guild: Guild) -> Member:
    return guild.add_member("Gaffer", roles=[guild.add_role("Lighting")])


@pytest.fixture
def producer(guild: Guild) -> Member:
    return guild.add_member("Producer", permissions=Permissions(manage_guild=True))
