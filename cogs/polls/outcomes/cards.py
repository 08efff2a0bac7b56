"""What outcomes look like: the card of a closed poll, its short form for other channels, receipts."""

from collections.abc import Sequence

import discord

from bot.ui import BLUE, GREEN, clip, escape
from cogs.polls.cards import CHOICE_LABELS, ERASED, VERDICT_LABELS, add_holds, bars, list_lines, owner_counts
from domain.decision_log.entries import Entry, Person
from domain.polls.outcomes import Ruling, department_shown, dissent, link_of
from domain.polls.poll import Choice, Ground, Poll, Verdict, Vote

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


def outcome_card(guild_id: int, ruling: Ruling, votes: Sequence[Vote] = ()) -> discord.Embed:
    """The card of a closed poll: verdict, what decided it, the numbers, dissent, who decides, where it is logged."""
    poll = ruling.poll
    card = discord.Embed(title=_title(ruling), description=_description(ruling), colour=_colour(ruling))
    card.add_field(name="Why", value=_why(ruling), inline=False)
    card.add_field(name="Votes", value=bars(poll, votes), inline=False)
    _add_department(card, poll)
    add_holds(card, poll)
    _add_reasons(card, ruling, votes)
    card.add_field(name="Who decides from here", value=_record(ruling) or NOBODY_YET, inline=False)
    card.add_field(name="Decision log", value=_logged(guild_id, ruling), inline=False)
    late = " Closed late, because the bot was not running at the deadline." if poll.closed_late else ""
    return card.set_footer(text=f"Turnout {poll.tally.turnout}, quorum {poll.draft.quorum}.{late}")


def short_card(guild_id: int, ruling: Ruling) -> discord.Embed:
    """An outcome for a channel other than its ballot's: what was decided, under which conditions, and where."""
    yes, no = (ruling.poll.tally.everyone[choice] for choice in (Choice.EXECUTION, Choice.JUDGMENT))
    lines = [f"**{escape(ruling.poll.draft.task, 400)}**", *_history(ruling), f"{yes} to {no} for AI"]
    lines += [record] if (record := _record(ruling)) else []
    card = discord.Embed(title=_title(ruling), description="\n".join([*lines, _logged(guild_id, ruling)]))
    card.colour = _colour(ruling)
    return card


def _title(ruling: Ruling) -> str:
    return f"Poll {ruling.poll.poll_id} · {VERDICT_LABELS[ruling.verdict]}"


def _colour(ruling: Ruling) -> discord.Colour:
    if ruling.superseded_by is not None:
        return discord.Colour.dark_grey()
    return BLUE if ruling.verdict is Verdict.EXECUTION else GREEN


def _description(ruling: Ruling) -> str:
    draft = ruling.poll.draft
    details = [escape(draft.details, 1200)] if draft.details else []
    return "\n".join([f"**{escape(draft.task, 400)}**", *details, *_history(ruling)])


def _why(ruling: Ruling) -> str:
    if ruling.ground is Ground.MAJORITY and ruling.poll.draft.owner_role_id:
        return f"{GROUND_LABELS[ruling.ground]} The owning department was not mostly against it."
    return GROUND_LABELS[ruling.ground]


def _history(ruling: Ruling) -> list[str]:
    lines = []
    if ruling.superseded_by is not None:
        lines.append(f"🔁 **Superseded by poll {ruling.superseded_by}**: that verdict holds now.")
    if ruling.supersedes:
        lines.append(f"Takes the place of {polls_named(ruling.supersedes)}.")
    return lines


def polls_named(numbers: Sequence[int]) -> str:
    """Polls by number, at most three of them: `poll 2`, `polls 2, 3 and 5`, `polls 2, 3, 5 and 4 more`."""
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


def _add_reasons(card: discord.Embed, ruling: Ruling, votes: Sequence[Vote]) -> None:
    """Those who disagree first: their reasons stay in sight."""
    if not ruling.poll.names_shown:
        return
    against = dissent(ruling.verdict, votes)
    others = [vote for vote in votes if vote.reason and vote not in against]
    for name, reasons, shown, length in (
        ("Dissent, kept with the verdict", against, DISSENT_SHOWN, 150),
        ("Reasons", others, REASONS_SHOWN, 120),
    ):
        lines = [
            f"**{CHOICE_LABELS[vote.choice]}** · {_voter(vote)}: {escape(vote.reason or '', length)}"
            for vote in reasons[-shown:]
        ]
        if lines:
            card.add_field(name=name, value=list_lines(lines, len(reasons) - len(lines)), inline=False)


def _voter(vote: Vote) -> str:
    return f"<@{vote.voter_id}>" if vote.voter_id else ERASED


def _record(ruling: Ruling) -> str:
    """What was recorded of an outcome; "" before anything was."""
    if not ruling.is_recorded:
        return ""
    decides = f"**{name_of(ruling.decider)}** decides."
    conditions = [f"**Conditions:** {escape(ruling.conditions, 400)}"] if ruling.conditions else []
    note = [f"**Note:** {escape(ruling.note, 300)}"] if ruling.note else []
    review = [f"To be looked at again {discord.utils.format_dt(ruling.review_at, 'D')}."] if ruling.review_at else []
    return clip("\n".join([decides, *conditions, *note, *review]), 1024)


def name_of(person: Person | None) -> str:
    """A person by the name that the log keeps: phones show mentions in a card as bare numbers now and then."""
    if person is None or not person.id:
        return ERASED
    return f"<@{person.id}>" if person.name == str(person.id) else escape(person.name, 64)


def _logged(guild_id: int, ruling: Ruling) -> str:
    entry = ruling.entry
    logged = f"Entry {entry.seq} · `{entry.receipt}`" if entry else "Closed before outcomes were kept in the log"
    link = link_of(guild_id, ruling.poll)
    return f"{logged} · [ballot]({link})" if link else logged


def record_receipt(ruling: Ruling, entry: Entry) -> str:
    """What the person who recorded an outcome alone sees."""
    before = [seq for seq in entry.refs.get("supersedes", ()) if seq]
    place = f" It takes the place of entry {' and '.join(map(str, before))}, which stays in the log." if before else ""
    return (
        f"✅ Recorded for poll {ruling.poll.poll_id} as entry {entry.seq}.{place}\n"
        f"Your receipt: `{entry.receipt}`. Kept somewhere that is yours, it proves that nobody changed this."
    )


def review_text(ruling: Ruling) -> str:
    """The line that tells a channel that it is time to look at a verdict again."""
    decider = f"<@{ruling.decider.id}> " if ruling.decider and ruling.decider.id else ""
    return (
        f"⏰ {decider}It is time to look at this verdict again. Does it still hold?\n"
        "Yes: **Record outcome** keeps it, with a new date if you like. No: `/poll open` on the same task asks anew."
    )
