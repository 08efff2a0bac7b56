"""Commands are registered when they have changed, for each application and server, and only then."""

import discord
import pytest
from discord import app_commands

from bot.connection.command_sync import sync_commands, tree_hash
from tests.world import World


def registrations(world: World) -> list[str]:
    """Return where commands were registered so far: the path after the application."""
    puts = [request.path for request in world.env.http_requests if request.method == "PUT"]
    return [path.split("/", 3)[3] for path in puts if path.endswith("/commands")]


async def test_a_first_start_registers_and_a_second_does_not(world: World) -> None:
    assert registrations(world) == ["commands"]
    await world.restart()
    assert registrations(world) == ["commands"]


async def test_a_changed_command_is_registered_once(world: World) -> None:
    before = tree_hash(world.bot.tree)
    help_command = world.bot.tree.get_command("help")
    assert isinstance(help_command, app_commands.Command)
    help_command.description = "What this is"
    assert tree_hash(world.bot.tree) != before
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)
    assert not await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)
    assert registrations(world) == ["commands"] * 2


async def test_a_single_server_is_registered_separately(world: World) -> None:
    guild_id = world.guild_id
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=guild_id)
    assert not await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=guild_id)
    assert registrations(world) == ["commands", f"guilds/{guild_id}/commands"]


async def test_always_registers_even_if_nothing_changed(world: World) -> None:
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None, always=True)
    assert registrations(world) == ["commands"] * 2


async def test_another_application_on_the_same_database_is_registered_too(world: World) -> None:
    world.bot._connection.application_id = 42
    world.env.inject_error("PUT", "/applications/42/commands", status=403)
    with pytest.raises(discord.Forbidden):  # that Discord is asked at all is the point
        await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)


async def test_a_refused_registration_is_tried_again(world: World) -> None:
    world.bot.tree.remove_command("help")
    world.env.inject_error("PUT", "/applications/*/commands", status=400, code=50035)
    with pytest.raises(discord.HTTPException):
        await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)


async def test_every_command_is_for_servers_that_added_the_bot(world: World) -> None:
    registered = world.env.backend.commands[None].values()
    assert {one["type"] for one in registered} == {1, 3}
    assert [one["name"] for one in registered if (one["contexts"], one["integration_types"]) != ([0], [0])] == []


async def test_a_bot_that_registered_before_this_was_said_registers_again(world: World) -> None:
    world.bot.tree.allowed_installs, now = app_commands.AppInstallationType(), world.bot.tree.allowed_installs
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)
    world.bot.tree.allowed_installs = now
    assert await sync_commands(world.bot.tree, world.bot.stores.app, guild_id=None)
    assert registrations(world) == ["commands"] * 3
