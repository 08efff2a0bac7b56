"""The floor of starting and of memory: a minimal `commands.Bot`, everything left as discord.py has it by default."""

import os
from typing import Any

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket

bot = commands.Bot(commands.when_mentioned, intents=discord.Intents.default())


@bot.tree.command(name="help")
async def say_hello(interaction: discord.Interaction[Any]) -> None:
    """Say hello."""
    await interaction.response.send_message("Hello.")


@bot.event
async def setup_hook() -> None:
    """Register the command, as small bots do at every start."""
    await bot.tree.sync()


if __name__ == "__main__":
    api = yarl.URL(os.environ["DISCORD_API_URL"])
    discord.http.Route.BASE = str(api)
    DiscordWebSocket.DEFAULT_GATEWAY = api.with_scheme("ws").with_path("/gateway/")
    bot.run(os.environ["DISCORD_TOKEN"], log_handler=None)
