"""What people are told about sign-offs besides the card: the ping, receipts, due times, the reminder."""

from collections.abc import Iterable
from datetime import datetime

import discord

from bot.ui import escape_line, moment
from cogs.signoffs.cards import human_task_warning, slate, verdict_words
from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.decision_log.kinds import DecisionEntry, WithdrawalEntry
from domain.links import message_link
from domain.signoffs.due import Reminder
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import SignoffState


def signers_ping(request: SignoffRequest) -> str:
    """Return the line above a new card that notifies those who must sign."""
    names = _mentions(request.users, request.roles)
    return f"{names} your name is asked for." if names else "Names are asked for."


def _mentions(users: Iterable[Person], roles: Iterable[int]) -> str:
    """Return the mentions of all of them; "" if all were erased."""
    return " ".join([*(f"<@{user.id}>" for user in users if user.id), *(f"<@&{role}>" for role in roles)])


def receipt(request: SignoffRequest, entry: LogEntry) -> str:
    """Tell a signer what was recorded, and how to prove it later."""
    done = _done(entry)
    reason = f"\nYour reason: {escape_line(entry.reason, 700)}" if entry.reason else ""
    warned = entry.type is EntryType.DECISION and DecisionEntry.read(entry).warned
    stood = "".join(f"\n{human_task_warning(task)}" for task in request.human_tasks) if warned else ""
    return (
        f"Recorded: {done} · {slate(request)}{reason}{stood}\n"
        f"Your receipt: `{entry.receipt}`. Keep it somewhere that is yours: it proves against any export that nobody "
        f"changed this entry.{_what_next(entry)}"
    )


def _done(entry: LogEntry) -> str:
    if entry.type is EntryType.WITHDRAW:
        return f"Entry {WithdrawalEntry.read(entry).withdraws} is taken back"
    return "📣 The client has been told" if entry.type is EntryType.CORRECT else verdict_words(entry)


def _what_next(entry: LogEntry) -> str:
    if entry.type is EntryType.WITHDRAW:
        return "\nWhat was taken back stays in the log, and so does this."
    if entry.type is EntryType.CORRECT:
        return ""
    return f"\nChanged your mind? Press another button, or take back entry {entry.seq}."


def opener_receipt(entry: LogEntry) -> str:
    """Tell the opener of a sign-off what to do next."""
    return (
        f"Sign-off {entry.seq} is up. Your receipt: `{entry.receipt}`.\n"
        "Say when the names are due, and whoever is missing then is reminded once, a day before."
    )


def due_words(number: int, due: datetime | None, remind: datetime | None) -> str:
    """Say what a due time means."""
    if due is None:
        return f"Sign-off {number} has no due time any more. Nobody is reminded."
    then = f"Whoever is missing is reminded once, {moment(remind)}." if remind else "No reminder goes out any more."
    return f"Sign-off {number} is due {moment(due)}. {then}"


def reminder(state: SignoffState, due: Reminder) -> str:
    """Remind those whose names are missing, or the opener if only the client has still to be told."""
    names = _mentions(*state.awaited)
    asked = "your name is still missing" if names else "the client has still to be told about AI"
    called = names or f"<@{state.request.opener.id}>"
    card = message_link(due.guild_id, due.channel_id, due.message_id)
    when = discord.utils.format_dt(due.due, "R")
    return f"{called} {asked} on {slate(state.request)}, due {when}: [open the card]({card})"
