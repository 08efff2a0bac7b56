"""The floor of the whole bot: discord.py with the bot's client settings, and a constant for each kind of answer.

The message is as large as a ballot, because Discord sends it along with every press.
"""

import os
import re
from typing import Any, Self

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.client import CONNECTIONS
from bot.connection.discord_internals import use_api, use_gateway
from bot.host.run import run_async

LABELS = ("Human judgment", "Abstain", "Hold", "My vote", "Details")
FIELDS = {
    "Closes": "tomorrow",
    "Turnout": "0 of 3 needed (3 more for the quorum)",
    "Votes": "`░░░░░░░░░░` **0** votes\n" * 3,
}


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"floor:vote"):
    """Answers by editing its message, and stores nothing."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="AI may execute", custom_id="floor:vote"))

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, ___: re.Match[str]) -> Self:
        """Build the button."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Edit the message."""
        await interaction.response.edit_message(content=f"The latest vote is {interaction.user.display_name}'s.")


class FloorBot(commands.AutoShardedBot):
    """The client with the settings of `bot.client.CircleTake`, without its stores and features."""

    def __init__(self) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def setup_hook(self) -> None:
        """Register the commands and the one button."""
        self.add_dynamic_items(Vote)
        self.tree.add_command(ballot)
        self.tree.add_command(reply)
        self.tree.add_command(form)
        self.tree.add_command(find)
        await self.tree.sync()


@app_commands.command()
async def ballot(interaction: discord.Interaction[Any]) -> None:
    """Post a message of a ballot's size, with one button that does something."""
    card = discord.Embed(title="Poll 1 · AI or a human?", description="**Rotoscope the crowd**", colour=0xE8B23A)
    for name, value in FIELDS.items():
        card.add_field(name=name, value=value)
    card.set_footer(text="The most votes win, and a tie is a tie. " * 4)
    view = discord.ui.View(timeout=None).add_item(Vote())
    for label in LABELS:
        view.add_item(discord.ui.Button(label=label, custom_id=f"floor:{label}"))
    view.stop()
    await interaction.response.send_message("Nobody has voted.", embed=card, view=view)


@app_commands.command()
async def reply(interaction: discord.Interaction[Any]) -> None:
    """Answer with a line of text."""
    await interaction.response.send_message("Nothing is stored here.", ephemeral=True)


@app_commands.command()
async def form(interaction: discord.Interaction[Any]) -> None:
    """Open a form of five fields."""
    modal = discord.ui.Modal(title="What AI did", custom_id="floor:form")
    for label in LABELS:
        modal.add_item(discord.ui.Label(text=label, component=discord.ui.TextInput(required=False)))
    await interaction.response.send_modal(modal)


@app_commands.command()
async def find(interaction: discord.Interaction[Any], topic: str) -> None:
    """Answer with what was chosen."""
    await interaction.response.send_message(topic, ephemeral=True)


@find.autocomplete("topic")
async def topics(_: discord.Interaction[Any], __: str) -> list[app_commands.Choice[str]]:
    """Suggest as many choices as Discord shows."""
    return [app_commands.Choice(name=f"Why does topic {number} matter?", value=f"{number}") for number in range(25)]


async def main() -> None:
    """Run until killed."""
    use_api(os.environ["DISCORD_API_URL"])
    async with FloorBot() as bot:
        bot.http.connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        await bot.login(os.environ["DISCORD_TOKEN"])
        _shards, url, _limit = await bot.http.get_bot_gateway()
        use_gateway(url)
        await bot.connect()


if __name__ == "__main__":
    run_async(main())
