"""What polls look like. The wording of the ballot is here and nowhere else."""

from collections.abc import Sequence

import discord

from bot.ui import ACCENT, BLUE, GREEN, clip, escape, moment
from domain.polls import SMALLEST_GROUP, Choice, Ground, Hold, Poll, Verdict, Vote
from domain.precedents import Precedent

CHOICE_LABELS = {
    Choice.EXECUTION: "AI may execute",
    Choice.JUDGMENT: "Human judgment",
    Choice.ABSTAIN: "Abstain",
}
VERDICT_LABELS = {Verdict.EXECUTION: "AI may execute", Verdict.JUDGMENT: "A human judges"}
GROUND_LABELS = {
    Ground.NO_QUORUM: "Fewer people voted than the quorum asks for, so it stays with a human.",
    Ground.HOLD: "A hold was never lifted, so it stays with a human.",
    Ground.NO_MAJORITY: "No more than half of the votes were for execution, so it stays with a human.",
    Ground.OWNER: "The department that owns the task was mostly for judgment, so it stays with a human.",
    Ground.MAJORITY: "Quorum met, more than half for execution, no hold, and the owning department not against it.",
}
RULE = (
    "Execution needs the quorum, more than half of the votes, no open hold, and the owning department not mostly "
    "against it. Everything else: a human judges."
)
BAR_CELLS = 10
REASONS_SHOWN = 6
HOLDS_SHOWN = 4
LISTED = 12


def ballot_card(poll: Poll, votes: Sequence[Vote] = (), precedents: Sequence[Precedent] = ()) -> discord.Embed:
    """The card of an open poll, or its outcome once it is closed."""
    if poll.closed_at is not None:
        return outcome_card(poll, votes)
    card = _base(poll, f"Poll {poll.poll_id} · AI or a human?", ACCENT)
    card.add_field(name="Closes", value=moment(poll.draft.closes_at))
    card.add_field(name="Turnout", value=_turnout(poll))
    card.add_field(name="Votes", value=_votes(poll), inline=False)
    _add_holds(card, poll)
    _add_reasons(card, poll, votes)
    if precedents:
        card.add_field(name="Decided before", value="\n".join(map(_precedent, precedents)), inline=False)
    return card.set_footer(text=RULE)


def outcome_card(poll: Poll, votes: Sequence[Vote] = ()) -> discord.Embed:
    """The card of a closed poll: verdict, what decided it, the numbers and the reasons."""
    outcome = poll.standing
    colour = BLUE if outcome.verdict is Verdict.EXECUTION else GREEN
    card = _base(poll, f"Poll {poll.poll_id} · {VERDICT_LABELS[outcome.verdict]}", colour)
    card.add_field(name="Why", value=GROUND_LABELS[outcome.ground], inline=False)
    card.add_field(name="Votes", value=_bars(poll), inline=False)
    if poll.draft.owner_role_id and _owners_shown(poll):
        card.add_field(name="Owning department", value=_owners(poll), inline=False)
    _add_holds(card, poll)
    _add_reasons(card, poll, votes)
    late = " Closed late, because the bot was not running at the deadline." if poll.closed_late else ""
    return card.set_footer(text=f"Turnout {poll.tally.turnout}, quorum {poll.draft.quorum}.{late}")


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
        does = "gives to AI" if precedent.verdict is Verdict.EXECUTION else "keeps for people"
        return f"📄 The second essay's author {does}: {task}"
    yes, no = precedent.votes
    return f"🗳️ Poll {precedent.poll_id}, {task}: **{VERDICT_LABELS[precedent.verdict]}** ({yes} to {no})"


def _turnout(poll: Poll) -> str:
    missing = poll.draft.quorum - poll.tally.turnout
    more = f" ({missing} more for the quorum)" if missing > 0 else ""
    return f"{poll.tally.turnout} of {poll.draft.quorum} needed{more}"


def _votes(poll: Poll) -> str:
    if poll.counts_shown:
        return _bars(poll)
    names = " Nobody will ever see who voted what." if not poll.names_shown and poll.draft.ballot == "secret" else ""
    return f"Counts are shown when the poll closes.{names}"


def _bars(poll: Poll) -> str:
    total = max(1, poll.tally.turnout)
    lines = []
    for choice, label in CHOICE_LABELS.items():
        votes = poll.tally.everyone[choice]
        filled = round(BAR_CELLS * votes / total)
        lines.append(f"`{'█' * filled}{'░' * (BAR_CELLS - filled)}` **{votes}** {label}")
    return "\n".join(lines)


def _owners_shown(poll: Poll) -> bool:
    return poll.names_shown or sum(poll.tally.owners.values()) >= SMALLEST_GROUP


def _owners(poll: Poll) -> str:
    return ", ".join(f"{poll.tally.owners[choice]} {label}" for choice, label in CHOICE_LABELS.items())


def _add_holds(card: discord.Embed, poll: Poll) -> None:
    if poll.holds:
        lines = [f"✋ {_holder(hold)}: {escape(hold.reason, 220)}" for hold in poll.holds[:HOLDS_SHOWN]]
        hidden = len(poll.holds) - len(lines)
        card.add_field(name="On hold", value=_lines(lines, hidden), inline=False)


def _holder(hold: Hold) -> str:
    """Who holds; an erased person leaves a number below 1."""
    return f"<@{hold.holder_id}>" if hold.holder_id > 0 else "*(erased)*"


def _add_reasons(card: discord.Embed, poll: Poll, votes: Sequence[Vote]) -> None:
    reasons = [vote for vote in votes if vote.reason and vote.voter_id]
    if reasons and poll.names_shown:
        lines = [
            f"**{CHOICE_LABELS[vote.choice]}** · <@{vote.voter_id}>: {escape(vote.reason or '', 120)}"
            for vote in reasons[-REASONS_SHOWN:]
        ]
        card.add_field(name="Reasons", value=_lines(lines, len(reasons) - len(lines)), inline=False)


def _lines(lines: list[str], hidden: int) -> str:
    return clip("\n".join([*lines, *([f"and {hidden} more"] if hidden > 0 else [])]), 1024)


def receipt(poll: Poll, vote: Vote) -> str:
    """What a voter alone sees after voting."""
    reason = f"\nYour reason: {escape(vote.reason, 700)}" if vote.reason else ""
    until = discord.utils.format_dt(poll.draft.closes_at, "R")
    return (
        f"✅ Your vote on poll {poll.poll_id} is **{CHOICE_LABELS[vote.choice]}**.{reason}\n"
        f"You can change it until the poll closes {until}."
    )


def my_vote(poll: Poll, vote: Vote | None, user_id: int) -> str:
    """What one person has said in a poll, in their own words to them."""
    held = any(hold.holder_id == user_id for hold in poll.holds)
    hold = "\n✋ Your hold blocks execution." if held else ""
    if poll.closed_at is not None:
        kept = "You did not vote." if vote is None else f"You voted **{CHOICE_LABELS[vote.choice]}**."
        secret = " It was a secret ballot: nobody can tell any more." if vote is None and not poll.names_shown else ""
        return f"Poll {poll.poll_id} is closed. {'' if secret else kept}{secret}{hold}".strip()
    if vote is None:
        return f"You have not voted in poll {poll.poll_id}.{hold}"
    return receipt(poll, vote) + hold


def list_card(guild_id: int, polls: Sequence[tuple[Poll, Vote | None]]) -> discord.Embed:
    """The open polls, the next deadline first, and whether the reader has voted."""
    card = discord.Embed(title="Open polls", colour=ACCENT)
    for poll, vote in polls[:LISTED]:
        mine = f"you voted {CHOICE_LABELS[vote.choice]}" if vote else "**you have not voted**"
        link = f"[Open ballot]({link_to(guild_id, poll)}) · " if poll.message_id else ""
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


def link_to(guild_id: int, poll: Poll) -> str:
    """The address of the ballot in Discord."""
    return f"https://discord.com/channels/{guild_id}/{poll.channel_id}/{poll.message_id}"
