"""`/help`: what the bot is for, in one card."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.ui import ACCENT, Bot, Interaction

PURPOSE = (
    "AI executes where execution is the job; people decide where judgment is the job. I help your crew to draw that "
    "line, and to put a name under what is delivered."
)
THINGS_TO_TRY = (
    ("Ask", "`/faq ask` answers from two essays on AI in film and from your server's own answers, or says it can't."),
    (
        "Decide",
        "`/poll open` asks the crew: may AI execute this task, or does a human judge? Your line: `/poll verdicts`.",
    ),
    ("Sign", "`/signoff open` asks for names on a cut. On a message with the cut, long-press, then Apps › Sign off."),
)
FOR_MODERATORS = (
    "Moderators: /settings set first; /faq-admin add for your own answers, /decision-log policy for who signs, "
    "/decision-log export for the record. What I keep about you: /my-data export."
)


def help_card() -> discord.Embed:
    """Show what the bot is for, with three things to try."""
    card = discord.Embed(title="Circle Take", description=PURPOSE, colour=ACCENT)
    for name, text in THINGS_TO_TRY:
        card.add_field(name=name, value=text, inline=False)
    return card.set_footer(text=FOR_MODERATORS)


class Help(commands.Cog):
    """One command."""

    @app_commands.command(name="help")
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """What Circle Take is for, and three things to try."""  # noqa: D401 - the description that Discord shows
        await interaction.response.send_message(embed=help_card(), ephemeral=True)


async def setup(bot: Bot) -> None:
    """Load the feature."""
    await bot.add_cog(Help())
