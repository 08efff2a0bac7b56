"""The buttons, menus and forms of the FAQ."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.ui import (
    Interaction,
    PersistentButton,
    PersistentModal,
    PersistentSelect,
    act_of,
    buttons,
    clip,
    guild_of,
    unescape,
)
from cogs.faq import cards
from db.faq import QUESTION_LENGTH
from domain.errors import DomainError
from domain.faq import Answer, Entry, Matcher, Outcome

ENTRY_ID = r"(?P<entry_id>[a-z0-9-]{1,64})"
LABEL_LENGTH = 80
ANY_SOURCE = "all"


def find_entry(interaction: Interaction, entry_id: str) -> Entry:
    """An entry of this server's FAQ.

    Raises:
        DomainError: faq.unknown_entry.
    """
    entry = interaction.client.stores.faq.matcher(guild_of(interaction)).get(entry_id)
    if entry is None:
        raise DomainError("faq.unknown_entry")
    return entry


class ShowButton(PersistentButton, template="faq:show:" + ENTRY_ID):
    """Shows another answer: in place where only the presser sees it, in a message of its own elsewhere."""

    def __init__(self, entry_id: str, label: str = "Show") -> None:
        self.entry_id = entry_id
        super().__init__(discord.ui.Button(label=clip(label, LABEL_LENGTH), custom_id=f"faq:show:{entry_id}"))

    async def act(self, interaction: Interaction) -> None:
        """Show it."""
        entry = find_entry(interaction, self.entry_id)
        await show_answer(interaction, entry)


class ShareButton(PersistentButton, template="faq:share:" + ENTRY_ID):
    """Posts an answer for everyone."""

    def __init__(self, entry_id: str) -> None:
        self.entry_id = entry_id
        button: discord.ui.Button[Any] = discord.ui.Button(
            label="Share", custom_id=f"faq:share:{entry_id}", style=discord.ButtonStyle.primary
        )
        super().__init__(button)

    async def act(self, interaction: Interaction) -> None:
        """Post it."""
        entry = find_entry(interaction, self.entry_id)
        card = cards.answer_card(entry, shared_by=interaction.user.mention)
        await interaction.response.send_message(embed=card, view=related_buttons(interaction, entry))


class FeedbackButton(PersistentButton, template="faq:(?P<answer>helpful|unhelpful):" + ENTRY_ID):
    """Counts whether an answer helped; nobody's name is kept."""

    def __init__(self, answer: str, entry_id: str) -> None:
        self.helpful, self.entry_id = answer == "helpful", entry_id
        label = "Helpful" if self.helpful else "Not helpful"
        super().__init__(discord.ui.Button(label=label, custom_id=f"faq:{answer}:{entry_id}"))

    async def act(self, interaction: Interaction) -> None:
        """Count it and take the two buttons away, so that one card counts once."""
        entry = find_entry(interaction, self.entry_id)
        store = interaction.client.stores.faq
        await store.add_feedback(guild_of(interaction), act_of(interaction), entry.id, helpful=self.helpful)
        await interaction.response.edit_message(
            content="Thank you, that is counted (without your name).",
            view=answer_buttons(interaction, entry, rated=True),
        )


class QueueButton(PersistentButton, template="faq:queue"):
    """Opens the form that puts a question to the moderators, filled in with what was asked."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Button(label="Ask the moderators", custom_id="faq:queue"))

    async def act(self, interaction: Interaction) -> None:
        """Open it."""
        await QueueForm(_asked_on(interaction.message)).show(interaction)


def _asked_on(message: discord.Message | None) -> str:
    fields = [field for embed in (message.embeds if message else ()) for field in embed.fields]
    asked = next((field.value for field in fields if field.name == cards.ASKED), "")
    return unescape(asked) if asked and asked != cards.NOTHING_READ else ""


class QueueForm(PersistentModal):
    """Puts a question on the moderators' queue."""

    template = re.compile("faq:queue:form")

    def __init__(self, question: str = "") -> None:
        self.question = question

    def form(self) -> discord.ui.Modal:
        """The form."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="question",
            style=discord.TextStyle.paragraph,
            default=self.question[:QUESTION_LENGTH] or None,
            max_length=QUESTION_LENGTH,
        )
        form = discord.ui.Modal(title="Ask the moderators", custom_id="faq:queue:form", timeout=None)
        form.add_item(discord.ui.Label(text="Your question", description="Your name is not kept.", component=field))
        return form

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Queue it."""
        store = interaction.client.stores.faq
        await store.queue_question(guild_of(interaction), act_of(interaction), str(values["question"]))
        await interaction.response.send_message("Your question is on the moderators' list.", ephemeral=True)


class PageButton(PersistentButton, template=r"faq:browse:(?P<source>[a-z0-9-]{1,40}):(?P<page>[0-9]{1,3})"):
    """Turns to a page of topics."""

    def __init__(self, source: str, page: str | int, label: str = "Page") -> None:
        self.source, self.page = source, int(page)
        super().__init__(discord.ui.Button(label=label, custom_id=f"faq:browse:{source}:{self.page}"))

    async def act(self, interaction: Interaction) -> None:
        """Turn."""
        entries = topics(interaction.client.stores.faq.matcher(guild_of(interaction)), self.source)
        page = min(self.page, cards.pages(entries) - 1)
        view = browse_view(entries, self.source, page)
        await interaction.response.edit_message(embed=cards.browse_card(entries, page), view=view)


class TopicSelect(PersistentSelect, template=r"faq:topics:(?P<page>[0-9]{1,3})"):
    """Opens one of the topics on a page."""

    def __init__(self, page: str | int, entries: Iterable[Entry] = ()) -> None:
        options = [discord.SelectOption(label=clip(entry.question, 100), value=entry.id) for entry in entries]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"faq:topics:{page}", placeholder="Read an answer", options=options
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Show it beside the list, which stays where it is."""
        entry = find_entry(interaction, self.item.values[0])
        view = answer_buttons(interaction, entry)
        await interaction.response.send_message(embed=cards.answer_card(entry), view=view, ephemeral=True)


async def show_answer(interaction: Interaction, entry: Entry) -> None:
    """Show an answer to the presser alone, in place of the card if that was theirs alone too."""
    card, view = cards.answer_card(entry), answer_buttons(interaction, entry)
    if interaction.message and interaction.message.flags.ephemeral:
        await interaction.response.edit_message(content=None, embed=card, view=view)
    else:
        await interaction.response.send_message(embed=card, view=view, ephemeral=True)


def answer_buttons(interaction: Interaction, entry: Entry, *, rated: bool = False) -> discord.ui.View:
    """Share, rate, and the related questions."""
    items: list[discord.ui.Item[Any]] = [ShareButton(entry.id)]
    if not rated:
        items += [FeedbackButton("helpful", entry.id), FeedbackButton("unhelpful", entry.id)]
    return buttons(*items, *_related(interaction, entry))


def related_buttons(interaction: Interaction, entry: Entry) -> discord.ui.View:
    """The related questions alone, for a card that everyone sees."""
    return buttons(*_related(interaction, entry))


def _related(interaction: Interaction, entry: Entry) -> list[ShowButton]:
    matcher = interaction.client.stores.faq.matcher(guild_of(interaction))
    found = [matcher.get(entry_id) for entry_id in entry.related[:4]]
    related = [ShowButton(other.id, other.question) for other in found if other]
    for row, button in enumerate(related, start=1):
        button.row = row
    return related


def outcome_buttons(answer: Answer) -> discord.ui.View:
    """The three nearest topics, and the way to the moderators."""
    shown = [ShowButton(entry.id, entry.question) for entry in answer.ranked[:3]]
    for row, button in enumerate(shown):
        button.row = row
    queue = QueueButton()
    queue.row = len(shown)
    return buttons(*shown, queue)


def outcome_card(answer: Answer) -> discord.Embed:
    """The card of an answer that is not sure."""
    return cards.choose_card(answer) if answer.outcome is Outcome.CHOOSE else cards.unknown_card(answer)


def topics(matcher: Matcher, source: str) -> Sequence[Entry]:
    """The entries of one essay, or all."""
    return [
        entry for entry in matcher.entries if source == ANY_SOURCE or (entry.source and entry.source.essay == source)
    ]


def browse_view(entries: Sequence[Entry], source: str, page: int) -> discord.ui.View:
    """The menu of a page and the ways to its neighbours."""
    items: list[discord.ui.Item[Any]] = [TopicSelect(page, cards.page_of(entries, page))]
    if page > 0:
        items.append(PageButton(source, page - 1, "‹ Back"))
    if page + 1 < cards.pages(entries):
        items.append(PageButton(source, page + 1, "More ›"))
    return buttons(*items)


ITEMS = (ShowButton, ShareButton, FeedbackButton, QueueButton, PageButton, TopicSelect)
