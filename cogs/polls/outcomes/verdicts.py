"""The server's line so far, a page at a time: what its polls decided, then what the essay's author does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import discord

from bot.custom_ids import Matching, digits, one_of
from bot.incoming import choice
from bot.ui import ACCENT, Interaction, PersistentButton, buttons, clip, escape, escape_line, guild_of
from cogs.polls.cards import VERDICT_LABELS
from cogs.polls.outcomes.cards import name_of
from db.polls.outcomes import OutcomeStore
from domain.polls.outcomes import PollOutcome, link_of
from domain.polls.poll import DECIDING, PollVerdict
from domain.polls.precedents import ESSAY, FindNearest, Precedent
from domain.text import clean_line

PAGE_LENGTH = 5
MAX_FOUND = 50
"""Verdicts that a search finds at most."""

TEXT_LENGTH = 60
"""UTF-16 units of a search, which travels in a button's custom_id; Discord takes 100 of that."""

ANY = "any"
MARKS = {PollVerdict.EXECUTION: "🤖", PollVerdict.JUDGMENT: "🧑"}


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the line: words of a task, a verdict, and from which place on."""

    text: str = ""
    verdict: PollVerdict | None = None
    start: int = 0

    @classmethod
    def of(cls, text: str, verdict: str | None) -> "Search":
        """Read what was typed; words beyond `TEXT_LENGTH` are left out, on every page alike.

        Raises:
            DomainError: command.outdated, for a verdict that no longer exists.
        """
        text = clean_line(text)
        while len(text.encode("utf-16-le")) > 2 * TEXT_LENGTH:
            text = text[:-1]
        return cls(text.strip(), choice(PollVerdict, verdict) if verdict else None)


class LineButton(PersistentButton, custom_id="poll:line:{start}:{wanted}:{text}"):
    """Shows the verdicts from a place on."""

    start: Annotated[int, digits(5)]
    wanted: Annotated[str, one_of(ANY, *PollVerdict)]
    text: Annotated[str, Matching(".{0,60}")]
    label: str = "Turn the page"

    async def act(self, interaction: Interaction) -> None:
        search = Search(self.text, None if self.wanted == ANY else PollVerdict(self.wanted), self.start)
        card, view = await line_page(interaction, interaction.client.stores.outcomes, search)
        await interaction.response.edit_message(embed=card, view=view)


async def show_line(interaction: Interaction, store: OutcomeStore, search: Search) -> None:
    """Answer with the page, visible only to the person who asked."""
    card, view = await line_page(interaction, store, search)
    await interaction.response.send_message(embed=card, view=view, ephemeral=True)


async def line_page(
    interaction: Interaction, store: OutcomeStore, search: Search
) -> tuple[discord.Embed, discord.ui.View]:
    """Return the card of a page and its buttons."""
    guild_id = guild_of(interaction)
    found = await matching(search, await store.line(guild_id), interaction.client.answers.nearest)
    page = found[search.start : search.start + PAGE_LENGTH]
    outcomes = await store.outcomes_of(guild_id, [number for one in page if (number := one.poll_id) is not None])
    return _card(guild_id, search, page, outcomes, len(found)), _page_buttons(search, len(found))


async def matching(search: Search, line: Sequence[Precedent], near: FindNearest) -> list[Precedent]:
    """Find in the server's line, the most similar first, or else the newest; then in the essay's."""
    wanted = [one for one in (*line, *ESSAY) if search.verdict in (None, one.verdict)]
    if not search.text:
        return wanted
    words = search.text.casefold()
    holding = (one for one in wanted if words in one.task.casefold())
    found = dict.fromkeys((*await near(search.text, wanted, MAX_FOUND), *holding))
    return sorted(found, key=lambda one: one.poll_id is None)[:MAX_FOUND]


def _card(
    guild_id: int, search: Search, page: Sequence[Precedent], outcomes: Sequence[PollOutcome], total: int
) -> discord.Embed:
    by_poll = {outcome.poll.poll_id: outcome for outcome in outcomes}
    card = discord.Embed(title=_title(search), colour=ACCENT)
    for one in page:
        outcome = by_poll.get(one.poll_id or 0)
        name = clip(f"{MARKS[one.verdict]} {escape(one.task, 200)}", 256)
        card.add_field(name=name, value=_decided(guild_id, outcome) if outcome else _essay(one), inline=False)
    if not page:
        card.description = "Nothing like that was decided yet. `/poll open` asks the crew."
        return card
    shown = f"{search.start + 1} to {search.start + len(page)} of {total}"
    return card.set_footer(text=f"{shown}. 🤖 AI may execute, 🧑 a human judges.")


def _title(search: Search) -> str:
    about = f" on “{escape(search.text, 100)}”" if search.text else ""
    verdict = f": {VERDICT_LABELS[search.verdict]}" if search.verdict else ""
    return f"Your line so far{about}{verdict}"


def _decided(guild_id: int, outcome: PollOutcome) -> str:
    poll = outcome.poll
    yes, no = (poll.tally.everyone[choice] for choice in DECIDING)
    link = link_of(guild_id, poll)
    number = f"[poll {poll.poll_id}]({link})" if link else f"poll {poll.poll_id}"
    when = discord.utils.format_dt(poll.closed_at or poll.opened_at, "D")
    entry = f" · entry {outcome.entry.seq}" if outcome.entry else ""
    lines = [f"**{VERDICT_LABELS[outcome.verdict]}**, {yes} to {no} · {when} · {number}{entry}"]
    if outcome.superseded_by is not None:
        lines.insert(0, f"🔁 Superseded by poll {outcome.superseded_by}")
    if outcome.void_by is not None:
        lines.insert(0, f"🚫 Void: counts no more (entry {outcome.void_by})")
    if outcome.conditions:
        lines.append(f"**Conditions:** {escape_line(outcome.conditions, 200)}")
    if outcome.decider:
        lines.append(f"{name_of(outcome.decider)} decides.")
    return "\n".join(lines)


def _essay(precedent: Precedent) -> str:
    does = "lets AI do this" if precedent.verdict is PollVerdict.EXECUTION else "keeps this for people"
    return f"📄 The essay's author {does}."


def _page_buttons(search: Search, total: int) -> discord.ui.View:
    wanted = search.verdict.value if search.verdict else ANY
    before, after = search.start - PAGE_LENGTH, search.start + PAGE_LENGTH
    back = [LineButton(max(0, before), wanted, search.text, label="Back")] if search.start else []
    more = [LineButton(after, wanted, search.text, label="More")] if after < total else []
    return buttons(*back, *more)


ITEMS = (LineButton,)
