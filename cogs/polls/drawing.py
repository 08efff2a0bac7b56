"""The card of a poll from what is stored."""

import discord

from cogs.polls.cards import ballot_card, cancelled_card
from cogs.polls.outcomes.cards import outcome_card
from db.polls.store import PollStore
from domain.polls.poll import Poll

CROWD = 60
"""Voters up to which a card names everyone; of more, it has the counts and those who gave a reason."""


async def draw(store: PollStore, guild_id: int, poll: Poll) -> discord.Embed:
    """The card of an open poll, or how it ended, with all that is stored about it."""
    if poll.cancelled:
        return cancelled_card(poll)
    all_named = poll.tally.turnout <= CROWD
    votes = await (store.votes if all_named else store.reasoned_votes)(guild_id, poll.poll_id)
    if outcome := await store.outcome(guild_id, poll.poll_id) if poll.result else None:
        return outcome_card(guild_id, outcome, votes)
    return ballot_card(poll, votes, await store.precedents(guild_id, poll))
