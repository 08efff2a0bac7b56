"""The server's line so far, a page at a time: what its polls decided, and beside it what the essay's author does."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.incoming import choice
from bot.ui import ACCENT, Interaction, PersistentButton, buttons, clip, escape, escape_line, guild_of
from cogs.polls.cards import VERDICT_LABELS
from cogs.polls.outcomes.cards import name_of
from db.polls.outcomes import OutcomeStore
from domain.polls.outcomes import PollOutcome, link_of
from domain.polls.poll import DECIDING, PollVerdict
from domain.polls.precedents import ESSAY, Near, Precedent
from domain.text import clean_line

PAGE_LENGTH = 5
SEARCHED = 50
"""Most verdicts that a search finds."""

TEXT_LENGTH = 60
"""UTF-16 units of a search, which a button's custom_id carries along: 100 is Discord's limit for all of it."""

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
            DomainError: command.outdated, for no verdict of today's.
        """
        text = clean_line(text)
        while len(text.encode("utf-16-le")) > 2 * TEXT_LENGTH:
            text = text[:-1]
        return cls(text.strip(), choice(PollVerdict, verdict) if verdict else None)


class LineButton(
    PersistentButton,
    template=r"poll:line:(?P<start>[0-9]{1,5}):(?P<wanted>any|execution|judgment):(?P<text>.{0,60})",
):
    """Turns to the verdicts from a place on."""

    def __init__(self, start: str | int, wanted: str, text: str, label: str = "Turn the page") -> None:
        self.search = Search(text, None if wanted == ANY else PollVerdict(wanted), int(start))
        custom_id = f"poll:line:{self.search.start}:{wanted}:{text}"
        super().__init__(discord.ui.Button(label=label, custom_id=custom_id))

    async def act(self, interaction: Interaction) -> None:
        """Turn the page."""
        card, view = await line_page(interaction, interaction.client.stores.outcomes, self.search)
        await interaction.response.edit_message(embed=card, view=view)


async def show_line(interaction: Interaction, store: OutcomeStore, search: Search) -> None:
    """Answer with the page, for the asker alone."""
    card, view = await line_page(interaction, store, search)
    await interaction.response.send_message(embed=card, view=view, ephemeral=True)


async def line_page(
    interaction: Interaction, store: OutcomeStore, search: Search
) -> tuple[discord.Embed, discord.ui.View]:
    """The card of a page and its buttons."""
    guild_id = guild_of(interaction)
    found = await matching(search, await store.line(guild_id), interaction.client.answers.nearest)
    page = found[search.start : search.start + PAGE_LENGTH]
    outcomes = await store.outcomes_of(guild_id, [number for one in page if (number := one.poll_id) is not None])
    return _card(guild_id, search, page, outcomes, len(found)), _turning(search, len(found))


async def matching(search: Search, line: Sequence[Precedent], near: Near) -> list[Precedent]:
    """What `search` finds in the server's line, the most alike first, else the newest; then in the essay's."""
    wanted = [one for one in (*line, *ESSAY) if search.verdict in (None, one.verdict)]
    if not search.text:
        return wanted
    words = search.text.casefold()
    holding = (one for one in wanted if words in one.task.casefold())
    found = dict.fromkeys((*await near(search.text, wanted, SEARCHED), *holding))
    return sorted(found, key=lambda one: one.poll_id is None)[:SEARCHED]


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
    if outcome.conditions:
        lines.append(f"**Conditions:** {escape_line(outcome.conditions, 200)}")
    if outcome.decider:
        lines.append(f"{name_of(outcome.decider)} decides.")
    return "\n".join(lines)


def _essay(precedent: Precedent) -> str:
    does = "lets AI do this" if precedent.verdict is PollVerdict.EXECUTION else "keeps this for people"
    return f"📄 The essay's author {does}."


def _turning(search: Search, total: int) -> discord.ui.View:
    wanted = search.verdict.value if search.verdict else ANY
    before, after = search.start - PAGE_LENGTH, search.start + PAGE_LENGTH
    back = [LineButton(max(0, before), wanted, search.text, "Back")] if search.start else []
    more = [LineButton(after, wanted, search.text, "More")] if after < total else []
    return buttons(*back, *more)


BUTTONS = (LineButton,)
