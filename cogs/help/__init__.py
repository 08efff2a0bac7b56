"""`/help`: what the bot is for, in one card."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import CircleTake
from bot.ui import ACCENT, Interaction

PURPOSE = (
    "AI executes where execution is the job; people decide where judgment is the job. I help your crew to draw that "
    "line, and to put a name under what is delivered."
)
THINGS_TO_TRY = (
    ("Ask", "`/faq ask` answers from two essays on AI in film production, and says so when they have no answer."),
    ("Decide", "`/poll open` lets the crew vote on one task: may AI execute it, or does a human judge?"),
    ("Sign", "`/signoff open` asks the people responsible to put their names on a cut, with what AI did beside them."),
)
FOR_MODERATORS = (
    "Moderators: /decision-log export gives you the signed record, /decision-log verify proves that nobody changed it."
)


def help_card() -> discord.Embed:
    """The card."""
    card = discord.Embed(title="Circle Take", description=PURPOSE, colour=ACCENT)
    for name, text in THINGS_TO_TRY:
        card.add_field(name=name, value=text, inline=False)
    return card.set_footer(text=FOR_MODERATORS)


class Help(commands.Cog):
    """One command."""

    @app_commands.command(name="help")
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """What Circle Take is for, and three things to try."""
        await interaction.response.send_message(embed=help_card(), ephemeral=True)


async def setup(bot: CircleTake) -> None:
    """Load the feature."""
    await bot.add_cog(Help())
