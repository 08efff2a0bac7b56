"""`/faq browse`: all topics by essay and section, a page at a time."""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, buttons, clip, guild_of
from cogs.faq import cards
from cogs.faq.views import answer_buttons, find_entry
from domain.faq.matcher import FaqEntry, Matcher, Origin

ANY, SERVER = "all", "server"
"""Sources besides the essays' slugs."""

SOURCE = r"(?P<source>[a-z0-9-]{1,40})"
PAGE = r"(?P<page>[0-9]{1,3})"
SECTION = r"(?P<section>[0-9]{1,3})"
SECTIONS_SHOWN = 24
"""A select menu holds 25 choices, and one of them is all sections."""


class PageButton(PersistentButton, template=f"faq:browse:{SOURCE}:{PAGE}"):
    """Turns to a page of topics."""

    def __init__(self, source: str, page: str | int, label: str = "Page") -> None:
        self.source, self.page = source, int(page)
        super().__init__(discord.ui.Button(label=label, custom_id=f"faq:browse:{source}:{self.page}"))

    async def act(self, interaction: Interaction) -> None:
        """Turn."""
        await turn(interaction, self.source, self.page)


class SectionPageButton(PersistentButton, template=f"faq:section:{SOURCE}:{SECTION}:{PAGE}"):
    """Turns to a page of one section."""

    def __init__(self, source: str, section: str | int, page: str | int, label: str = "Page") -> None:
        self.source, self.section, self.page = source, int(section), int(page)
        custom_id = f"faq:section:{source}:{self.section}:{self.page}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id))

    async def act(self, interaction: Interaction) -> None:
        """Turn."""
        await turn(interaction, self.source, self.page, self.section)


class SectionSelect(PersistentSelect, template=f"faq:sections:{SOURCE}"):
    """Shows the topics of one section; values are the sections' numbers in their order."""

    def __init__(self, source: str, sections: Sequence[tuple[str, str]] = (), chosen: int | None = None) -> None:
        self.source = source
        options = [discord.SelectOption(label="All sections", value=ANY, default=chosen is None)]
        for place, (title, section) in enumerate(sections[:SECTIONS_SHOWN]):
            label, where = clip(section or title, 100), clip(title, 100)
            option = discord.SelectOption(label=label, value=str(place), description=where, default=place == chosen)
            options.append(option)
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"faq:sections:{source}", placeholder="Go to a section", options=options
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Go there."""
        value = only(self.item.values)
        await turn(interaction, self.source, 0, None if value == ANY else number(value))


class TopicSelect(PersistentSelect, template=f"faq:topics:{PAGE}"):
    """Opens one of the topics on a page."""

    def __init__(self, page: str | int, entries: Iterable[FaqEntry] = ()) -> None:
        options = [discord.SelectOption(label=clip(entry.question, 100), value=entry.id) for entry in entries]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"faq:topics:{page}", placeholder="Read an answer", options=options
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Show it beside the list, which stays where it is."""
        matcher, entry = await find_entry(interaction, only(self.item.values))
        view = answer_buttons(matcher, entry)
        await interaction.response.send_message(embed=cards.answer_card(entry), view=view, ephemeral=True)


async def turn(interaction: Interaction, source: str, page: int, section: int | None = None) -> None:
    """Show a page in place of the one that was pressed."""
    card, view = browse(await interaction.client.answers.matcher(guild_of(interaction)), source, page, section)
    await interaction.response.edit_message(embed=card, view=view)


def browse(
    matcher: Matcher, source: str, page: int = 0, section: int | None = None
) -> tuple[discord.Embed, discord.ui.View]:
    """A page of a source's topics, or of one of its sections; what is out of range is the nearest there is."""
    everything = topics(matcher, source)
    sections = list(dict.fromkeys(map(cards.place_of, everything)))
    if section is not None and not section < len(sections):
        section = None
    shown = [entry for entry in everything if section is None or cards.place_of(entry) == sections[section]]
    page = min(page, cards.pages(shown) - 1)
    items: list[discord.ui.Item[Any]] = [TopicSelect(page, cards.page_of(shown, page))] if shown else []
    if len(sections) > 1:
        items.append(SectionSelect(source, sections, section))
    for step, label in ((-1, "‹ Back"), (1, "More ›")):
        if 0 <= page + step < cards.pages(shown):
            items.append(_page_button(source, section, page + step, label))
    return cards.browse_card(shown, page), buttons(*items)


def _page_button(source: str, section: int | None, page: int, label: str) -> PersistentButton:
    if section is None:
        return PageButton(source, page, label)
    return SectionPageButton(source, section, page, label)


def topics(matcher: Matcher, source: str) -> Sequence[FaqEntry]:
    """The entries of one essay, of this server, or all: the essays' first."""
    essays = [entry for entry in matcher.entries if entry.origin is Origin.ESSAY]
    own = [entry for entry in matcher.entries if entry.origin is not Origin.ESSAY]
    own.sort(key=cards.place_of)
    if source == SERVER:
        return own
    if source == ANY:
        return essays + own
    return [entry for entry in essays if entry.source and entry.source.essay == source]


ITEMS = (PageButton, SectionPageButton, SectionSelect, TopicSelect)
