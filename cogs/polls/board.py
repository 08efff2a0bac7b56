"""The card of a poll, and keeping it up to date in its channel."""

from datetime import datetime

import discord

from bot.delivery.posts import Posts
from bot.delivery.refresher import Card, Refresher
from cogs.polls.cards import ballot_card, cancelled_card
from cogs.polls.outcomes.cards import outcome_card
from cogs.polls.views import ballot_buttons
from db.polls.store import PollStore
from domain.polls.poll import Poll

MAX_NAMED = 60
"""Voters up to which a card names everyone; with more, it has the counts and those who gave a reason."""


async def draw(store: PollStore, guild_id: int, poll: Poll) -> discord.Embed:
    """Draw the card of a poll, open or ended, from what is stored about it."""
    if poll.cancelled:
        return cancelled_card(poll)
    all_named = poll.tally.turnout <= MAX_NAMED
    votes = await (store.votes if all_named else store.reasoned_votes)(guild_id, poll.poll_id)
    if outcome := await store.outcome(guild_id, poll.poll_id) if poll.result else None:
        return outcome_card(guild_id, outcome, votes)
    return ballot_card(poll, votes, await store.precedents(guild_id, poll))


class BallotRefresher(Refresher):
    """Edits ballots, always from what is stored."""

    def __init__(self, store: PollStore, posts: Posts) -> None:
        super().__init__(self._card, posts.edit, "the ballot of poll", posts.lanes)
        self._store = store
        self._posts = posts

    async def changed_unseen(self, since: datetime) -> None:
        """Redraw every ballot that changed since then: edits wait in memory, so a restart may have lost some."""
        for guild_id, poll_id in await self._store.to_redraw(since):
            self.changed(guild_id, poll_id)

    async def _card(self, guild_id: int, poll_id: int) -> Card | None:
        poll = await self._store.get(guild_id, poll_id)
        if poll.message_id is None:
            return None
        parts = {"embed": await draw(self._store, guild_id, poll), "view": ballot_buttons(poll)}
        return Card(poll.channel_id, poll.message_id, parts)
