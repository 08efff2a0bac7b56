"""Register the commands with Discord when they have changed."""

import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands

from db.engine.app_state import AppState

log = logging.getLogger(__name__)


def tree_hash(tree: app_commands.CommandTree[Any]) -> str:
    """Hash everything that Discord is told about the commands: 64 hexadecimal digits."""
    commands = [command.to_dict(tree) for command in tree.get_commands()]
    commands += [command.to_dict(tree) for command in tree.get_commands(type=discord.AppCommandType.message)]
    text = json.dumps(sorted(commands, key=lambda command: (command["type"], command["name"])), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def sync_commands(
    tree: app_commands.CommandTree[Any], state: AppState, *, guild_id: int | None, always: bool = False
) -> bool:
    """Register the commands, in one server or everywhere, unless Discord already has them.

    Args:
        tree: the commands; its client must be logged in.
        state: stores the hash of the last registration, for each application and server.
        guild_id: the server to register in, or None for all servers.
        always: register even when nothing has changed.

    Returns:
        True if they were registered.

    Raises:
        discord.HTTPException: Discord refused; the hash is not stored, so the next start tries again.
    """
    name = f"commands:{tree.client.application_id}:{guild_id or 'all'}"
    current = tree_hash(tree)
    if not always and await state.get(name) == current:
        return False
    guild = discord.Object(guild_id) if guild_id else None
    if guild:
        tree.copy_global_to(guild=guild)
    registered = await tree.sync(guild=guild)
    await state.put(name, current)
    log.info("registered %d commands in %s", len(registered), guild_id or "all servers")
    return True
