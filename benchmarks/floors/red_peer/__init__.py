"""A cog for Red-DiscordBot: a poll with one button that stores votes in Red's `Config`, as Red's guide advises.

It runs in Red's own environment, as a peer to measure against, and imports nothing of ours.
"""

from typing import Any

import discord
from redbot.core import Config, commands  # type: ignore[import-not-found]  # only Red's environment has it


class Ballot(discord.ui.View):
    """The button, which edits its message once the vote is stored."""

    def __init__(self, config: Any) -> None:
        super().__init__(timeout=None)
        self._config = config

    @discord.ui.button(label="AI may execute", custom_id="red:vote")
    async def vote(self, interaction: discord.Interaction[Any], _: discord.ui.Button[Any]) -> None:
        """Store a vote; Red's default driver writes the whole file of the cog and syncs it."""
        async with self._config.guild(interaction.guild).votes() as votes:
            votes[str(interaction.user.id)] = "execution"
        await interaction.response.edit_message(content=f"{len(votes)} votes")


class Polls(commands.Cog):  # type: ignore[misc]  # only Red's environment has it
    """One poll for each server."""

    def __init__(self) -> None:
        self._config = Config.get_conf(self, identifier=1456074443)
        self._config.register_guild(votes={})

    @commands.command()  # type: ignore[untyped-decorator]  # only Red's environment has it
    async def ballot(self, ctx: Any) -> None:
        """Post the poll."""
        await ctx.send("0 votes", view=Ballot(self._config))


async def setup(bot: Any) -> None:
    """Add the cog."""
    await bot.add_cog(Polls())
