"""The message command that signs off what a message brings."""

import asyncio
import logging
from dataclasses import replace
from functools import partial
from hashlib import sha256

import aiohttp
import discord
from discord import app_commands

from bot.ui import Interaction, act_of, guild_of
from cogs.signoffs.opening import SLATE, DraftForm
from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.request import CutFile, SignoffRequest
from domain.signoffs.slate_reader import read_slate

log = logging.getLogger(__name__)

FILE_LIMIT = 25 * 1024 * 1024
"""Bytes of the largest file that is read for its digest; it is held in memory until then."""

SECONDS_TO_READ = 30.0
FILES_AT_ONCE = 2


class SignOffMenu:
    """The command “Sign off” on a message, which opens the form with the piece, the cut and the link that it names."""

    def __init__(self) -> None:
        self.command = app_commands.ContextMenu(name="Sign off", callback=self._sign_off)
        self._reading = asyncio.Semaphore(FILES_AT_ONCE)

    @app_commands.guild_only()
    async def _sign_off(self, interaction: Interaction, message: discord.Message) -> None:
        act = act_of(interaction)
        text, files = _text_and_files(message)
        blank = SignoffRequest(0, act.at, "", 0, Person.of(act.actor), link=message.jump_url)
        read = partial(read_slate, text, [file.filename for file in files])
        draft = await interaction.client.stores.signoff_drafts.keep_message(guild_of(interaction), act, blank, read)
        await DraftForm(interaction.id, SLATE, draft=draft).show(interaction)
        if files and files[0].size <= FILE_LIMIT:
            await self._add_file(interaction, act, files[0])

    async def _add_file(self, interaction: Interaction, act: Act, attachment: discord.Attachment) -> None:
        """Add the digest of the cut's file to the draft while the person fills in the form, which works without it."""
        try:
            async with self._reading, asyncio.timeout(SECONDS_TO_READ):
                data = await attachment.read()
            digest = await asyncio.to_thread(lambda: sha256(data).hexdigest())
            file = CutFile(attachment.filename, len(data), digest)
            drafts = interaction.client.stores.signoff_drafts
            await drafts.refill(guild_of(interaction), interaction.id, act, lambda draft: replace(draft, file=file))
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError) as error:
            log.warning("an attachment could not be read for its digest: %s", type(error).__name__)
        except DomainError:
            log.info("a form was sent before its attachment was read")


def _text_and_files(message: discord.Message) -> tuple[str, list[discord.Attachment]]:
    """Return the text and the files of a message, with those that it forwards."""
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    return "\n".join(part.content for part in parts), [file for part in parts for file in part.attachments]
