"""The log of sign-offs, a page at a time, newest first."""

import discord

from bot.ui import ACCENT, Interaction, PersistentButton, buttons, escape, guild_of
from cogs.signoffs.cards import NOBODY, name_of, verdict_words
from db.decisions import DecisionStore, Page
from domain.decisions import Entry, EntryType
from domain.exports import Filter, Kind
from domain.text import clean_line

PAGE_LENGTH = 8
ANY = "any"
_NEWEST = 10**15 - 1


class PageButton(
    PersistentButton,
    template=r"signoff:page:(?P<before>[0-9]{1,15}):(?P<about>[0-9]{1,15}):(?P<person>[0-9]{1,19}):(?P<verdict>[a-z]+)",
):
    """Turns to the entries below `before`.

    The name of a piece does not fit into a custom_id: `about` is the number of an entry about it. 0 and "any" stand for
    a filter that was not set.
    """

    def __init__(self, before: str | int, about: str | int, person: str | int, verdict: str) -> None:
        self.before, self.about, self.person, self.verdict = int(before), int(about), int(person), verdict
        label = "Newest" if self.before == _NEWEST else "Older"
        custom_id = f"signoff:page:{self.before}:{self.about}:{self.person}:{self.verdict}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id))

    async def act(self, interaction: Interaction) -> None:
        """Turn the page."""
        store, guild_id = interaction.client.stores.decisions, guild_of(interaction)
        wanted = await self._filter(store, guild_id)
        page = await store.entries(guild_id, wanted, before=self.before, limit=PAGE_LENGTH)
        view = page_buttons(page, wanted, before=self.before)
        await interaction.response.edit_message(embed=history_card(page), view=view)

    async def _filter(self, store: DecisionStore, guild_id: int) -> Filter:
        piece = (await store.entry(guild_id, self.about)).value("work").get("piece", "") if self.about else None
        verdict = None if self.verdict == ANY else self.verdict
        return Filter(piece=piece, person=self.person or None, verdict=verdict, kind=Kind.SIGNOFFS)


async def show_history(interaction: Interaction, wanted: Filter) -> None:
    """Answer with the newest page, for the asker alone."""
    page = await interaction.client.stores.decisions.entries(guild_of(interaction), wanted, limit=PAGE_LENGTH)
    await interaction.response.send_message(
        embed=history_card(page), view=page_buttons(page, wanted, before=_NEWEST), ephemeral=True
    )


def page_buttons(page: Page, wanted: Filter, *, before: int) -> discord.ui.View:
    """To the newest page, and to the next older one, where there are such."""
    about = page.entries[0].seq if page.entries and wanted.piece is not None else 0
    same = (about, wanted.person or 0, wanted.verdict or ANY)
    newest = [PageButton(_NEWEST, *same)] if before != _NEWEST else []
    older = [PageButton(page.entries[-1].seq, *same)] if page.more else []
    return buttons(*newest, *older)


def history_card(page: Page) -> discord.Embed:
    """A page of the log."""
    text = "\n".join(map(_line, page.entries)) or "The log holds nothing like that yet."
    return discord.Embed(title="History of sign-offs", description=text, colour=ACCENT)


def _line(entry: Entry) -> str:
    work = entry.value("work")
    piece = f"{escape(work['piece'], 80)}, cut {work['cut']}" if work else NOBODY
    reason = f"\n“{escape(clean_line(entry.reason), 200)}”" if entry.reason else ""
    when = discord.utils.format_dt(entry.at, "f")
    return f"**{entry.seq}** · {_what(entry)} · {piece}\n{name_of(entry.person)} · {when} · `{entry.receipt}`{reason}"


def _what(entry: Entry) -> str:
    if entry.type is EntryType.DECISION:
        return verdict_words(entry)
    if entry.type is EntryType.WITHDRAW:
        return f"↩️ Took back entry {entry.refs['withdraws']}"
    if "client_told" in entry.facts:
        return "📣 Client told"
    return {EntryType.REQUEST: "🎬 Asked for names"}.get(entry.type, entry.type.value.capitalize())


BUTTONS = (PageButton,)
