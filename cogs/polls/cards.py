"""What open polls look like. The wording of the ballot is here and nowhere else."""

from collections.abc import Sequence
from datetime import datetime

import discord

from bot.ui import ACCENT, clip, escape, moment
from domain.polls.outcomes import link_of
from domain.polls.poll import Ballot, Choice, Hold, Poll, PollVerdict, Vote
from domain.polls.precedents import Precedent

CHOICE_LABELS = {
    Choice.EXECUTION: "AI may execute",
    Choice.JUDGMENT: "Human judgment",
    Choice.ABSTAIN: "Abstain",
}
VERDICT_LABELS = {PollVerdict.EXECUTION: "AI may execute", PollVerdict.JUDGMENT: "A human judges"}
BALLOT_LABELS = {
    Ballot.OPEN: "Open ballot: names show",
    Ballot.AFTER_CLOSE: "Names show at close",
    Ballot.SECRET: "Secret: names never show",
}
RULE = "AI executes only with the quorum, more than half of the votes{owner} and no open hold. Else a human judges."
GREY = discord.Colour(0x8A8F98)
BAR_CELLS = 10
ERASED = "*(erased)*"
NAMES_SHOWN = 8
REASONS_SHOWN = 6
HOLDS_SHOWN = 4
LISTED = 12


def ballot_card(poll: Poll, votes: Sequence[Vote] = (), precedents: Sequence[Precedent] = ()) -> discord.Embed:
    """Show an open poll."""
    card = _base(poll, f"Poll {poll.poll_id} · AI or a human?", ACCENT)
    card.add_field(name="Closes", value=moment(poll.draft.closes_at))
    card.add_field(name="Turnout", value=_turnout(poll))
    card.add_field(name=f"Votes · {BALLOT_LABELS[poll.draft.ballot]}", value=_votes(poll, votes), inline=False)
    if poll.draft.owner_role_id and poll.counts_shown and sum(poll.tally.owners.values()):
        card.add_field(name="Owning department", value=owner_counts(poll), inline=False)
    add_holds(card, poll)
    _add_reasons(card, poll, votes)
    if precedents:
        card.add_field(name="Decided before", value="\n".join(map(_precedent, precedents)), inline=False)
    owner = ", no majority of the owning department against it" if poll.draft.owner_role_id else ""
    return card.set_footer(text=RULE.format(owner=owner))


def cancelled_card(poll: Poll) -> discord.Embed:
    """Show a poll that was cancelled: by whom and why, and no verdict."""
    card = _base(poll, f"Poll {poll.poll_id} · Cancelled", GREY)
    why = f"{_mention(poll.cancelled_by or 0)}: {escape(poll.cancel_reason, 900)}" if poll.cancel_reason else ERASED
    card.add_field(name="Cancelled by", value=why, inline=False)
    return card.set_footer(text="No verdict and no precedent. What was voted stays in the history.")


def _base(poll: Poll, title: str, colour: discord.Colour) -> discord.Embed:
    draft = poll.draft
    details = f"\n{escape(draft.details, 1200)}" if draft.details else ""
    card = discord.Embed(title=title, description=f"**{escape(draft.task, 400)}**{details}", colour=colour)
    if draft.owner_role_id:
        card.add_field(name="Owned by", value=f"<@&{draft.owner_role_id}>")
    if draft.voter_role_id:
        card.add_field(name="Who votes", value=f"<@&{draft.voter_role_id}>")
    return card


def _precedent(precedent: Precedent) -> str:
    task = escape(precedent.task, 80)
    if precedent.poll_id is None:
        does = "gives to AI" if precedent.verdict is PollVerdict.EXECUTION else "keeps for people"
        return f"📄 The second essay's author {does}: {task}"
    yes, no = precedent.votes
    conditions = f"; {escape(precedent.conditions, 80)}" if precedent.conditions else ""
    return f"🗳️ Poll {precedent.poll_id}, {task}: **{VERDICT_LABELS[precedent.verdict]}** ({yes} to {no}{conditions})"


def _turnout(poll: Poll) -> str:
    turnout, quorum = poll.tally.turnout, poll.draft.quorum
    return f"{turnout} of {quorum} needed" if turnout < quorum else f"{turnout} voted, {quorum} needed ✓"


def _votes(poll: Poll, votes: Sequence[Vote]) -> str:
    if not poll.tally.turnout:
        return "Nobody has voted yet."
    return bars(poll, votes) if poll.counts_shown else "Counts are shown when the poll closes."


def bars(poll: Poll, votes: Sequence[Vote] = ()) -> str:
    """Return the counts, each with a bar, and the voters where names show and `votes` has them all."""
    total = max(1, poll.tally.turnout)
    lines = []
    for choice, label in CHOICE_LABELS.items():
        count = poll.tally.everyone[choice]
        filled = round(BAR_CELLS * count / total)
        lines.append(f"`{'█' * filled}{'░' * (BAR_CELLS - filled)}` **{count}** {label}")
        voters = [f"<@{vote.voter_id}>" for vote in votes if vote.choice is choice and vote.voter_id]
        if poll.names_shown and voters and len(votes) == poll.tally.turnout:
            more = f" and {len(voters) - NAMES_SHOWN} more" if len(voters) > NAMES_SHOWN else ""
            lines.append(f"{', '.join(voters[:NAMES_SHOWN])}{more}")
    return "\n".join(lines)


def owner_counts(poll: Poll) -> str:
    """Return how the owning department voted."""
    return ", ".join(f"{poll.tally.owners[choice]} {label}" for choice, label in CHOICE_LABELS.items())


def add_holds(card: discord.Embed, poll: Poll) -> None:
    """Add the open holds to a card: by whom and why."""
    if poll.holds:
        lines = [f"✋ {_mention(hold.holder_id)}: {escape(hold.reason, 200)}" for hold in poll.holds[:HOLDS_SHOWN]]
        card.add_field(name="On hold", value=list_lines(lines, len(poll.holds) - len(lines)), inline=False)


def _mention(user_id: int) -> str:
    """Mention somebody; an erased person left a number below 1."""
    return f"<@{user_id}>" if user_id > 0 else ERASED


def _add_reasons(card: discord.Embed, poll: Poll, votes: Sequence[Vote]) -> None:
    reasons = [vote for vote in votes if vote.reason and vote.voter_id]
    if reasons and poll.names_shown:
        lines = [
            f"**{CHOICE_LABELS[vote.choice]}** · <@{vote.voter_id}>: {escape(vote.reason or '', 120)}"
            for vote in reasons[-REASONS_SHOWN:]
        ]
        card.add_field(name="Reasons", value=list_lines(lines, len(reasons) - len(lines)), inline=False)


def list_lines(lines: list[str], hidden: int) -> str:
    """Return the lines of a field, and how many are left out."""
    return clip("\n".join([*lines, *([f"and {hidden} more"] if hidden > 0 else [])]), 1024)


def receipt(poll: Poll, vote: Vote) -> str:
    """Tell a voter what was recorded."""
    reason = f"\nYour reason: {escape(vote.reason, 700)}" if vote.reason else ""
    until = discord.utils.format_dt(poll.draft.closes_at, "R")
    return (
        f"✅ Your vote on poll {poll.poll_id} is **{CHOICE_LABELS[vote.choice]}**.{reason}\n"
        f"You can change it until the poll closes {until}."
    )


def my_vote(poll: Poll, vote: Vote | None, user_id: int, holds: Sequence[Hold] = ()) -> str:
    """Tell people how they voted, and their hold; `holds` are those that they may lift."""
    if poll.closed_at is not None:
        return _what_stood(poll, vote)
    said = receipt(poll, vote) if vote else f"You have not voted in poll {poll.poll_id}."
    own = "\n✋ Your hold blocks execution." if any(hold.holder_id == user_id for hold in poll.holds) else ""
    others = [f"✋ <@{hold.holder_id}>: {escape(hold.reason, 120)}" for hold in holds if hold.holder_id != user_id]
    listed = ["As a moderator you can lift these holds:", *others[:HOLDS_SHOWN]] if others else []
    return "\n".join([said + own, *listed])


def _what_stood(poll: Poll, vote: Vote | None) -> str:
    ended = "was cancelled" if poll.cancelled else "is closed"
    if vote is None and poll.draft.ballot is Ballot.SECRET:
        return f"Poll {poll.poll_id} {ended}. It was a secret ballot: nobody can tell any more."
    said = f"You voted **{CHOICE_LABELS[vote.choice]}**." if vote else "You did not vote."
    reason = f"\nYour reason: {escape(vote.reason, 700)}" if vote and vote.reason else ""
    return f"Poll {poll.poll_id} {ended}. {said}{reason}"


def list_card(guild_id: int, polls: Sequence[tuple[Poll, Vote | None]]) -> discord.Embed:
    """Show the open polls, the next deadline first, and whether the reader has voted."""
    card = discord.Embed(title="Open polls", colour=ACCENT)
    for poll, vote in polls[:LISTED]:
        mine = f"you voted {CHOICE_LABELS[vote.choice]}" if vote else "**you have not voted**"
        link = f"[Open ballot]({link_of(guild_id, poll)}) · " if poll.message_id else ""
        closes = discord.utils.format_dt(poll.draft.closes_at, "R")
        card.add_field(
            name=clip(f"{poll.poll_id} · {escape(poll.draft.task, 200)}", 256),
            value=f"{link}closes {closes} · {poll.tally.turnout} of {poll.draft.quorum} needed · {mine}",
            inline=False,
        )
    if not polls:
        card.description = "Nothing is open. Start one with `/poll open`."
    elif len(polls) > LISTED:
        card.set_footer(text=f"{LISTED} of {len(polls)} shown; find the others with /poll show.")
    return card


def moved_notice(guild_id: int, poll: Poll) -> str:
    """Return the text that replaces a ballot which was posted again."""
    return f"The ballot of poll {poll.poll_id} has moved: {link_of(guild_id, poll)}"


def extended(poll: Poll, before: datetime) -> str:
    """Say that a deadline was moved."""
    was = discord.utils.format_dt(before, "f")
    return f"⏳ Poll {poll.poll_id} now closes {moment(poll.draft.closes_at)}. It was {was}."


def out_of_reach(missing: Sequence[str]) -> str:
    """Warn the person who opens a poll where the bot cannot update it."""
    return (
        f"⚠️ I can't keep this card up to date here: I lack {', '.join(missing)}. Votes count all the same, and "
        "`/poll show` has them. Ask a moderator to give me that in this channel."
    )
