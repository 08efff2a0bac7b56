"""The form of an entry: to add one, to edit one, to answer a queued question with one."""

import re
from abc import abstractmethod
from dataclasses import replace
from typing import Any

import discord

from bot.i18n import words
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, buttons, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import PERMIT, check_moderator, new_permit
from cogs.faq.saving import acknowledge, save_form
from domain.errors import DomainError
from domain.faq.knowledge import LONGEST_ALTERNATES, LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_SOURCE
from domain.faq.own_entries import FormDraft, FormText

EMPTY = FormText()


class _EntryForm(PersistentModal):
    """Four fields. What is sent is saved, or given back with the reason."""

    title = "Add an answer"

    def __init__(self, permit: str, text: FormText = EMPTY) -> None:
        self.permit, self.text = permit, text

    @abstractmethod
    def custom_id(self) -> str:
        """What routes it back."""

    @abstractmethod
    def draft(self, text: FormText) -> FormDraft:
        """What sending it is to do."""

    def form(self) -> discord.ui.Modal:
        """The form, filled in with what is known."""
        form = discord.ui.Modal(title=self.title, custom_id=self.custom_id(), timeout=None)
        short, text = discord.TextStyle.short, self.text
        form.add_item(_field("Question", "question", text.question, LONGEST_QUESTION, short))
        form.add_item(_field("Answer", "answer", text.answer, LONGEST_ANSWER))
        hint = "Other ways to ask it, one a line: 8 to 12 make it easy to find."
        form.add_item(_field("Alternates", "alternates", text.alternates, LONGEST_ALTERNATES, hint=hint, needed=False))
        hint = "Who says so: a document, a person's role. Shown under the answer."
        form.add_item(_field("Source", "source", text.source, LONGEST_SOURCE, short, hint=hint, needed=False))
        return form

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Save it, or give it back."""
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
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, style=style, default=value[:limit] or None, max_length=limit, required=needed
    )
    return discord.ui.Label(text=label, description=hint, component=field)


class AddForm(_EntryForm):
    """Adds an entry."""

    template = re.compile(f"faq:add:{PERMIT}")

    def custom_id(self) -> str:
        """What routes it back."""
        return f"faq:add:{self.permit}"

    def draft(self, text: FormText) -> FormDraft:
        """A new entry."""
        return FormDraft(text)


class EditForm(_EntryForm):
    """Edits an entry, or an essay's for this server, as change `base` left it."""

    template = re.compile(f"faq:edit:(?P<entry_id>[a-z0-9-]{{1,64}}):(?P<base>[0-9]{{1,9}}):{PERMIT}")
    title = "Edit an answer"

    def __init__(self, entry_id: str, base: str | int, permit: str, text: FormText = EMPTY) -> None:
        super().__init__(permit, text)
        self.entry_id, self.base = entry_id, int(base)

    def custom_id(self) -> str:
        """What routes it back."""
        return f"faq:edit:{self.entry_id}:{self.base}:{self.permit}"

    def draft(self, text: FormText) -> FormDraft:
        """A newer text of that entry."""
        return FormDraft(text, entry_id=self.entry_id, base=self.base)


class AnswerForm(_EntryForm):
    """Answers a queued question."""

    template = re.compile(f"faq:answer:(?P<question_id>[0-9]{{1,9}}):{PERMIT}")
    title = "Answer the question"

    def __init__(self, question_id: str | int, permit: str, text: FormText = EMPTY) -> None:
        super().__init__(permit, text)
        self.question_id = int(question_id)

    def custom_id(self) -> str:
        """What routes it back."""
        return f"faq:answer:{self.question_id}:{self.permit}"

    def draft(self, text: FormText) -> FormDraft:
        """A new entry, and the question off the queue."""
        return FormDraft(text, question_id=self.question_id)


def _form_of(draft: FormDraft, permit: str) -> _EntryForm:
    """The form that a draft came from, filled in with it."""
    if draft.entry_id:
        return EditForm(draft.entry_id, draft.base, permit, draft.text)
    if draft.question_id:
        return AnswerForm(draft.question_id, permit, draft.text)
    return AddForm(permit, draft.text)


class RetryButton(PersistentButton, template=r"faq:retry:(?P<draft_id>[0-9]{1,20})"):
    """Opens a form again that could not be saved, as its author left it, on top of what stands now."""

    def __init__(self, draft_id: str | int) -> None:
        self.draft_id = int(draft_id)
        button: discord.ui.Button[Any] = discord.ui.Button(
            label="Open the form again", custom_id=f"faq:retry:{self.draft_id}", style=discord.ButtonStyle.primary
        )
        super().__init__(button)

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await check_moderator(interaction)
        store, guild_id = interaction.client.stores.faq_entries, guild_of(interaction)
        draft = await store.form_draft(guild_id, act_of(interaction), self.draft_id)
        if draft.entry_id:
            draft = replace(draft, base=await store.last_change_of(guild_id, draft.entry_id))
        await _form_of(draft, await new_permit(interaction)).show(interaction)


async def _give_back(interaction: Interaction, draft: FormDraft, refusal: DomainError) -> None:
    """Say why nothing was saved, show what was written, and offer the form again to those who may send it."""
    guild_id, items = guild_of(interaction), []
    if refusal.key != "faq.not_yours":  # that button would be their permit for an hour
        draft_id = await interaction.client.stores.faq_entries.keep_form(guild_id, act_of(interaction), draft)
        items.append(RetryButton(draft_id))
    shown = [cards.refusal_card(words(refusal.key, **refusal.params))]
    matcher = await interaction.client.answers.matcher(guild_id)
    stands = matcher.get(draft.entry_id) if refusal.key == "faq.edited_meanwhile" else None
    shown += (
        [cards.text_card(draft.text, 2500), cards.standing_card(stands)] if stands else [cards.text_card(draft.text)]
    )
    await interaction.edit_original_response(content=None, embeds=shown, view=buttons(*items))


FORMS = (AddForm, EditForm, AnswerForm)
