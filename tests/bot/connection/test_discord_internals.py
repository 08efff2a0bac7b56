"""What the bot remembers of servers, and that it does not need the rest."""

import discord

from bot.connection.discord_internals import GuildCache
from tests.world import World, text_of


def server(world: World) -> discord.Guild:
    """The production's server as the bot remembers it."""
    found = world.bot.get_guild(world.guild_id)
    assert found is not None
    return found


async def test_a_server_is_remembered_by_its_roles_and_without_its_channels(world: World) -> None:
    known = server(world)
    assert {role.name for role in known.roles} >= {"Moderators", *world.production.departments}
    assert known.owner_id
    assert known.me == world.bot.user
    assert [*known.channels, *known.threads, *known.emojis] == []


async def test_a_channel_that_is_made_later_works_and_is_not_remembered(world: World) -> None:
    stage = world.production.guild.create_text_channel("stage-2")
    opened = await world["Gus"].slash(stage, "poll open", task="Rotoscope the crowd")
    assert opened.response is not None
    assert "Rotoscope the crowd" in text_of(opened)
    voted = await world["Priya"].click(opened.response, label="AI may execute")
    assert "Your vote" in text_of(voted)
    assert not server(world).channels


async def test_a_server_that_discord_listed_serves_where_nothing_is_said_of_who_added_the_bot(world: World) -> None:
    known = world.bot._connection
    assert isinstance(known, GuildCache)
    assert known._is_listed(f"{world.guild_id}")
    assert not known._is_listed("1050000000000000001")
    assert not known._is_listed(None)
