"""The buttons of an answer: share, rate, show another. And how a question is answered with a card."""

import logging
from typing import Annotated, Any

import discord

from bot.custom_ids import one_of, slug
from bot.discord_limits import BUTTON_LABEL_LENGTH
from bot.ui import Interaction, PersistentButton, act_of, buttons, clip, guild_of
from cogs.faq import cards
from cogs.faq.ask_moderators import QueueButton
from db.engine.errors import EngineError, StorageError
from domain.errors import DomainError
from domain.faq.matcher import Answer, FaqEntry, Matcher
from domain.ranking.gate import FaqOutcome

log = logging.getLogger(__name__)

EntryId = Annotated[str, slug(64)]


async def find_entry(interaction: Interaction, entry_id: str) -> tuple[Matcher, FaqEntry]:
    """Return an entry of this server's FAQ, and the matcher that has it.

    Raises:
        DomainError: faq.unknown_entry.
    """
    matcher = await interaction.client.answers.matcher(guild_of(interaction))
    entry = matcher.get(entry_id)
    if entry is None:
        raise DomainError("faq.unknown_entry")
    return matcher, entry


class ShowButton(PersistentButton, custom_id="faq:show:{entry_id}"):
    """Shows another answer: in place on a card that only one person sees, in a new message on any other."""

    entry_id: EntryId
    question: str = "Show"

    @property
    def label(self) -> str:
        return clip(self.question, BUTTON_LABEL_LENGTH)

    async def act(self, interaction: Interaction) -> None:
        matcher, entry = await find_entry(interaction, self.entry_id)
        card, view = cards.answer_card(entry), answer_buttons(matcher, entry)
        if interaction.message and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(content=None, embed=card, view=view)
        else:
            await interaction.response.send_message(embed=card, view=view, ephemeral=True)


class ShareButton(PersistentButton, custom_id="faq:share:{entry_id}"):
    """Posts an answer for everyone."""

    entry_id: EntryId
    label = "Share"
    style = discord.ButtonStyle.primary

    async def act(self, interaction: Interaction) -> None:
        matcher, entry = await find_entry(interaction, self.entry_id)
        card = cards.answer_card(entry, shared_by=interaction.user.mention)
        await interaction.response.send_message(embed=card, view=related_buttons(matcher, entry))


class FeedbackButton(PersistentButton, custom_id="faq:{answer}:{entry_id}"):
    """Counts whether an answer helped; nobody's name is kept."""

    answer: Annotated[str, one_of("helpful", "unhelpful")]
    entry_id: EntryId

    @property
    def label(self) -> str:
        return "Helpful" if self.answer == "helpful" else "Not helpful"

    async def act(self, interaction: Interaction) -> None:
        """Count it and take the two buttons away, so that one card counts once."""
        matcher, entry = await find_entry(interaction, self.entry_id)
        card = interaction.message.id if interaction.message else None
        await interaction.client.stores.faq.add_feedback(
            guild_of(interaction), act_of(interaction), entry.id, helpful=self.answer == "helpful", message_id=card
        )
        await interaction.response.edit_message(
            content="Thank you, that is counted (without your name).", view=answer_buttons(matcher, entry, rated=True)
        )


async def answer_question(interaction: Interaction, question: str, *, share: bool = False) -> None:
    """Answer with the card that fits, then count the question. Only an answer that is sure is ever shared."""
    answer, matcher = await interaction.client.answers.ask(guild_of(interaction), question)
    entry = answer.entry
    if entry is None:
        card, view = unsure_card(answer), unsure_buttons(answer)
    elif share:
        card = cards.answer_card(entry, asked=question, shared_by=interaction.user.mention)
        view = related_buttons(matcher, entry)
    else:
        card, view = cards.answer_card(entry, asked=question), answer_buttons(matcher, entry)
    await interaction.response.send_message(embed=card, view=view, ephemeral=not (entry and share))
    await _count(interaction, answer)


async def _count(interaction: Interaction, answer: Answer) -> None:
    """Count a question. A failure here is only logged: the answer is already out."""
    entry_id = answer.entry.id if answer.entry else None
    store, guild_id = interaction.client.stores.faq, guild_of(interaction)
    try:
        await store.count(guild_id, interaction.created_at, answer.outcome, entry_id)
    except (StorageError, EngineError) as error:
        log.warning("a question was answered but not counted: %s", type(error).__name__)


def answer_buttons(matcher: Matcher, entry: FaqEntry, *, rated: bool = False) -> discord.ui.View:
    """Return the buttons to share and rate an answer, and the related questions."""
    items: list[discord.ui.Item[Any]] = [ShareButton(entry.id)]
    if not rated:
        items += [FeedbackButton("helpful", entry.id), FeedbackButton("unhelpful", entry.id)]
    return buttons(*items, *_related(matcher, entry))


def related_buttons(matcher: Matcher, entry: FaqEntry) -> discord.ui.View:
    """Return the related questions only, for a card that everyone sees."""
    return buttons(*_related(matcher, entry))


def _related(matcher: Matcher, entry: FaqEntry) -> list[ShowButton]:
    found = [matcher.get(entry_id) for entry_id in entry.related[:4]]
    related = [ShowButton(other.id, question=other.question) for other in found if other]
    for row, button in enumerate(related, start=1):
        button.row = row
    return related


def unsure_buttons(answer: Answer) -> discord.ui.View:
    """Return the three nearest topics and the button to ask the moderators."""
    shown = [ShowButton(entry.id, question=entry.question) for entry in answer.ranked[:3]]
    for row, button in enumerate(shown):
        button.row = row
    queue = QueueButton()
    queue.row = len(shown)
    return buttons(*shown, queue)


def unsure_card(answer: Answer) -> discord.Embed:
    """Return the card of an answer that is not sure."""
    return cards.choose_card(answer) if answer.outcome is FaqOutcome.CHOOSE else cards.unknown_card(answer)


ITEMS = (ShowButton, ShareButton, FeedbackButton)
