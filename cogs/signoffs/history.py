"""The log of sign-offs, a page at a time, newest first."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.ui import ACCENT, Interaction, PersistentButton, buttons, escape, escape_line, guild_of
from cogs.signoffs.cards import NOBODY, name_of, verdict_words
from db.decision_log.store import DecisionStore, Page
from domain.decision_log.entries import EntryType, LogEntry
from domain.export.filters import Filter, Kind

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
        await interaction.response.edit_message(embed=await _card(interaction, page), view=view)

    async def _filter(self, store: DecisionStore, guild_id: int) -> Filter:
        piece = (await store.entry(guild_id, self.about)).value("work").get("piece", "") if self.about else None
        verdict = None if self.verdict == ANY else self.verdict
        return Filter(piece=piece, person=self.person or None, verdict=verdict, kind=Kind.SIGNOFFS)


async def show_history(interaction: Interaction, wanted: Filter, *more: discord.ui.Item[Any]) -> None:
    """Answer with the newest page, for the asker alone, and with `more` buttons."""
    page = await interaction.client.stores.decisions.entries(guild_of(interaction), wanted, limit=PAGE_LENGTH)
    view = page_buttons(page, wanted, *more, before=_NEWEST)
    await interaction.response.send_message(embed=await _card(interaction, page), view=view, ephemeral=True)


async def _card(interaction: Interaction, page: Page) -> discord.Embed:
    marks = await interaction.client.stores.voids.marks(guild_of(interaction), [entry.seq for entry in page.entries])
    return history_card(page, marks)


def page_buttons(page: Page, wanted: Filter, *more: discord.ui.Item[Any], before: int) -> discord.ui.View:
    """To the newest page, and to the next older one, where there are such."""
    about = page.entries[0].seq if page.entries and wanted.piece is not None else 0
    same = (about, wanted.person or 0, wanted.verdict or ANY)
    newest = [PageButton(_NEWEST, *same)] if before != _NEWEST else []
    older = [PageButton(page.entries[-1].seq, *same)] if page.more else []
    return buttons(*newest, *older, *more)


def history_card(page: Page, marks: Mapping[int, int]) -> discord.Embed:
    """A page of the log; `marks` are the entries on it that are void, each with the entry that says so."""
    text = (
        "\n".join(_line(entry, marks.get(entry.seq)) for entry in page.entries)
        or "The log holds nothing like that yet."
    )
    return discord.Embed(title="History of sign-offs", description=text, colour=ACCENT)


def _line(entry: LogEntry, mark: int | None) -> str:
    work = entry.value("work")
    piece = f" · {escape(work['piece'], 80)}, cut {work['cut']}" if work else f" · {NOBODY}"
    if entry.data["work"] is None:
        piece = ""
    reason = f"\n“{escape_line(entry.reason, 200)}”" if entry.reason else ""
    when = discord.utils.format_dt(entry.at, "f")
    void = f" · 🚫 void (entry {mark})" if mark else ""
    what = f"**{entry.seq}** · {_what(entry)}{void}{piece}"
    return f"{what}\n{name_of(entry.person)} · {when} · `{entry.receipt}`{reason}"


def _what(entry: LogEntry) -> str:
    if entry.type is EntryType.DECISION:
        return verdict_words(entry)
    if entry.type is EntryType.WITHDRAW:
        return f"↩️ Took back entry {entry.refs['withdraws']}"
    if "client_told" in entry.facts:
        return "📣 Client told"
    if entry.type is EntryType.CORRECT:
        again = entry.facts.get("by") == "erasure"
        target = entry.refs["corrects"]
        return f"🧹 Entry {target} again, without somebody erased" if again else f"✏️ Corrected entry {target}"
    if entry.type is EntryType.VOID:
        return f"🚫 Marked entry {entry.refs['voids']} as void"
    return {EntryType.REQUEST: "🎬 Asked for names"}.get(entry.type, entry.type.value.capitalize())


BUTTONS = (PageButton,)
