"""What the FAQ's answers look like."""

from collections.abc import Sequence

import discord

from bot.ui import ACCENT, BLUE, RED, clip, escape
from db.faq import QueuedQuestion
from domain.faq import Answer, Entry
from domain.text import clean_text

ASKED = "You asked"
NOTHING_READ = "(nothing that could be read)"
QUESTION_SHOWN = 300
PAGE = 12
"""Topics on a page of `/faq browse`: all of them fit one select menu and one phone screen."""


def answer_card(entry: Entry, *, asked: str = "", shared_by: str = "") -> discord.Embed:
    """One answer with its source."""
    card = discord.Embed(title=clip(entry.question, 256), description=clip(entry.answer, 4000), colour=BLUE)
    if asked and asked.casefold() != entry.question.casefold():
        card.add_field(name=ASKED, value=escape(asked, QUESTION_SHOWN), inline=False)
    if shared_by:
        card.add_field(name="Shared by", value=shared_by, inline=False)
    return card.set_footer(text=source_line(entry))


def source_line(entry: Entry) -> str:
    """Where an answer comes from, in a line."""
    if entry.source is None:
        return "From this server's own entries"
    return clip(f"From the essay “{entry.source.title}” · {entry.source.section}", 300)


def choose_card(answer: Answer) -> discord.Embed:
    """Not sure: ask back."""
    card = discord.Embed(
        title="Did you mean one of these?",
        description="I am not sure which of them you are after, so I would rather ask than guess.",
        colour=ACCENT,
    )
    return card.add_field(name=ASKED, value=_asked(answer), inline=False)


def unknown_card(answer: Answer) -> discord.Embed:
    """Not covered: say so."""
    card = discord.Embed(
        title="The essays do not cover that",
        description=(
            "I only answer what the two essays answer, and I would rather say no than make something up. "
            "You can put your question to this server's moderators, or look at the nearest topics below."
        ),
        colour=RED,
    )
    return card.add_field(name=ASKED, value=_asked(answer), inline=False)


def _asked(answer: Answer) -> str:
    return escape(clean_text(answer.question), QUESTION_SHOWN) or NOTHING_READ


def browse_card(entries: Sequence[Entry], page: int) -> discord.Embed:
    """One page of topics by essay and section; pages start at 0."""
    lines, last = [], ("", "")
    for entry in page_of(entries, page):
        title, section = place = _place(entry)
        if title != last[0]:
            lines.append(f"\n**{title}**")
        if place != last:
            lines.append(f"*{section}*")
        lines.append(f"• {entry.question}")
        last = place
    card = discord.Embed(title="What you can ask", description=clip("\n".join(lines).strip(), 4000), colour=BLUE)
    return card.set_footer(text=f"Page {page + 1} of {pages(entries)} · {len(entries)} topics")


def _place(entry: Entry) -> tuple[str, str]:
    return (entry.source.title, entry.source.section) if entry.source else ("This server", "own entries")


def page_of(entries: Sequence[Entry], page: int) -> Sequence[Entry]:
    """The topics on a page."""
    return entries[page * PAGE : (page + 1) * PAGE]


def pages(entries: Sequence[Entry]) -> int:
    """How many pages there are, at least one."""
    return max(1, -(-len(entries) // PAGE))


def queue_card(questions: Sequence[QueuedQuestion]) -> discord.Embed:
    """What people asked and the FAQ could not answer, most asked first."""
    card = discord.Embed(title="Questions for the moderators", colour=ACCENT)
    lines = [
        f"**{item.asked}×** {escape(item.wording, 150)} · {discord.utils.format_dt(item.last_asked_at, 'R')}"
        for item in questions
    ]
    card.description = clip("\n".join(lines), 4000) or "Nothing is waiting."
    return card.set_footer(text="Names are not kept.")
