"""Keeps the ballots in channels true: coalesced edits while people vote, how they ended when they do."""

from datetime import datetime

import discord

from bot.delivery.posts import Posts
from bot.delivery.refresher import Card, Refresher
from cogs.polls.drawing import draw
from cogs.polls.views import ballot_buttons
from db.polls.store import PollStore
from domain.polls.poll import Poll


class BallotRefresher(Refresher):
    """Edits ballots, always from what is stored."""

    def __init__(self, store: PollStore, posts: Posts) -> None:
        super().__init__(self._card, posts.edit, "the ballot of poll", posts.lanes)
        self._store = store
        self._posts = posts

    async def changed_unseen(self, since: datetime) -> None:
        """Note every ballot that a bot which ended since may have left behind the truth: such edits wait in memory."""
        for guild_id, poll_id in await self._store.to_redraw(since):
            self.changed(guild_id, poll_id)

    async def draw(self, guild_id: int, poll: Poll) -> discord.Embed:
        """The card of a poll with all that is stored about it."""
        return await draw(self._store, guild_id, poll)

    async def _card(self, guild_id: int, poll_id: int) -> Card | None:
        poll = await self._store.get(guild_id, poll_id)
        if poll.message_id is None:
            return None
        parts = {"embed": await self.draw(guild_id, poll), "view": ballot_buttons(poll)}
        return Card(poll.channel_id, poll.message_id, parts)
