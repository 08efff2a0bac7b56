"""`/faq browse`: all topics by essay and section, a page at a time."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import discord

from bot.custom_ids import digits, slug
from bot.discord_limits import CHOICES
from bot.incoming import number, only
from bot.ui import Interaction, PersistentButton, PersistentSelect, buttons, guild_of, option
from cogs.faq import cards
from cogs.faq.views import answer_buttons, find_entry
from domain.faq.matcher import FaqEntry, Matcher, Origin

ANY, SERVER = "all", "server"
"""Sources besides the essays' slugs."""

Source = Annotated[str, slug(40)]
Number = Annotated[int, digits(3)]
SECTIONS_SHOWN = CHOICES - 1
"""One option of the menu is all sections."""


class PageButton(PersistentButton, custom_id="faq:browse:{source}:{page}"):
    """Shows a page of topics."""

    source: Source
    page: Number
    label: str = "Page"

    async def act(self, interaction: Interaction) -> None:
        await show_page(interaction, self.source, self.page)


class SectionPageButton(PersistentButton, custom_id="faq:section:{source}:{section}:{page}"):
    """Shows a page of one section."""

    source: Source
    section: Number
    page: Number
    label: str = "Page"

    async def act(self, interaction: Interaction) -> None:
        await show_page(interaction, self.source, self.page, self.section)


class SectionSelect(PersistentSelect, custom_id="faq:sections:{source}"):
    """Shows the topics of one section; values are the sections' numbers in their order."""

    source: Source
    sections: Sequence[tuple[str, str]] = ()
    chosen: int | None = None
    placeholder = "Go to a section"

    def options(self) -> list[discord.SelectOption]:
        sections = [
            option(section or title, place, description=title, default=place == self.chosen)
            for place, (title, section) in enumerate(self.sections[:SECTIONS_SHOWN])
        ]
        return [option("All sections", ANY, default=self.chosen is None), *sections]

    async def act(self, interaction: Interaction) -> None:
        value = only(self.item.values)
        await show_page(interaction, self.source, 0, None if value == ANY else number(value))


class TopicSelect(PersistentSelect, custom_id="faq:topics:{page}"):
    """Opens one of the topics on a page."""

    page: Number
    entries: Iterable[FaqEntry] = ()
    placeholder = "Read an answer"

    def options(self) -> list[discord.SelectOption]:
        return [option(entry.question, entry.id) for entry in self.entries]

    async def act(self, interaction: Interaction) -> None:
        """Show the answer in a new message, so that the list stays."""
        matcher, entry = await find_entry(interaction, only(self.item.values))
        view = answer_buttons(matcher, entry)
        await interaction.response.send_message(embed=cards.answer_card(entry), view=view, ephemeral=True)


async def show_page(interaction: Interaction, source: str, page: int, section: int | None = None) -> None:
    """Show a page in place of the one with the button."""
    card, view = browse(await interaction.client.answers.matcher(guild_of(interaction)), source, page, section)
    await interaction.response.edit_message(embed=card, view=view)


def browse(
    matcher: Matcher, source: str, page: int = 0, section: int | None = None
) -> tuple[discord.Embed, discord.ui.View]:
    """Return a page of a source's topics, or of one of its sections; the nearest one if it is out of range."""
    everything = topics(matcher, source)
    sections = list(dict.fromkeys(map(cards.place_of, everything)))
    if section is not None and not section < len(sections):
        section = None
    shown = [entry for entry in everything if section is None or cards.place_of(entry) == sections[section]]
    page = min(page, cards.pages(shown) - 1)
    items: list[discord.ui.Item[Any]] = [TopicSelect(page, entries=cards.page_of(shown, page))] if shown else []
    if len(sections) > 1:
        items.append(SectionSelect(source, sections=sections, chosen=section))
    for step, label in ((-1, "‹ Back"), (1, "More ›")):
        if 0 <= page + step < cards.pages(shown):
            items.append(_page_button(source, section, page + step, label))
    return cards.browse_card(shown, page), buttons(*items)


def _page_button(source: str, section: int | None, page: int, label: str) -> PersistentButton:
    if section is None:
        return PageButton(source, page, label=label)
    return SectionPageButton(source, section, page, label=label)


def topics(matcher: Matcher, source: str) -> Sequence[FaqEntry]:
    """Return the entries of one essay, of this server, or all with the essays' first."""
    essays = [entry for entry in matcher.entries if entry.origin is Origin.ESSAY]
    own = [entry for entry in matcher.entries if entry.origin is not Origin.ESSAY]
    own.sort(key=cards.place_of)
    if source == SERVER:
        return own
    if source == ANY:
        return essays + own
    return [entry for entry in essays if entry.source and entry.source.essay == source]


ITEMS = (PageButton, SectionPageButton, SectionSelect, TopicSelect)
