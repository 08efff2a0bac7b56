"""What people read about their own data."""

from collections.abc import Iterable, Sequence

import discord

from bot.ui import ACCENT, RED, clip, escape
from domain.decision_log.entries import LogEntry
from domain.my_data import Erasure, Notice, PersonalData

NOTHING_KEPT = "Nothing here names you."
UNDER_WAY = "Erasing…"
EXPORTS_SHOWN = 10
ENTRIES_SHOWN = 20

_GOES = (
    "• your name, id and roles on everything you signed, asked for, voted on or held\n"
    "• your reasons and everything else you wrote beside them\n"
    "• your votes and holds in polls that are still open\n"
    "• forms you left open, and questions you wanted a reply to"
)
_STAYS = (
    "• that *somebody* signed, refused or voted, and when: counts stay right and the log can still be verified\n"
    "• what a cut or a task is called\n"
    "• files that moderators exported before; they are told which"
)


def before_card(*, everywhere: bool) -> discord.Embed:
    """Say what will be erased and what will stay."""
    where = "in every server that I share or shared with you" if everywhere else "in this server"
    card = discord.Embed(title="Erase you from the records?", colour=RED)
    card.description = f"This is about what I keep {where}. It cannot be undone."
    card.add_field(name="Goes", value=_GOES, inline=False)
    card.add_field(name="Stays", value=_STAYS, inline=False)
    return card.set_footer(
        text="Want a copy first? /my-data export. To leave things as they are, dismiss this message."
    )


def done_words(erasures: Sequence[Erasure]) -> str:
    """Say what was erased."""
    found = [erasure for erasure in erasures if not erasure.empty]
    if not found:
        return f"{NOTHING_KEPT} Nothing had to be erased."
    entries, votes = sum(each.entries for each in found), sum(each.votes for each in found)
    rest = sum(each.rows for each in found) - votes
    where = f" in {len(found)} servers" if len(found) > 1 else ""
    parts = [_count(entries, "entry of the log", "entries of the log"), _count(votes, "vote", "votes")]
    parts.append(_count(rest, "other record", "other records"))
    return f"Done{where}: you are gone from {_list(filter(None, parts))}. Messages are being redrawn without you."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _list(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def export_words(shares: Sequence[PersonalData]) -> str:
    """Return the text above a person's data."""
    entries = sum(len(share.own) + len(share.named) for share in shares)
    rows = sum(len(share.records) for share in shares)
    where = f" from {len(shares)} servers" if len(shares) > 1 else ""
    return (
        f"Everything that names you{where}: {entries} entries of the log, {rows} other records. "
        "Votes of secret ballots that are closed are not here: nobody can tell any more whose they were."
    )


def notice_card(notice: Notice) -> discord.Embed:
    """Tell moderators of an erasure, without saying whose."""
    card = discord.Embed(title="Entries erased at a member's request", colour=ACCENT)
    card.description = f"{_numbers(notice.entries)}. The log can still be verified."
    if notice.exports:
        lines = [_copy(entry) for entry in notice.exports[:EXPORTS_SHOWN]]
        hidden = len(notice.exports) - len(lines)
        more = [f"and {hidden} more exports"] if hidden else []
        card.add_field(name="Copies outside", value=clip("\n".join([*lines, *more]), 1024), inline=False).set_footer(
            text="Whoever holds such a file should delete it or the erased parts of it."
        )
    return card


def _numbers(entries: Sequence[int]) -> str:
    word = "Entry" if len(entries) == 1 else "Entries"
    shown = ", ".join(map(str, entries[:ENTRIES_SHOWN]))
    hidden = len(entries) - ENTRIES_SHOWN
    return f"{word} {shown}{f' and {hidden} more' if hidden > 0 else ''}"


def _copy(entry: LogEntry) -> str:
    person = entry.person
    name = (
        escape(person.name, 64) if person and person.id else "the host" if person is None else "somebody erased since"
    )
    return f"Export of {discord.utils.format_dt(entry.at, 'D')} by {name} (entry {entry.seq})"
