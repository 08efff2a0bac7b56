"""`/faq-admin import` and `export`: a file is read as a whole or not at all, and previewed first."""

import asyncio
import io
from typing import Annotated

import discord

from bot.custom_ids import digits
from bot.incoming import read_attachment
from bot.ui import Interaction, PersistentButton, act_of, buttons, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import check_moderator
from cogs.faq.saving import acknowledge, decoys_answered_by, show_change
from domain.errors import DomainError
from domain.faq.entry_files import IMPORT_BYTES, read_file, write_file
from domain.faq.knowledge import KnowledgeError, essays, parse_entries
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import MOST_ENTRIES, Preview

EXPORT_NAME = "faq-entries.json"


class ImportButton(PersistentButton, custom_id="faq:import:{draft_id}"):
    """Imports a file whose preview was shown."""

    draft_id: Annotated[int, digits(20)]
    label = "Import"
    style = discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        """Import the file, or show its preview again if it would overwrite what somebody has changed since."""
        await check_moderator(interaction)
        store, guild_id, act = interaction.client.stores.faq_entries, guild_of(interaction), act_of(interaction)
        await acknowledge(interaction)
        entries = await store.import_draft(guild_id, act, self.draft_id)
        done = await store.confirm_import(guild_id, act, self.draft_id, await decoys_answered_by(interaction, *entries))
        if isinstance(done, Preview):
            await _show_preview(interaction, done)
        else:
            await show_change(interaction, done)


async def import_file(interaction: Interaction, file: discord.Attachment) -> None:
    """Read a file and show what importing it would do, or everything that is wrong with it."""
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    await acknowledge(interaction)
    try:
        entries = await _read(file, set(essays()))
    except KnowledgeError as error:
        await interaction.edit_original_response(embed=cards.import_refusal(error.faults))
        return
    await _show_preview(interaction, await stores.faq_entries.preview_import(guild_id, act_of(interaction), entries))


async def _read(file: discord.Attachment, reserved: set[str]) -> tuple[FaqEntry, ...]:
    if file.size > IMPORT_BYTES:
        raise KnowledgeError(f"the file is larger than {IMPORT_BYTES // 1024**2} MiB")
    data = await read_attachment(file)
    return await asyncio.to_thread(_parse, file.filename, data, reserved)


def _parse(name: str, data: bytes, reserved: set[str]) -> tuple[FaqEntry, ...]:
    found = read_file(name, data)
    if isinstance(found, list) and len(found) > MOST_ENTRIES:
        raise KnowledgeError(f"the file has {len(found)} entries, and a server keeps {MOST_ENTRIES} at most")
    return parse_entries(found, reserved)


async def _show_preview(interaction: Interaction, preview: Preview) -> None:
    own = await interaction.client.stores.faq_entries.own(guild_of(interaction))
    worth = preview.difference.new or preview.difference.changed
    view = buttons(ImportButton(preview.draft_id)) if worth else None
    await interaction.edit_original_response(embed=cards.preview_card(preview, own), view=view)


async def export_file(interaction: Interaction) -> None:
    """Send the server's own entries, overrides included, as a file to import.

    Raises:
        DomainError: faq.nothing_to_export.
    """
    own = await interaction.client.stores.faq_entries.own(guild_of(interaction))
    entries = [entry for entry in own.values() if entry]
    if not entries:
        raise DomainError("faq.nothing_to_export")
    file = discord.File(io.BytesIO(write_file(entries)), EXPORT_NAME)
    await interaction.response.send_message(cards.export_words(own), file=file, ephemeral=True)
