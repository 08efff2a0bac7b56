"""The moderators' queue: a list, one question, and what to do with it in one press."""

from collections.abc import Sequence
from typing import Annotated, Any

import discord

from bot.custom_ids import digits, one_of
from bot.discord_limits import CHOICES
from bot.events import FAQ_ANSWERED
from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, act_of, buttons, clip, guild_of, option
from cogs.faq import admin_cards as cards
from cogs.faq.access import check_moderator, new_permit
from cogs.faq.forms import AnswerForm
from cogs.faq.saving import acknowledge, show_change
from domain.faq.knowledge import LONGEST_QUESTION
from domain.faq.matcher import FaqEntry, Origin
from domain.faq.own_entries import FormText
from domain.faq.queue import QueuedQuestion

QuestionId = Annotated[int, digits(9)]
Page = Annotated[int, digits(3)]


class QueuePageButton(PersistentButton, custom_id="faq:queue:page:{page}"):
    """Shows a page of the queue."""

    page: Page
    label: str = "‹ The list"

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        questions = await interaction.client.stores.faq_queue.open(guild_of(interaction))
        page = min(self.page, cards.queue_pages(questions) - 1)
        card, view = cards.queue_card(questions, page), queue_view(questions, page)
        await interaction.response.edit_message(embed=card, view=view)


class QuestionSelect(PersistentSelect, custom_id="faq:queue:pick:{page}"):
    """Picks a question of the page."""

    page: Page
    questions: Sequence[QueuedQuestion] = ()
    placeholder = "Answer a question…"

    def options(self) -> list[discord.SelectOption]:
        return [option(one.wording, one.question_id, description=f"{one.asked}×") for one in self.questions]

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        question_id = number(only(self.item.values))
        question = await interaction.client.stores.faq_queue.get(guild_of(interaction), question_id)
        nearest = await candidates(interaction, question)
        card, view = cards.question_card(question, nearest), question_view(question_id, nearest)
        await interaction.response.edit_message(embed=card, view=view)


async def candidates(interaction: Interaction, question: QueuedQuestion) -> Sequence[FaqEntry]:
    """Return the answers that a question may belong to: the nearest, then the server's own, as many as a menu holds."""
    answer, matcher = await interaction.client.answers.ask(guild_of(interaction), question.wording)
    own = [entry for entry in matcher.entries if entry.origin is not Origin.ESSAY]
    return [*answer.ranked, *(entry for entry in own if entry not in answer.ranked)][:CHOICES]


class AnswerButton(PersistentButton, custom_id="faq:queue:answer:{question_id}"):
    """Opens the form of a new entry, filled in with the question and its other wordings."""

    question_id: QuestionId
    label = "Answer"
    style = discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        question = await interaction.client.stores.faq_queue.get(guild_of(interaction), self.question_id)
        form = AnswerForm(await new_permit(interaction), self.question_id, text=prefilled(question))
        await form.show(interaction)


def prefilled(question: QueuedQuestion) -> FormText:
    """Fill in the form for a queued question; a wording too long for a title becomes an alternate too."""
    fits = len(question.wording) <= LONGEST_QUESTION
    others = question.wordings[1:] if fits else question.wordings
    return FormText(question=clip(question.wording, LONGEST_QUESTION), alternates="\n".join(others))


class AlternateSelect(PersistentSelect, custom_id="faq:queue:alternate:{question_id}"):
    """Adds a question's wordings to an answer that is there."""

    question_id: QuestionId
    nearest: Sequence[FaqEntry] = ()
    placeholder = "Add as alternate of…"

    def options(self) -> list[discord.SelectOption]:
        return [option(entry.question, entry.id) for entry in self.nearest]

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        store, guild_id = interaction.client.stores.faq_queue, guild_of(interaction)
        waiting = (await store.get(guild_id, self.question_id)).waiting
        change = await store.add_alternates(guild_id, act_of(interaction), self.question_id, only(self.item.values))
        await acknowledge(interaction)
        interaction.client.dispatch(FAQ_ANSWERED)
        await show_change(interaction, change, waiting=waiting, queued=True)


class CloseButton(PersistentButton, custom_id="faq:queue:{verb}:{question_id}"):
    """Marks a question as not covered, or dismisses it."""

    verb: Annotated[str, one_of("not-covered", "dismiss")]
    question_id: QuestionId

    @property
    def label(self) -> str:
        return "Not covered" if self.verb == "not-covered" else "Dismiss"

    async def act(self, interaction: Interaction) -> None:
        await check_moderator(interaction)
        store = interaction.client.stores.faq_queue
        close = store.mark_not_covered if self.verb == "not-covered" else store.dismiss
        change = await close(guild_of(interaction), act_of(interaction), self.question_id)
        await acknowledge(interaction)
        await show_change(interaction, change, queued=True)


def queue_view(questions: Sequence[QueuedQuestion], page: int) -> discord.ui.View:
    """Return the menu of a page and the buttons to its neighbours."""
    shown = questions[page * cards.QUEUE_PAGE : (page + 1) * cards.QUEUE_PAGE]
    items: list[discord.ui.Item[Any]] = [QuestionSelect(page, questions=shown)] if shown else []
    for step, label in ((-1, "‹ Back"), (1, "More ›")):
        if 0 <= page + step < cards.queue_pages(questions):
            items.append(QueuePageButton(page + step, label=label))
    return buttons(*items)


def question_view(question_id: int, nearest: Sequence[FaqEntry]) -> discord.ui.View:
    """Return the buttons for what can be done with a question."""
    items: list[discord.ui.Item[Any]] = [
        AnswerButton(question_id),
        CloseButton("not-covered", question_id),
        CloseButton("dismiss", question_id),
        QueuePageButton(0),
    ]
    return buttons(*items, *([AlternateSelect(question_id, nearest=nearest)] if nearest else []))


ITEMS = (QueuePageButton, QuestionSelect, AnswerButton, AlternateSelect, CloseButton)
