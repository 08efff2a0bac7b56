"""The moderators' queue: a list, one question, and what to do with it in one press."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord_limits import CHOICES
from bot.events import FAQ_ANSWERED
from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, act_of, buttons, clip, guild_of
from cogs.faq import admin_cards as cards
from cogs.faq.access import check_moderator, new_permit
from cogs.faq.forms import AnswerForm
from cogs.faq.saving import acknowledge, show_change
from domain.faq.knowledge import LONGEST_QUESTION
from domain.faq.matcher import FaqEntry, Origin
from domain.faq.own_entries import FormText
from domain.faq.queue import QueuedQuestion

QUESTION_ID = r"(?P<question_id>[0-9]{1,9})"


class QueuePageButton(PersistentButton, template=r"faq:queue:page:(?P<page>[0-9]{1,3})"):
    """Shows a page of the queue."""

    def __init__(self, page: str | int, label: str = "‹ The list") -> None:
        self.page = int(page)
        super().__init__(discord.ui.Button(label=label, custom_id=f"faq:queue:page:{self.page}"))

    async def act(self, interaction: Interaction) -> None:
        """Show it."""
        await check_moderator(interaction)
        questions = await interaction.client.stores.faq_queue.open(guild_of(interaction))
        page = min(self.page, cards.queue_pages(questions) - 1)
        card, view = cards.queue_card(questions, page), queue_view(questions, page)
        await interaction.response.edit_message(embed=card, view=view)


class QuestionSelect(PersistentSelect, template=r"faq:queue:pick:(?P<page>[0-9]{1,3})"):
    """Picks a question of the page."""

    def __init__(self, page: str | int, questions: Sequence[QueuedQuestion] = ()) -> None:
        options = [
            discord.SelectOption(label=clip(one.wording, 100), value=str(one.question_id), description=f"{one.asked}×")
            for one in questions
        ]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"faq:queue:pick:{page}", placeholder="Answer a question…", options=options
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Show it with what can be done."""
        await check_moderator(interaction)
        question_id = number(only(self.item.values))
        question = await interaction.client.stores.faq_queue.get(guild_of(interaction), question_id)
        nearest = await candidates(interaction, question)
        card, view = cards.question_card(question, nearest), question_view(question_id, nearest)
        await interaction.response.edit_message(embed=card, view=view)


async def candidates(interaction: Interaction, question: QueuedQuestion) -> Sequence[FaqEntry]:
    """The answers that a question may belong to: the nearest first, then the server's own, as many as a menu holds."""
    answer, matcher = await interaction.client.answers.ask(guild_of(interaction), question.wording)
    own = [entry for entry in matcher.entries if entry.origin is not Origin.ESSAY]
    return [*answer.ranked, *(entry for entry in own if entry not in answer.ranked)][:CHOICES]


class AnswerButton(PersistentButton, template=f"faq:queue:answer:{QUESTION_ID}"):
    """Opens the form of a new entry, filled in with the question and its other wordings."""

    def __init__(self, question_id: str | int) -> None:
        self.question_id = int(question_id)
        button: discord.ui.Button[Any] = discord.ui.Button(
            label="Answer", custom_id=f"faq:queue:answer:{self.question_id}", style=discord.ButtonStyle.primary
        )
        super().__init__(button)

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await check_moderator(interaction)
        question = await interaction.client.stores.faq_queue.get(guild_of(interaction), self.question_id)
        await AnswerForm(self.question_id, await new_permit(interaction), prefilled(question)).show(interaction)


def prefilled(question: QueuedQuestion) -> FormText:
    """The form of an entry that answers a queued question; a wording too long for a title is an alternate as well."""
    fits = len(question.wording) <= LONGEST_QUESTION
    others = question.wordings[1:] if fits else question.wordings
    return FormText(question=clip(question.wording, LONGEST_QUESTION), alternates="\n".join(others))


class AlternateSelect(PersistentSelect, template=f"faq:queue:alternate:{QUESTION_ID}"):
    """Adds a question's wordings to an answer that is there."""

    def __init__(self, question_id: str | int, nearest: Sequence[FaqEntry] = ()) -> None:
        self.question_id = int(question_id)
        options = [discord.SelectOption(label=clip(entry.question, 100), value=entry.id) for entry in nearest]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"faq:queue:alternate:{self.question_id}",
            placeholder="Add as alternate of…",
            options=options,
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Add them."""
        await check_moderator(interaction)
        store, guild_id = interaction.client.stores.faq_queue, guild_of(interaction)
        waiting = (await store.get(guild_id, self.question_id)).waiting
        change = await store.add_alternates(guild_id, act_of(interaction), self.question_id, only(self.item.values))
        await acknowledge(interaction)
        interaction.client.dispatch(FAQ_ANSWERED)
        await show_change(interaction, change, waiting=waiting, queued=True)


class CloseButton(PersistentButton, template=f"faq:queue:(?P<verb>not-covered|dismiss):{QUESTION_ID}"):
    """Marks a question as not covered, or dismisses it."""

    def __init__(self, verb: str, question_id: str | int) -> None:
        self.verb, self.question_id = verb, int(question_id)
        label = "Not covered" if verb == "not-covered" else "Dismiss"
        super().__init__(discord.ui.Button(label=label, custom_id=f"faq:queue:{verb}:{self.question_id}"))

    async def act(self, interaction: Interaction) -> None:
        """Do it."""
        await check_moderator(interaction)
        store = interaction.client.stores.faq_queue
        close = store.mark_not_covered if self.verb == "not-covered" else store.dismiss
        change = await close(guild_of(interaction), act_of(interaction), self.question_id)
        await acknowledge(interaction)
        await show_change(interaction, change, queued=True)


def queue_view(questions: Sequence[QueuedQuestion], page: int) -> discord.ui.View:
    """The menu of a page and the ways to its neighbours."""
    shown = questions[page * cards.QUEUE_PAGE : (page + 1) * cards.QUEUE_PAGE]
    items: list[discord.ui.Item[Any]] = [QuestionSelect(page, shown)] if shown else []
    for step, label in ((-1, "‹ Back"), (1, "More ›")):
        if 0 <= page + step < cards.queue_pages(questions):
            items.append(QueuePageButton(page + step, label))
    return buttons(*items)


def question_view(question_id: int, nearest: Sequence[FaqEntry]) -> discord.ui.View:
    """What can be done with a question."""
    items: list[discord.ui.Item[Any]] = [
        AnswerButton(question_id),
        CloseButton("not-covered", question_id),
        CloseButton("dismiss", question_id),
        QueuePageButton(0),
    ]
    return buttons(*items, *([AlternateSelect(question_id, nearest)] if nearest else []))


ITEMS = (QueuePageButton, QuestionSelect, AnswerButton, AlternateSelect, CloseButton)
