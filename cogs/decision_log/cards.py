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
    Format.CSV: "A table for people: opens in any spreadsheet. For proof, export html or proof.",
    Format.XLSX: "A table for people, all of it text. For proof, export html or proof.",
    Format.JSONL: "Proof: `/decision-log verify` and `circle-take verify FILE` check it.",
    Format.HTML: "Open it in a browser, on a phone too: it shows the log, checks it there, and prints.",
    Format.PROOF: "Unpack it: README.txt says how anybody can check it without the bot.",
}


def export_words(export: Export, file_format: Format, entry: Entry) -> str:
    """What stands above an exported file."""
    found = export.found
    return (
        f"**{found.shown} of {found.total} entries.** {HOW_TO_READ[file_format]}\n"
        f"Head of the log: `{found.total}:{found.head}`. Kept somewhere else, it pins everything up to here.\n"
        f"That you hold this copy is entry {entry.seq} of the log."
    )


def report_card(report: Report, note: str) -> discord.Embed:
    """What a check found, in words; `note` says what was compared with what."""
    text = "\n\n".join([note, *report.words()])
    return discord.Embed(title=TITLES[report.status], description=escape(text, 4096), colour=COLOURS[report.status])
