"""What moderators see of a server's FAQ: what a change did, the queue, an import, how it is used."""

from collections.abc import Sequence

import discord

from bot.ui import ACCENT, BLUE, GREEN, RED, clip, escape
from cogs.faq.cards import answer_card, title_of
from domain.faq.changes import Change, ChangeKind, Effect, LoggedChange, Revision
from domain.faq.entry_files import IMPORT_BYTES
from domain.faq.lint import Concern, PhrasingWarning
from domain.faq.matcher import FaqEntry, Matcher
from domain.faq.own_entries import MOST_ENTRIES, FormText, OwnEntries, Preview
from domain.faq.queue import QueuedQuestion
from domain.faq.usage import STATS_OVER, Usage
from domain.ranking.gate import FaqOutcome

LISTED = 5
QUEUE_PAGE = 10
"""Questions on a page of the queue: each with its count fits a phone's screen."""

TITLES = {
    ChangeKind.ADD: "Added",
    ChangeKind.EDIT: "Saved",
    ChangeKind.REMOVE: "Removed",
    ChangeKind.IMPORT: "Imported",
    ChangeKind.ANSWER: "Answered",
    ChangeKind.ALTERNATES: "Added to an answer",
    ChangeKind.NOT_COVERED: "Marked as not covered",
    ChangeKind.DISMISS: "Dismissed",
    ChangeKind.REOPEN: "Asked again",
    ChangeKind.UNDO: "Undone",
}
EFFECTS = {
    Effect.ADDED: "this server has an answer of its own now",
    Effect.CHANGED: "changed",
    Effect.REMOVED: "removed",
    Effect.HIDDEN: "the essay's answer is hidden in this server",
    Effect.SHOWN: "the essay's answer is shown again",
}
ESSAY_AGAIN = "the essay's answer stands again"
AFTERWORDS = {
    ChangeKind.NOT_COVERED: "Who asks that from now on is told plainly that it is not covered.",
    ChangeKind.DISMISS: "It is off the list. If somebody asks it again, it comes back.",
}


def change_card(
    change: Change, matcher: Matcher, *, warned: Sequence[PhrasingWarning] = (), waiting: int = 0
) -> discord.Embed:
    """Show what a change did, what to look at again, and what else follows from it."""
    text = "\n".join([*_effect_lines(change.entries, matcher), *_other_lines(change)])
    card = discord.Embed(title=TITLES[change.kind], description=clip(text, 4000) or None, colour=GREEN)
    if warned:
        card.add_field(name="Look at this again", value=warning_words(warned), inline=False)
    if change.released:
        card.add_field(name="Answered now", value=released_words(change.released), inline=False)
    if waiting:
        people = "Somebody who asked is" if waiting == 1 else f"{waiting} people who asked are"
        card.add_field(name="Told", value=f"{people} being told.", inline=False)
    return card


def _effect_lines(revisions: Sequence[Revision], matcher: Matcher) -> list[str]:
    """Return a line for each entry; of many, their number by what was done to them, and the first of each."""
    if len(revisions) == 1:
        return [f"**{_name(one, matcher)}**: {_effect(one, matcher)}." for one in revisions]
    lines = []
    for effect in Effect:
        if some := [one for one in revisions if one.effect is effect]:
            lines.append(f"**{len(some)} {effect}**")
            lines += [f"• {_name(one, matcher)}" for one in some[:LISTED]] + _more(len(some))
    return lines


def _name(revision: Revision, matcher: Matcher) -> str:
    entry = matcher.get(revision.key)
    title = entry.question if entry else revision.title
    return escape(title, 120) if title else f"`{revision.key}`"


def _effect(revision: Revision, matcher: Matcher) -> str:
    back = revision.effect is Effect.REMOVED and matcher.get(revision.key)
    return ESSAY_AGAIN if back else EFFECTS[revision.effect]


def _other_lines(change: Change) -> list[str]:
    lines = [AFTERWORDS[change.kind]] if change.kind in AFTERWORDS else []
    if change.reopened:
        lines.append("The question is back on the list.")
    if change.declined and change.kind is ChangeKind.UNDO:
        lines.append(
            f"Marked as not covered again: “{escape(change.declined[0], 120)}”"
            + ("…" if len(change.declined) > 1 else ".")
        )
    return lines


def _more(count: int) -> list[str]:
    return [f"… and {count - LISTED} more"] if count > LISTED else []


def warning_words(warned: Sequence[PhrasingWarning]) -> str:
    """Say which phrasings another entry has or answers."""
    lines = []
    for one in warned[:LISTED]:
        other = escape(one.other.question, 100)
        same = one.concern is Concern.SAME_QUESTION
        lines.append(f"“{escape(one.phrasing, 80)}” {'is the question of' if same else 'is closer to'} “{other}”.")
    return clip("\n".join([*lines, *_more(len(warned))]), 1024)


def released_words(released: Sequence[str]) -> str:
    """Say which questions were marked as not covered and are answered now."""
    count = len(released)
    words = (
        "1 question that was marked not covered is"
        if count == 1
        else f"{count} questions that were marked not covered are"
    )
    quoted = [f"“{escape(wording, 80)}”" for wording in released[:LISTED]]
    return clip("\n".join([f"{words} now answered:", *quoted, *_more(count)]), 1024)


def refusal_card(reason: str) -> discord.Embed:
    """Say why nothing was saved."""
    return discord.Embed(title="Not saved", description=reason, colour=RED)


def text_card(text: FormText, room: int = 4000) -> discord.Embed:
    """Show what somebody typed, as they typed it, to copy or to send again; `room` is for the answer."""
    card = discord.Embed(title="What you wrote", description=_raw(text.answer, room) or None, colour=ACCENT)
    fields = (("Question", text.question, 100), ("Alternates", text.alternates, 1000), ("Source", text.source, 200))
    for name, value, limit in fields:
        if value.strip():
            card.add_field(name=name, value=_raw(value, limit), inline=False)
    return card


def _raw(text: str, limit: int) -> str:
    """Quote text as a code block, so its markdown is copied too."""
    shown = clip(text, limit)
    return f"```\n{shown}\n```" if shown.strip() and "```" not in shown else shown


def current_card(entry: FaqEntry) -> discord.Embed:
    """Show the entry as it is now, in place of what somebody wrote."""
    card = answer_card(entry)
    card.title, card.description = clip(f"What stands now: {card.title}", 200), clip(entry.answer, 300)
    return card


def queue_card(questions: Sequence[QueuedQuestion], page: int) -> discord.Embed:
    """Show a page of what people asked and the FAQ could not answer, most asked first."""
    card = discord.Embed(title="Questions for the moderators", colour=ACCENT)
    shown = questions[page * QUEUE_PAGE : (page + 1) * QUEUE_PAGE]
    lines = [
        f"**{item.asked}×** {escape(item.wording, 150)} · {discord.utils.format_dt(item.last_asked_at, 'R')}"
        for item in shown
    ]
    card.description = clip("\n".join(lines), 4000) or "Nothing is waiting."
    pages = queue_pages(questions)
    return card.set_footer(text=f"Page {page + 1} of {pages} · {len(questions)} questions · names are not shown")


def queue_pages(questions: Sequence[QueuedQuestion]) -> int:
    """Return how many pages there are, at least one."""
    return max(1, -(-len(questions) // QUEUE_PAGE))


def question_card(question: QueuedQuestion, nearest: Sequence[FaqEntry]) -> discord.Embed:
    """Show one queued question: its wordings, how often it was asked, and what is nearest to it."""
    card = discord.Embed(title=escape(question.wording, 256), colour=ACCENT)
    asked = "Asked once" if question.asked == 1 else f"Asked {question.asked} times"
    card.description = f"{asked}, last {discord.utils.format_dt(question.last_asked_at, 'R')}."
    if question.waiting:
        people = "Somebody wants" if question.waiting == 1 else f"{question.waiting} people want"
        card.description += f" {people} to be told."
    if others := question.wordings[1:]:
        lines = [f"• {escape(wording, 150)}" for wording in others[:LISTED]]
        card.add_field(name="Also asked as", value=clip("\n".join([*lines, *_more(len(others))]), 1024), inline=False)
    if nearest:
        lines = [f"• {title_of(entry)}" for entry in nearest[:3]]
        card.add_field(name="Nearest answers", value=clip("\n".join(lines), 1024), inline=False)
    return card


def preview_card(preview: Preview, own: OwnEntries) -> discord.Embed:
    """Show what an import would do."""
    found = preview.difference
    counts = f"{len(found.new)} new, {len(found.changed)} changed, {len(found.unchanged)} unchanged"
    card = discord.Embed(title="Import these entries?", description=f"**{counts}**.", colour=BLUE)
    if not (found.new or found.changed):
        card.title, card.description = "Nothing to import", f"**{counts}**. Everything in the file stands already."
    listed = {"New": found.new, "In place of the essays' answers": found.overriding, "Changed": found.changed}
    for name, ids in listed.items():
        if ids:
            lines = [*(f"`{one}`" for one in ids[:LISTED]), *_more(len(ids))]
            card.add_field(name=name, value=clip("\n".join(lines), 1024), inline=False)
    if preview.changed_since:
        names = ", ".join(f"`{one}`" for one in preview.changed_since[:LISTED])
        text = f"Somebody changed {names} since the last preview, so nothing was imported. Look once more, then press."
        card.add_field(name="Changed meanwhile", value=clip(text, 1024), inline=False)
    missing = sum(1 for entry in own.values() if entry) + len([one for one in found.new if one not in own])
    return card.set_footer(text=f"Nothing is removed. This server would have {missing} of {MOST_ENTRIES} entries.")


def import_refusal(faults: Sequence[str]) -> discord.Embed:
    """Show what is wrong with a file."""
    lines = "\n".join(f"• {escape(fault, 300)}" for fault in faults)
    card = discord.Embed(title="Nothing was imported", description=clip(lines, 4000), colour=RED)
    return card.set_footer(
        text=f"A file is a JSON list, or TOML with [[entry]], of at most {MOST_ENTRIES} entries and "
        f"{IMPORT_BYTES // 1024**2} MiB. Mend it and import it again."
    )


def export_words(own: OwnEntries) -> str:
    """Say what an exported file holds, and what it does not."""
    entries = [entry for entry in own.values() if entry]
    hidden = len(own) - len(entries)
    text = f"All {len(entries)} of this server's entries, to edit and to import again."
    if len(entries) == 1:
        text = "The one entry of this server, to edit and to import again."
    topics = "1 topic that is hidden here is" if hidden == 1 else f"{hidden} topics that are hidden here are"
    return f"{text} {topics} not in the file." if hidden else text


def stats_card(
    usage: Usage, own: OwnEntries, waiting: int, matcher: Matcher, recent: Sequence[LoggedChange]
) -> discord.Embed:
    """Show how the FAQ is used, without anything about who asked."""
    entries = sum(1 for entry in own.values() if entry)
    card = discord.Embed(title="How the FAQ is used", description=_asked_words(usage), colour=BLUE)
    if usage.most_asked:
        lines = [f"**{count}×** {_title(matcher, name)}" for name, count in usage.most_asked]
        card.add_field(name="Most asked", value=clip("\n".join(lines), 1024), inline=False)
    if usage.least_helpful:
        lines = [
            f"{one.helpful} of {one.rated} found it helpful: {_title(matcher, one.entry_id)}"
            for one in usage.least_helpful
        ]
        card.add_field(name="Least helpful", value=clip("\n".join(lines), 1024), inline=False)
    card.add_field(name="Waiting for an answer", value=f"{waiting} (see `/faq-admin queue`)" if waiting else "Nothing")
    hidden = len(own) - entries
    card.add_field(name="Own entries", value=f"{entries} of {MOST_ENTRIES}" + (f", {hidden} hidden" if hidden else ""))
    if recent:
        card.add_field(name="Last changes", value=clip("\n".join(map(_logged, recent)), 1024), inline=False)
    return card.set_footer(text="Counts only: who asked is not kept.")


def _asked_words(usage: Usage) -> str:
    if not usage.total:
        return f"Nobody asked anything in the last {STATS_OVER.days} days."
    unanswered, unsure = usage.asked.get(FaqOutcome.UNKNOWN, 0), usage.asked.get(FaqOutcome.CHOOSE, 0)
    questions = "1 question" if usage.total == 1 else f"{usage.total} questions"
    return (
        f"{questions} in the last {STATS_OVER.days} days: {round(100 * unanswered / usage.total)} % not covered, "
        f"{round(100 * unsure / usage.total)} % asked back."
    )


def _title(matcher: Matcher, name: str) -> str:
    entry: FaqEntry | None = matcher.get(name)
    return escape(title_of(entry), 120) if entry else f"`{name}` (no longer there)"


def _logged(change: LoggedChange) -> str:
    who = f" by <@{change.editor_id}>" if change.editor_id else ""
    what = f" `{change.keys[0]}`" if len(change.keys) == 1 else f" {len(change.keys)} entries" if change.keys else ""
    return f"{TITLES[change.kind]}{what}{who} {discord.utils.format_dt(change.at, 'R')}"
