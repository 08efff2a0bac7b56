"""What exports and checks of the decision log say."""

import discord

from bot.export_file import Export, Format
from bot.ui import ACCENT, GREEN, RED, escape
from domain.decisions import Entry
from domain.verify import Integrity, Report

TITLES = {
    Integrity.INTACT_PINNED: "The log is intact",
    Integrity.INTACT_UNPINNED: "The log is intact, but not pinned",
    Integrity.BROKEN: "The log is broken",
}
COLOURS = {Integrity.INTACT_PINNED: GREEN, Integrity.INTACT_UNPINNED: ACCENT, Integrity.BROKEN: RED}
HOW_TO_READ = {
    Format.CSV: "A table for people: opens in any spreadsheet. For proof, export jsonl.",
    Format.JSONL: "Proof: `/decision-log verify` and `circle-take verify FILE` check it.",
}


def export_words(export: Export, file_format: Format, entry: Entry) -> str:
    """What stands above an exported file."""
    found = export.found
    return (
        f"**{found.shown} of {found.total} entries.** {HOW_TO_READ[file_format]}\n"
        f"Head of the log: `{found.total}:{found.head}`. Kept somewhere else, it pins everything up to here.\n"
        f"That you hold this copy is entry {entry.seq} of the log."
    )


def ballots_words(count: int) -> str:
    """What is said of the second file, the ballots."""
    votes = "vote" if count == 1 else "votes"
    return f"The second file has {count} {votes} of these polls, one a row; secret ballots without voters."


def report_card(report: Report, note: str) -> discord.Embed:
    """What a check found, in words; `note` says what was compared with what."""
    text = "\n\n".join([note, *report.words()])
    return discord.Embed(title=TITLES[report.status], description=escape(text, 4096), colour=COLOURS[report.status])
