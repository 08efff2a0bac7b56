"""The log of sign-offs, a page at a time, newest first."""

from collections.abc import Mapping
from typing import Annotated, Any

import discord

from bot.custom_ids import EntryNumber, Matching, digits
from bot.ui import ACCENT, Interaction, PersistentButton, buttons, escape, guild_of
from cogs.signoffs.cards import NOBODY, name_of, verdict_words
from db.decision_log.store import DecisionStore
from domain.decision_log.entries import EntryType, LogEntry, LogPage
from domain.decision_log.kinds import CorrectionEntry, VoidEntry, WithdrawalEntry
from domain.export.filters import Filter, Kind
from domain.text import clean_line

PAGE_LENGTH = 8
ANY = "any"
_NEWEST = 10**15 - 1


class PageButton(PersistentButton, custom_id="signoff:page:{before}:{about}:{person}:{verdict}"):
    """Shows the entries below `before`.

    The name of a piece does not fit into a custom_id: `about` is the number of an entry about it. 0 and "any" mean
    that a filter was not set.
    """

    before: EntryNumber
    about: EntryNumber
    person: Annotated[int, digits(19)]
    verdict: Annotated[str, Matching("[a-z]+")]

    @property
    def label(self) -> str:
        return "Newest" if self.before == _NEWEST else "Older"

    async def act(self, interaction: Interaction) -> None:
        store, guild_id = interaction.client.stores.decisions, guild_of(interaction)
        wanted = await self._filter(store, guild_id)
        page = await store.entries(guild_id, wanted, before=self.before, limit=PAGE_LENGTH)
        view = page_buttons(page, wanted, before=self.before)
        await interaction.response.edit_message(embed=await _card(interaction, page), view=view)

    async def _filter(self, store: DecisionStore, guild_id: int) -> Filter:
        piece = (await store.entry(guild_id, self.about)).subject.piece or "" if self.about else None
        verdict = None if self.verdict == ANY else self.verdict
        return Filter(piece=piece, person=self.person or None, verdict=verdict, kind=Kind.SIGNOFFS)


async def show_history(interaction: Interaction, wanted: Filter, *more: discord.ui.Item[Any]) -> None:
    """Answer with the newest page, with `more` buttons, visible only to the person who asked."""
    page = await interaction.client.stores.decisions.entries(guild_of(interaction), wanted, limit=PAGE_LENGTH)
    view = page_buttons(page, wanted, *more, before=_NEWEST)
    await interaction.response.send_message(embed=await _card(interaction, page), view=view, ephemeral=True)


async def _card(interaction: Interaction, page: LogPage) -> discord.Embed:
    marks = await interaction.client.stores.voids.marks(guild_of(interaction), [entry.seq for entry in page.entries])
    return history_card(page, marks)


def page_buttons(page: LogPage, wanted: Filter, *more: discord.ui.Item[Any], before: int) -> discord.ui.View:
    """Return the buttons to the newest page and to the next older one, where there is one."""
    about = page.entries[0].seq if page.entries and wanted.piece is not None else 0
    same = (about, wanted.person or 0, wanted.verdict or ANY)
    newest = [PageButton(_NEWEST, *same)] if before != _NEWEST else []
    older = [PageButton(page.entries[-1].seq, *same)] if page.more else []
    return buttons(*newest, *older, *more)


def history_card(page: LogPage, marks: Mapping[int, int]) -> discord.Embed:
    """Show a page of the log; `marks` are the entries on it that are void, each with the entry that says so."""
    text = (
        "\n".join(_line(entry, marks.get(entry.seq)) for entry in page.entries)
        or "The log holds nothing like that yet."
    )
    return discord.Embed(title="History of sign-offs", description=text, colour=ACCENT)


def _line(entry: LogEntry, mark: int | None) -> str:
    piece, cut = entry.subject.piece, entry.subject.cut
    about = ""
    if piece is not None:
        about = f" · {escape(piece, 80)}, cut {cut}"
    elif entry.is_erased("work"):
        about = f" · {NOBODY}"
    reason = f"\n“{escape(clean_line(entry.reason), 200)}”" if entry.reason else ""
    when = discord.utils.format_dt(entry.at, "f")
    void = f" · 🚫 void (entry {mark})" if mark else ""
    what = f"**{entry.seq}** · {_what(entry)}{void}{about}"
    return f"{what}\n{name_of(entry.person)} · {when} · `{entry.receipt}`{reason}"


def _what(entry: LogEntry) -> str:
    if entry.type is EntryType.DECISION:
        return verdict_words(entry)
    if entry.type is EntryType.WITHDRAW:
        return f"↩️ Took back entry {WithdrawalEntry.read(entry).withdraws}"
    if entry.type is EntryType.CORRECT:
        return _correction(CorrectionEntry.read(entry))
    if entry.type is EntryType.VOID:
        return f"🚫 Marked entry {VoidEntry.read(entry).voids} as void"
    return {EntryType.REQUEST: "🎬 Asked for names"}.get(entry.type, entry.type.value.capitalize())


def _correction(said: CorrectionEntry) -> str:
    if said.tells_client:
        return "📣 Client told"
    if said.after_erasure:
        return f"🧹 Entry {said.corrects} again, without somebody erased"
    return f"✏️ Corrected entry {said.corrects}"


ITEMS = (PageButton,)
