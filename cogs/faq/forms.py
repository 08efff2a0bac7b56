"""The form of an entry: to add one, to edit one, to answer a queued question with one."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import field, replace
from typing import Annotated, Any

import discord

from bot.custom_ids import digits, slug
from bot.i18n import words
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import Permit, check_moderator, new_permit
from cogs.faq.saving import acknowledge, save_form
from domain.errors import DomainError
from domain.faq.knowledge import LONGEST_ALTERNATES, LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_SOURCE
from domain.faq.own_entries import FormDraft, FormText

EMPTY = FormText()


class _EntryForm(PersistentModal):
    """Four fields. What is sent is saved, or given back with the reason why not."""

    permit: Permit
    text: FormText = field(default=EMPTY, kw_only=True)

    @abstractmethod
    def draft(self, text: FormText) -> FormDraft:
        """Return what sending the form does."""

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        short, text = discord.TextStyle.short, self.text
        ways = "Other ways to ask it, one a line: 8 to 12 make it easy to find."
        says = "Who says so: a document, a person's role. Shown under the answer."
        return [
            _field("Question", "question", text.question, LONGEST_QUESTION, short),
            _field("Answer", "answer", text.answer, LONGEST_ANSWER),
            _field("Alternates", "alternates", text.alternates, LONGEST_ALTERNATES, hint=ways, needed=False),
            _field("Source", "source", text.source, LONGEST_SOURCE, short, hint=says, needed=False),
        ]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        typed = {name: str(values.get(name) or "") for name in ("question", "answer", "alternates", "source")}
        draft = self.draft(FormText(**typed))
        await acknowledge(interaction)
        try:
            await check_moderator(interaction, self.permit)
            await save_form(interaction, draft)
        except DomainError as refusal:
            await _give_back(interaction, draft, refusal)


def _field(
    label: str,
    name: str,
    value: str,
    limit: int,
    style: discord.TextStyle = discord.TextStyle.paragraph,
    *,
    hint: str | None = None,
    needed: bool = True,
) -> discord.ui.Label[Any]:
    typed: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, style=style, default=value[:limit] or None, max_length=limit, required=needed
    )
    return discord.ui.Label(text=label, description=hint, component=typed)


class AddForm(_EntryForm, custom_id="faq:add:{permit}"):
    """Adds an entry."""

    title = "Add an answer"

    def draft(self, text: FormText) -> FormDraft:
        return FormDraft(text)


class EditForm(_EntryForm, custom_id="faq:edit:{entry_id}:{base}:{permit}"):
    """Edits an entry, or an essay's for this server, as change `base` left it."""

    entry_id: Annotated[str, slug(64)]
    base: Annotated[int, digits(9)]
    title = "Edit an answer"

    def draft(self, text: FormText) -> FormDraft:
        return FormDraft(text, entry_id=self.entry_id, base=self.base)


class AnswerForm(_EntryForm, custom_id="faq:answer:{question_id}:{permit}"):
    """Answers a queued question."""

    question_id: Annotated[int, digits(9)]
    title = "Answer the question"

    def draft(self, text: FormText) -> FormDraft:
        return FormDraft(text, question_id=self.question_id)


def _form_of(draft: FormDraft, permit: str) -> _EntryForm:
    """Return the form that a draft came from, filled in with it."""
    if draft.entry_id:
        return EditForm(permit, draft.entry_id, draft.base, text=draft.text)
    if draft.question_id:
        return AnswerForm(permit, draft.question_id, text=draft.text)
    return AddForm(permit, text=draft.text)


class RetryButton(PersistentButton, custom_id="faq:retry:{draft_id}"):
    """Opens a form again that could not be saved, as its author left it; saving it replaces the entry as it is now."""

    draft_id: Annotated[int, digits(20)]
    label = "Open the form again"
    style = discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        store, guild_id = interaction.client.stores.faq_entries, guild_of(interaction)
        draft = await store.form_draft(guild_id, act_of(interaction), self.draft_id)
        if draft.entry_id:
            draft = replace(draft, base=await store.last_change_of(guild_id, draft.entry_id))
        await _form_of(draft, await new_permit(interaction)).show(interaction)


async def _give_back(interaction: Interaction, draft: FormDraft, refusal: DomainError) -> None:
    """Say why nothing was saved, show what was written, and offer the form again to those who may send it."""
    guild_id, items = guild_of(interaction), []
    if refusal.key != "faq.not_yours":  # that button would let them in for an hour
        draft_id = await interaction.client.stores.faq_entries.keep_form(guild_id, act_of(interaction), draft)
        items.append(RetryButton(draft_id))
    shown = [cards.refusal_card(words(refusal.key, **refusal.params))]
    matcher = await interaction.client.answers.matcher(guild_id)
    current = matcher.get(draft.entry_id) if refusal.key == "faq.edited_meanwhile" else None
    shown += (
        [cards.text_card(draft.text, 2500), cards.current_card(current)] if current else [cards.text_card(draft.text)]
    )
    await interaction.edit_original_response(content=None, embeds=shown, view=buttons(*items))


FORMS = (AddForm, EditForm, AnswerForm)
