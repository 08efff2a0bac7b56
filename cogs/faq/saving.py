"""Saving what a moderator wrote: it is checked, compared with what is there, undone with one press, never lost."""

import asyncio
from typing import Annotated, Any

import discord

from bot.custom_ids import digits
from bot.events import FAQ_ANSWERED
from bot.ui import Interaction, PersistentButton, act_of, buttons, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import check_moderator
from domain.errors import DomainError
from domain.faq.changes import Change
from domain.faq.knowledge import essays
from domain.faq.lint import PhrasingWarning, lint, released_decoys
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import FormDraft, combine, entry_from_form


class UndoButton(PersistentButton, custom_id="faq:undo:{change_id}"):
    """Takes back one change, and leaves a button that puts it back."""

    change_id: Annotated[int, digits(9)]
    label: str = "Undo"

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        store = interaction.client.stores.faq_entries
        change = await store.undo(guild_of(interaction), act_of(interaction), self.change_id)
        await acknowledge(interaction)
        await show_change(interaction, change, undo="Put it back")


async def save_form(interaction: Interaction, form: FormDraft) -> None:
    """Save what a form says and show the change.

    Raises:
        DomainError: it cannot be saved, and nothing was.
    """
    stores, guild_id, waiting = interaction.client.stores, guild_of(interaction), 0
    entry = await _entry_of(interaction, form)
    if form.question_id:
        waiting = (await stores.faq_queue.get(guild_id, form.question_id)).waiting
    warned = await _lint(interaction, entry)
    change = await _save(interaction, form, entry)
    interaction.client.dispatch(FAQ_ANSWERED)
    await show_change(interaction, change, warned=warned, waiting=waiting, queued=bool(form.question_id))


async def _entry_of(interaction: Interaction, form: FormDraft) -> FaqEntry:
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    if not form.entry_id:
        return entry_from_form(form.text, reserved=set(essays()))
    own = await stores.faq_entries.own(guild_id)
    before = own.get(form.entry_id) or essays().get(form.entry_id)
    if before is None:
        raise DomainError("faq.unknown_entry")
    return entry_from_form(form.text, before)


async def _lint(interaction: Interaction, entry: FaqEntry) -> tuple[PhrasingWarning, ...]:
    matcher = await interaction.client.answers.matcher(guild_of(interaction))
    return await asyncio.to_thread(lint, entry, matcher)


async def _save(interaction: Interaction, form: FormDraft, entry: FaqEntry) -> Change:
    stores, guild_id, act = interaction.client.stores, guild_of(interaction), act_of(interaction)
    decoys = await decoys_answered_by(interaction, entry)
    if form.entry_id:
        return await stores.faq_entries.edit(guild_id, act, entry, form.base, decoys)
    if form.question_id:
        return await stores.faq_queue.answer(guild_id, act, form.question_id, entry, decoys)
    return await stores.faq_entries.add(guild_id, act, entry, decoys)


async def decoys_answered_by(interaction: Interaction, *entries: FaqEntry) -> tuple[str, ...]:
    """Return the decoys of this server that these entries would answer."""
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    decoys = (await stores.faq.knowledge(guild_id)).decoys
    if not decoys:
        return ()
    own = {**await stores.faq_entries.own(guild_id), **{entry.id: entry for entry in entries}}
    ids = {entry.id for entry in entries}
    return await asyncio.to_thread(released_decoys, ids, combine(tuple(essays().values()), own), decoys)


async def acknowledge(interaction: Interaction) -> None:
    """Gain time: comparing and saving can take longer than Discord waits."""
    if interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.defer()
    else:
        await interaction.response.defer(ephemeral=True, thinking=True)


async def show_change(
    interaction: Interaction,
    change: Change,
    *,
    warned: tuple[PhrasingWarning, ...] = (),
    waiting: int = 0,
    undo: str = "Undo",
    queued: bool = False,
) -> None:
    """Show what a change did, with a button to undo it, and one to the queue if it came from there.

    The interaction must have been acknowledged.
    """
    matcher = await interaction.client.answers.matcher(guild_of(interaction))
    card = cards.change_card(change, matcher, warned=warned, waiting=waiting)
    # a `queue_views.QueuePageButton` by its custom_id; that module imports this one
    to_queue: list[discord.ui.Button[Any]] = [discord.ui.Button(label="‹ The list", custom_id="faq:queue:page:0")]
    view = buttons(UndoButton(change.change_id, label=undo), *(to_queue if queued else ()))
    await interaction.edit_original_response(content=None, embed=card, view=view)
