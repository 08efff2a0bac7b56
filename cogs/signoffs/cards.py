"""What sign-offs look like: the wording and layout of the card.

The question itself is `domain/decision_log/entries.py: QUESTION`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.ui import ACCENT, BLUE, GREEN, RED, escape, escape_line
from domain.decision_log.entries import QUESTION, LogEntry, Person
from domain.decision_log.kinds import DecisionEntry
from domain.links import message_link
from domain.signoffs.choices import ClientTold, Labelled, SignoffVerdict
from domain.signoffs.human_tasks import HumanTask
from domain.signoffs.policy import Policy
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import SignoffState, Status

BUTTON_LABELS = {
    SignoffVerdict.SIGNED: "Yes, I sign",
    SignoffVerdict.REVISE: "Not yet",
    SignoffVerdict.DECLINED: "I won't sign",
}
VERDICT_MARKS = {SignoffVerdict.SIGNED: "✅", SignoffVerdict.REVISE: "✋", SignoffVerdict.DECLINED: "⛔"}
STATUS_LABELS = {
    Status.OPEN: "waiting for names",
    Status.CLEARED: "cleared",
    Status.REVISE: "not yet",
    Status.DECLINED: "declined",
    Status.WITHDRAWN: "taken back",
    Status.VOID: "void",
}
STATUS_COLOURS = {
    Status.OPEN: ACCENT,
    Status.CLEARED: GREEN,
    Status.REVISE: BLUE,
    Status.DECLINED: RED,
    Status.WITHDRAWN: discord.Colour.dark_grey(),
    Status.VOID: discord.Colour.dark_grey(),
}
WAITING = "▫️ waiting"
SPARED = "▫️ not needed any more"
NOBODY = "*(erased)*"
REASONS_SHOWN = 6


def signoff_card(
    state: SignoffState,
    *,
    due: datetime | None = None,
    later: Sequence[HumanTask] = (),
    void: Mapping[int, int] | None = None,
    gone: bool = False,
) -> discord.Embed:
    """Show a sign-off: the cut, what AI did to it, the question, and who has answered what.

    Args:
        state: the sign-off.
        due: when the names are due.
        later: tasks of this cut that the crew kept for people after it was opened.
        void: the polls whose verdict is void by now, each with the entry that says so.
        gone: whether a role that has still to sign was deleted.
    """
    request = state.request
    colour = discord.Colour.dark_grey() if state.stale else STATUS_COLOURS[state.status]
    title = f"Sign-off {request.number} · {status_words(state)}"
    card = discord.Embed(title=title, description=_description(state, due, later, void or {}), colour=colour)
    card.add_field(name=f"Who signs · {state.signed} of {request.need}", value=_signers(state, gone=gone), inline=False)
    card.add_field(name="What AI did", value=_work(state), inline=False)
    _add_reasons(card, state.standing)
    return card.set_footer(text=f"{QUESTION.note} (Question {QUESTION.id})")


def status_words(state: SignoffState) -> str:
    """Say in a word or two how far a sign-off is."""
    if state.status is Status.OPEN and state.signed >= state.request.need:
        return "waiting for word to the client"
    return STATUS_LABELS[state.status]


def slate(request: SignoffRequest) -> str:
    """Return piece and cut, safe to show."""
    return f"**{escape(request.piece, 250)}**, cut {request.cut}" if request.piece else "a piece whose name was erased"


def _description(state: SignoffState, due: datetime | None, later: Sequence[HumanTask], void: Mapping[int, int]) -> str:
    request = state.request
    link = f" · [watch it]({_address(request.link)})" if request.link else ""
    until = f" · due {discord.utils.format_dt(due, 'f')} ({discord.utils.format_dt(due, 'R')})" if due else ""
    lines = [slate(request) + link, f"Asked by {name_of(request.opener)}{until}"]
    if state.stale:
        lines.append(f"🔁 **A newer cut is up** (sign-off {state.newer}): names here say nothing about it.")
    if request.corrected_by:
        lines.append(
            f"✏️ Corrected: entry {request.corrected_by} says this, entry {request.number} what stood here before."
        )
    lines += [f"🚫 A moderator marked entry {number} as void." for number in state.void]
    if not state.in_force:
        lines.append(f"This sign-off was {STATUS_LABELS[state.status]}.")
    lines += [
        *(_warning(task, void.get(task.poll)) for task in request.human_tasks),
        *(f"{human_task_warning(task)} Decided since this was opened." for task in later),
    ]
    return "\n".join([*lines, "", f"**{QUESTION.title}**", QUESTION.detail])


def _warning(task: HumanTask, void_by: int | None) -> str:
    """Return a warning that was shown; with the mark, once the verdict is void."""
    mark = f" 🚫 That verdict is void now (entry {void_by}) and counts no more." if void_by else ""
    return human_task_warning(task) + mark


def human_task_warning(task: HumanTask) -> str:
    """Warn that AI did what the crew had kept for people."""
    name = f"*{escape(task.task, 120)}*" if task.task else "this task"
    if task.judgment > task.execution:
        return f"⚠️ **Poll {task.poll}:** the crew kept {name} for people ({task.judgment} to {task.execution})."
    return f"⚠️ **Poll {task.poll}:** {name} stays with people: the crew did not give it to AI."


def _address(link: str) -> str:
    """Percent-encode what would end a link between brackets too early."""
    return link.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _signers(state: SignoffState, *, gone: bool) -> str:
    request, (awaited_users, awaited_roles) = state.request, state.awaited
    decided = {slot: entry for entry in state.standing for slot in DecisionEntry.read(entry).slots}
    users = [
        f"**{name_of(user)}** · {_answer(decided.get(f'user:{n}'), awaited=user in awaited_users)}"
        for n, user in enumerate(request.users)
    ]
    roles = [
        f"<@&{role}> · {_answer(decided.get(f'role:{role}'), named=True, awaited=role in awaited_roles)}"
        for role in request.roles
    ]
    notes = [policy_words(request.policy)] if request.policy else []
    if gone:
        notes.append("⚠️ A role above is not in this server any more, so nobody can sign for it: sign the next cut.")
    return _lines([*users, *roles], notes=notes)


def policy_words(policy: Policy) -> str:
    """Return a policy in one line."""
    total = len(policy.roles)
    need = ("all of them" if total > 1 else "one of them") if policy.need == total else f"{policy.need} of {total}"
    parts = [
        f"*By policy {escape(policy.pattern, 60)}: {need}",
        "" if policy.maker_may_sign else "not whoever opened it",
        "the client must be told" if policy.disclosure else "",
    ]
    return ", ".join(part for part in parts if part) + "*"


def _work(state: SignoffState) -> str:
    request = state.request
    lines = [_labels(request.uses) or "Nothing was ticked"]
    if request.tools:
        lines.append(f"Tools: {escape(request.tools, 300)}")
    lines.append(f"Client told about AI: {_client_told(state)}")
    if request.flags:
        lines.append(f"⚠️ Usually needs written approval: {_labels(request.flags)}")
    if request.file:
        lines.append(f"File: {escape(request.file.name, 80)}, SHA-256 `{request.file.sha256[:12]}…`")
    return "\n".join(lines)


def _client_told(state: SignoffState) -> str:
    if state.told:
        return f"{ClientTold.TOLD.label}, says {name_of(state.told.person)} (entry {state.told.seq})"
    wanted = ". **The policy wants them told before this is cleared.**" if state.untold else ""
    return state.client_told.label + wanted


def _answer(entry: LogEntry | None, *, awaited: bool, named: bool = False) -> str:
    if entry is None:
        return WAITING if awaited else SPARED
    by = f" by {name_of(entry.person)}" if named else ""
    when = discord.utils.format_dt(entry.at, "R")
    return f"{verdict_words(entry)}{by}, {when} (entry {entry.seq})"


def verdict_words(entry: LogEntry) -> str:
    """Return a decision's verdict with its mark."""
    verdict = next(verdict for verdict in SignoffVerdict if verdict == entry.verdict)
    return f"{VERDICT_MARKS[verdict]} {verdict.label}"


def name_of(person: Person | None) -> str:
    """Return the name that the log keeps: phones sometimes show mentions in a card as bare numbers."""
    if person is None or not person.id:
        return NOBODY
    return f"<@{person.id}>" if person.name == str(person.id) else escape(person.name, 64)


def _labels(choices: Iterable[Labelled]) -> str:
    return ", ".join(choice.label for choice in choices)


def _add_reasons(card: discord.Embed, standing: Sequence[LogEntry]) -> None:
    reasons = [entry for entry in standing if entry.reason]
    lines = [
        f"{verdict_words(entry)} · {name_of(entry.person)}: {escape_line(entry.reason, 150)}"
        for entry in reasons[-REASONS_SHOWN:]
    ]
    if lines:
        card.add_field(name="Why", value=_lines(lines), inline=False)


def _lines(lines: Sequence[str], limit: int = 1024, notes: Sequence[str] = ()) -> str:
    """Return as many whole lines as fit, how many do not, and the notes."""
    shown = list(lines)
    while len(text := "\n".join([*shown, *_more(len(lines) - len(shown)), *notes])) > limit:
        shown.pop()
    return text


def _more(hidden: int) -> list[str]:
    return [f"and {hidden} more"] if hidden else []


@dataclass(frozen=True, slots=True)
class AwaitedSignoff:
    """A sign-off that somebody is asked for: channel and message of its card if it was posted, and when it is due."""

    state: SignoffState
    card: tuple[int, int] | None = None
    due: datetime | None = None


def waiting_card(guild_id: int, waiting: Sequence[AwaitedSignoff]) -> discord.Embed:
    """Show what the reader has still to sign."""
    card = discord.Embed(title="Waiting for your name", colour=ACCENT)
    lines = [_waiting_line(guild_id, item) for item in waiting]
    card.description = _lines(lines, 4096) or "Nothing awaits your signature."
    return card


def _waiting_line(guild_id: int, item: AwaitedSignoff) -> str:
    request = item.state.request
    when, what = (item.due, "due") if item.due else (request.opened_at, "asked")
    where = f"sign-off {request.number}"
    if item.card:
        where = f"[{where}]({message_link(guild_id, *item.card)})"
    return f"{where} · {slate(request)} · {what} {discord.utils.format_dt(when, 'R')}"
