"""The message command that signs off what a message brings."""

from functools import partial

import discord
from discord import app_commands

from bot.ui import Interaction, act_of, guild_of
from cogs.signoffs.opening import DraftForm
from domain.decisions import Person
from domain.signoffs import SignoffRequest
from domain.slate_reader import read_slate


@app_commands.guild_only()
async def sign_off(interaction: Interaction, message: discord.Message) -> None:
    """Open the form with the piece, the cut and the link that the message names."""
    act = act_of(interaction)
    text, files = _said(message)
    blank = SignoffRequest(0, act.at, "", 0, Person.of(act.actor), link=message.jump_url)
    draft = await interaction.client.stores.signoffs.keep_message(
        guild_of(interaction), act, blank, partial(read_slate, text, files)
    )
    await DraftForm(interaction.id, "slate", draft).show(interaction)


def _said(message: discord.Message) -> tuple[str, list[str]]:
    """The words and the files of a message, those that it forwards included."""
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    return "\n".join(part.content for part in parts), [file.filename for part in parts for file in part.attachments]


MENUS = (app_commands.ContextMenu(name="Sign off", callback=sign_off),)
