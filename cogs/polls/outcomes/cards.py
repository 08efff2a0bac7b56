"""What outcomes look like: the card of a closed poll, its short form for other channels, receipts."""

from collections.abc import Sequence

import discord

from bot.ui import BLUE, GREEN, clip, escape, escape_line
from cogs.polls.cards import CHOICE_LABELS, ERASED, VERDICT_LABELS, add_holds, bars, list_lines, owner_counts
from domain.decision_log.entries import LogEntry, Person
from domain.decision_log.kinds import OutcomeEntry
from domain.polls.outcomes import PollOutcome, department_shown, dissent, link_of
from domain.polls.poll import DECIDING, Ground, Poll, PollVerdict, Vote

GROUND_LABELS = {
    Ground.NO_QUORUM: "Fewer people voted than the quorum asks for, so it stays with a human.",
    Ground.HOLD: "A hold was never lifted, so it stays with a human.",
    Ground.NO_MAJORITY: "No more than half of the votes were for execution, so it stays with a human.",
    Ground.OWNER: "The department that owns the task was mostly for judgment, so it stays with a human.",
    Ground.MAJORITY: "Quorum met, more than half for execution, and no hold.",
}
DISSENT_SHOWN = 4
REASONS_SHOWN = 3
NOBODY_YET = "Nobody yet. The opener or a moderator names them with **Record outcome**."


def outcome_card(guild_id: int, outcome: PollOutcome, votes: Sequence[Vote] = ()) -> discord.Embed:
    """Show a closed poll: verdict, what decided it, the numbers, dissent, who decides, where it is logged."""
    poll = outcome.poll
    card = discord.Embed(title=_title(outcome), description=_description(outcome), colour=_colour(outcome))
    card.add_field(name="Why", value=_why(outcome), inline=False)
    card.add_field(name="Votes", value=bars(poll, votes), inline=False)
    _add_department(card, poll)
    add_holds(card, poll)
    _add_reasons(card, outcome, votes)
    card.add_field(name="Who decides from here", value=_record(outcome) or NOBODY_YET, inline=False)
    card.add_field(name="Decision log", value=_logged(guild_id, outcome), inline=False)
    late = " Closed late, because the bot was not running at the deadline." if poll.closed_late else ""
    return card.set_footer(text=f"Turnout {poll.tally.turnout}, quorum {poll.draft.quorum}.{late}")


def short_card(guild_id: int, outcome: PollOutcome) -> discord.Embed:
    """Show an outcome in another channel than its ballot's: what was decided, under which conditions, and where."""
    yes, no = (outcome.poll.tally.everyone[choice] for choice in DECIDING)
    lines = [f"**{escape(outcome.poll.draft.task, 400)}**", *_history(outcome), f"{yes} to {no} for AI"]
    lines += [record] if (record := _record(outcome)) else []
    card = discord.Embed(title=_title(outcome), description="\n".join([*lines, _logged(guild_id, outcome)]))
    card.colour = _colour(outcome)
    return card


def _title(outcome: PollOutcome) -> str:
    void = "Void · " if outcome.void_by is not None else ""
    return f"{void}Poll {outcome.poll.poll_id} · {VERDICT_LABELS[outcome.verdict]}"


def _colour(outcome: PollOutcome) -> discord.Colour:
    if not outcome.stands:
        return discord.Colour.dark_grey()
    return BLUE if outcome.verdict is PollVerdict.EXECUTION else GREEN


def _description(outcome: PollOutcome) -> str:
    draft = outcome.poll.draft
    details = [escape_line(draft.details, 1200)] if draft.details else []
    return "\n".join([f"**{escape(draft.task, 400)}**", *details, *_history(outcome)])


def _why(outcome: PollOutcome) -> str:
    if outcome.ground is Ground.MAJORITY and outcome.poll.draft.owner_role_id:
        return f"{GROUND_LABELS[outcome.ground]} The owning department was not mostly against it."
    return GROUND_LABELS[outcome.ground]


def _history(outcome: PollOutcome) -> list[str]:
    if outcome.void_by is not None:
        return [f"🚫 **Void**: this verdict counts no more. Entry {outcome.void_by} of the decision log says why."]
    lines = []
    if outcome.superseded_by is not None:
        lines.append(f"🔁 **Superseded by poll {outcome.superseded_by}**: that verdict holds now.")
    elif outcome.restored_after is not None:
        lines.append(f"↩️ Entry {outcome.restored_after} is void, so this stands again.")
    if outcome.supersedes:
        lines.append(f"Takes the place of {polls_named(outcome.supersedes)}.")
    return lines


def polls_named(numbers: Sequence[int]) -> str:
    """Name polls by number, at most three of them: `poll 2`, `polls 2, 3 and 5`, `polls 2, 3, 5 and 4 more`."""
    shown, more = [str(number) for number in numbers[:3]], len(numbers) - 3
    *first, last = [*shown, f"{more} more"] if more > 0 else shown
    return f"polls {', '.join(first)} and {last}" if first else f"poll {last}"


def _add_department(card: discord.Embed, poll: Poll) -> None:
    if poll.draft.owner_role_id is None:
        return
    tally = "Too few voted to be told apart in a secret ballot."
    if department_shown(poll):
        tally = owner_counts(poll)
    card.add_field(name="Owning department", value=f"<@&{poll.draft.owner_role_id}>: {tally}", inline=False)


def _add_reasons(card: discord.Embed, outcome: PollOutcome, votes: Sequence[Vote]) -> None:
    """Add reasons, of those who disagree first: theirs must stay visible."""
    if not outcome.poll.names_shown:
        return
    against = dissent(outcome.verdict, votes)
    others = [vote for vote in votes if vote.reason and vote not in against]
    for name, reasons, shown, length in (
        ("Dissent, kept with the verdict", against, DISSENT_SHOWN, 150),
        ("Reasons", others, REASONS_SHOWN, 120),
    ):
        lines = [
            f"**{CHOICE_LABELS[vote.choice]}** · {_voter(vote)}: {escape_line(vote.reason or '', length)}"
            for vote in reasons[-shown:]
        ]
        if lines:
            card.add_field(name=name, value=list_lines(lines, len(reasons) - len(lines)), inline=False)


def _voter(vote: Vote) -> str:
    return f"<@{vote.voter_id}>" if vote.voter_id else ERASED


def _record(outcome: PollOutcome) -> str:
    """Return what was recorded of an outcome; "" before anything was."""
    if not outcome.is_recorded:
        return ""
    decides = f"**{name_of(outcome.decider)}** decides."
    conditions = [f"**Conditions:** {escape_line(outcome.conditions, 400)}"] if outcome.conditions else []
    note = [f"**Note:** {escape_line(outcome.note, 300)}"] if outcome.note else []
    review = [f"To be looked at again {discord.utils.format_dt(outcome.review_at, 'D')}."] if outcome.review_at else []
    return clip("\n".join([decides, *conditions, *note, *review]), 1024)


def name_of(person: Person | None) -> str:
    """Return the name that the log keeps: phones sometimes show mentions in a card as bare numbers."""
    if person is None or not person.id:
        return ERASED
    return f"<@{person.id}>" if person.name == str(person.id) else escape(person.name, 64)


def _logged(guild_id: int, outcome: PollOutcome) -> str:
    entry = outcome.entry
    logged = f"Entry {entry.seq} · `{entry.receipt}`" if entry else "Closed before outcomes were kept in the log"
    link = link_of(guild_id, outcome.poll)
    return f"{logged} · [ballot]({link})" if link else logged


def record_receipt(outcome: PollOutcome, entry: LogEntry) -> str:
    """Tell the person who recorded an outcome what was recorded."""
    before = OutcomeEntry.read(entry).supersedes
    place = f" It takes the place of entry {' and '.join(map(str, before))}, which stays in the log." if before else ""
    return (
        f"✅ Recorded for poll {outcome.poll.poll_id} as entry {entry.seq}.{place}\n"
        f"Your receipt: `{entry.receipt}`. Kept somewhere that is yours, it proves that nobody changed this."
    )


def review_text(outcome: PollOutcome) -> str:
    """Tell a channel that it is time to look at a verdict again."""
    decider = f"<@{outcome.decider.id}> " if outcome.decider and outcome.decider.id else ""
    return (
        f"⏰ {decider}It is time to look at this verdict again. Does it still hold?\n"
        "Yes: **Record outcome** keeps it, with a new date if you like. No: `/poll open` on the same task asks anew."
    )
