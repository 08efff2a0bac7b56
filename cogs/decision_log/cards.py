"""What exports and checks of the decision log say."""

import discord

from bot.export.file import Format, TooBig
from bot.export.months import MonthFile
from bot.ui import ACCENT, GREEN, RED, clip, escape
from domain.decision_log.entries import LogEntry
from domain.export.filters import Survey
from domain.proof.reports import Integrity, Report

MIB = 1024 * 1024

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


def export_words(found: Survey, file_format: Format, entry: LogEntry) -> str:
    """Return the text above an exported file."""
    return (
        f"**{found.shown} of {found.total} entries.** {HOW_TO_READ[file_format]}\n"
        f"Head of the log: `{found.total}:{found.head}`. Kept somewhere else, it pins everything up to here.\n"
        f"That you hold this copy is entry {entry.seq} of the log."
    )


def months_words(found: Survey, batch: list[MonthFile], file_format: Format, entry: LogEntry) -> str:
    """Return the text above some files of a set, one for each month."""
    here = sum(part.export.found.shown for part in batch)
    months = batch[0].month if len(batch) == 1 else f"{batch[0].month} to {batch[-1].month}"
    words = export_words(found, file_format, entry)
    return f"**{months}: {here} of them here**, each file complete in itself.\n{words}"


def too_big_words(error: TooBig, limit: int, *, split: bool, command: str) -> str:
    """Say, before anybody waits, that an export is larger than Discord takes."""
    size = f"{error.found.shown:,} entries make a file of about {error.size / MIB:,.0f} MiB"
    ways = ["Narrow the filter."]
    if split:
        ways.append("Or press the button: one file for each month, each complete in itself.")
    ways.append(f"Or have whoever hosts the bot run this; it takes any size:\n```\n{clip(command, 1200)}\n```")
    return "\n".join([f"{size}, and Discord takes {limit // MIB} MiB here, so nothing was written.", *ways])


def ballots_words(count: int, file: str = "The second file") -> str:
    """Say what the file with the ballots holds."""
    votes = "vote" if count == 1 else "votes"
    return f"{file} has {count} {votes} of these polls, one a row; secret ballots without voters."


def report_card(report: Report, note: str) -> discord.Embed:
    """Return the card of what a check found; `note` says what was compared with what."""
    text = "\n\n".join([note, *report.words()])
    return discord.Embed(title=TITLES[report.status], description=escape(text, 4096), colour=COLOURS[report.status])
