"""What the FAQ's answers look like.

A moderator's answer keeps its markdown, as anything that they post does; nothing else shares its place on a card, and
mentions in a card notify nobody. Everything else that people typed is escaped.
"""

from collections.abc import Sequence

import discord

from bot.ui import ACCENT, BLUE, RED, clip, escape
from domain.faq.matcher import Answer, FaqEntry, FaqSource, Origin
from domain.text import clean_text

ASKED = "You asked"
NOTHING_READ = "(nothing that could be read)"
QUESTION_SHOWN = 300
PAGE = 12
"""Topics on a page of `/faq browse`: all of them fit one select menu and one phone screen."""

OWNERS = {
    Origin.SERVER: "This server's answer",
    Origin.OVERRIDE: "This server's answer, in place of the essay's",
}


def answer_card(entry: FaqEntry, *, asked: str = "", shared_by: str = "") -> discord.Embed:
    """Show one answer with its source."""
    card = discord.Embed(title=title_of(entry), description=clip(entry.answer, 4000), colour=BLUE)
    if asked and asked.casefold() != entry.question.casefold():
        card.add_field(name=ASKED, value=escape(asked, QUESTION_SHOWN), inline=False)
    if shared_by:
        card.add_field(name="Shared by", value=shared_by, inline=False)
    return card.set_footer(text=source_line(entry))


def title_of(entry: FaqEntry) -> str:
    """Return an entry's question, safe on a card."""
    return entry.question if entry.origin is Origin.ESSAY else escape(entry.question, 256)


def source_line(entry: FaqEntry) -> str:
    """Say where an answer comes from, in a line. A server's own says that first, then the source that it names."""
    owner = OWNERS.get(entry.origin)
    if owner is None:
        return clip(f"From the essay {_named(entry.source)}" if entry.source else "From the essays", 300)
    return clip(f"{owner} · Source: {_plain(entry.source)}" if entry.source else owner, 600)


def _named(source: FaqSource) -> str:
    return f"“{source.title}” · {source.section}"


def _plain(source: FaqSource) -> str:
    return f"{source.title} · {source.section}" if source.section else source.title


def choose_card(answer: Answer) -> discord.Embed:
    """Ask back: the FAQ is not sure."""
    card = discord.Embed(
        title="Did you mean one of these?",
        description="I am not sure which of them you are after, so I would rather ask than guess.",
        colour=ACCENT,
    )
    return card.add_field(name=ASKED, value=_asked(answer), inline=False)


def unknown_card(answer: Answer) -> discord.Embed:
    """Say that the FAQ does not cover it."""
    own = any(entry.origin is not Origin.ESSAY for entry in answer.ranked)
    covered = "the two essays and this server's own entries answer" if own else "the two essays answer"
    card = discord.Embed(
        title="The essays do not cover that",
        description=(
            f"I only answer what {covered}, and I would rather say no than make something up. "
            "You can put your question to this server's moderators, or look at the nearest topics below."
        ),
        colour=RED,
    )
    return card.add_field(name=ASKED, value=_asked(answer), inline=False)


def _asked(answer: Answer) -> str:
    return escape(clean_text(answer.question), QUESTION_SHOWN) or NOTHING_READ


def browse_card(entries: Sequence[FaqEntry], page: int) -> discord.Embed:
    """Show one page of topics by essay and section; pages start at 0."""
    lines, last = [], ("", "")
    for entry in page_of(entries, page):
        title, section = place = place_of(entry)
        if title != last[0]:
            lines.append(f"\n**{title}**")
        if place != last and section:
            lines.append(f"*{section}*")
        lines.append(f"• {title_of(entry)}")
        last = place
    text = clip("\n".join(lines).strip(), 4000) or "This server has no entries of its own yet."
    card = discord.Embed(title="What you can ask", description=text, colour=BLUE)
    return card.set_footer(text=f"Page {page + 1} of {pages(entries)} · {len(entries)} topics")


def place_of(entry: FaqEntry) -> tuple[str, str]:
    """Return the heading and the section under which a topic is listed."""
    if entry.origin is Origin.ESSAY and entry.source:
        return entry.source.title, entry.source.section
    return "This server", "In place of the essays' answers" if entry.origin is Origin.OVERRIDE else "Own answers"


def page_of(entries: Sequence[FaqEntry], page: int) -> Sequence[FaqEntry]:
    """Return the topics on a page."""
    return entries[page * PAGE : (page + 1) * PAGE]


def pages(entries: Sequence[FaqEntry]) -> int:
    """Return how many pages there are, at least one."""
    return max(1, -(-len(entries) // PAGE))
