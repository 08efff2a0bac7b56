"""The card of a poll from what is stored."""

import discord

from cogs.polls.cards import ballot_card
from db.polls import PollStore
from domain.polls import Poll


async def draw(store: PollStore, guild_id: int, poll: Poll) -> discord.Embed:
    """The card with the reasons and precedents that belong on it."""
    votes = await store.votes(guild_id, poll.poll_id)
    precedents = () if poll.closed_at else await store.precedents(guild_id, poll)
    return ballot_card(poll, votes, precedents)
