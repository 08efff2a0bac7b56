from typing import Any

import discord
import simcord

from cogs.settings.cards import span
from domain.settings import Settings, Visibility
from tests.world import World, text_of


async def change(world: World, **options: Any) -> simcord.InteractionResult:
    return await world["Jonas"].slash(world.channel, "settings set", **options)


async def stored_settings(world: World) -> Settings:
    return await world.bot.stores.settings.get(world.guild_id)


async def test_show_lists_every_default_privately(world: World) -> None:
    result = await world["Jonas"].slash(world.channel, "settings show")
    assert result.ephemeral
    assert text_of(result).count("(default)") == 6


async def test_set_changes_what_was_given_and_nothing_else(world: World) -> None:
    sound = world.production.departments["Sound"]
    result = await change(
        world,
        timezone="asia/taipei",
        **{
            "decisions-channel": world.channel,
            "poll-duration": "36h",
            "poll-quorum": 5,
            "faq-visibility": Visibility.EVERYONE.value,
        },
        moderators=sound,
    )
    assert result.ephemeral
    assert "1 day 12 hours" in text_of(result)
    now = await stored_settings(world)
    assert (now.timezone, now.decisions_channel_id, now.poll_quorum) == ("Asia/Taipei", world.channel.id, 5)
    assert (now.faq_visibility, now.moderator_role_id) == (Visibility.EVERYONE, sound.id)
    await change(world, **{"poll-quorum": 2})
    assert (await stored_settings(world)).timezone == "Asia/Taipei"


async def test_unreadable_input_is_refused_and_changes_nothing(world: World) -> None:
    for options in ({"timezone": "Mordor"}, {"poll-duration": "soon"}, {"poll-duration": "5m", "poll-quorum": 9}, {}):
        result = await change(world, **options)
        assert result.ephemeral
        assert await stored_settings(world) == Settings()


async def test_the_menu_sets_one_back_to_its_default(world: World) -> None:
    shown = await change(world, timezone="Europe/Lisbon", **{"poll-quorum": 9})
    await world.restart()
    assert shown.response is not None
    await world["Jonas"].select(shown.response, ["timezone"])
    assert await stored_settings(world) == Settings(poll_quorum=9)


async def test_a_menu_whose_reader_no_longer_moderates_changes_nothing(world: World) -> None:
    shown = await change(world, timezone="Europe/Lisbon")
    world.production.guild.remove_member(world["Jonas"])
    returned = world.production.guild.add_member(world["Jonas"].user)
    assert shown.response is not None
    refused = await returned.select(shown.response, ["timezone"])
    assert "Only moderators" in text_of(refused)
    assert (await stored_settings(world)).timezone == "Europe/Lisbon"


async def test_time_zones_are_suggested_by_their_city(world: World) -> None:
    choices = await world["Jonas"].autocomplete(world.channel, "settings set", "timezone", "lisb")
    assert [choice["value"] for choice in choices] == ["Europe/Lisbon"]


async def test_the_commands_are_for_those_who_manage_the_server(world: World) -> None:
    command = world.bot.tree.get_command("settings")
    assert command is not None
    assert command.default_permissions == discord.Permissions(manage_guild=True)


def test_a_span_is_said_in_words() -> None:
    assert span(Settings().poll_duration) == "1 day"
