"""Tells channels how their polls ended: once, and also after a crash or an outage."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import discord

from bot.delivery.posts import Posts, is_passing, nonce
from bot.errors import in_background
from cogs.polls.board import BallotRefresher
from cogs.polls.views import ballot_buttons
from db.polls.store import PollStore
from domain.polls.poll import LATE_AFTER, Poll

log = logging.getLogger(__name__)

NEWS_FOR = timedelta(days=1)
"""How long after its end a poll is still announced; later it is no news."""

RETRY_AFTER = 60.0
"""Seconds until the next try when Discord or the line to it was down."""


class Announcer:
    """Announces a poll, then notes in the database that it did.

    A crash between the two repeats the message; Discord drops the repeat by its nonce if it comes within minutes.
    """

    def __init__(self, store: PollStore, board: BallotRefresher, posts: Posts) -> None:
        self._store = store
        self._board = board
        self._posts = posts
        self._telling: set[tuple[int, int]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._turn: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Try no more; the database knows what was not announced."""
        if self._retry is not None:
            self._retry.cancel()

    @contextlib.contextmanager
    def telling(self, guild_id: int, poll_id: int) -> Iterator[bool]:
        """Keep others from announcing a poll meanwhile; False if somebody is at it already."""
        key = (guild_id, poll_id)
        if key in self._telling:
            yield False
            return
        self._telling.add(key)
        try:
            yield True
        finally:
            self._telling.remove(key)

    async def announce(self, guild_id: int, poll: Poll) -> None:
        """Turn the ballot into how it ended and tell the channel; neither waits for the other to succeed.

        Raises:
            discord.HTTPException, OSError: the line is down; it is tried again in a minute.
        """
        self._board.changed(guild_id, poll.poll_id, at_once=True)
        with self.telling(guild_id, poll.poll_id) as free:
            if not free:
                return
            try:
                await self._tell(guild_id, poll)
            except Exception:
                self._try_again()
                raise
            await self._store.mark_announced(guild_id, poll.poll_id, discord.utils.utcnow())

    async def catch_up(self) -> None:
        """Announce whatever ended within a day and was not announced. Never raises."""
        try:
            untold = await self._store.unannounced(discord.utils.utcnow() - NEWS_FOR)
        except Exception as error:  # noqa: BLE001 - the next try is set
            in_background(error, "finding polls whose end was not announced")
            self._try_again()
            return
        for guild_id, poll in untold:
            try:
                await self.announce(guild_id, poll)
            except Exception as error:  # noqa: BLE001 - the others must have their turn; another try is set
                in_background(error, f"announcing the outcome of poll {poll.poll_id}")

    async def _tell(self, guild_id: int, poll: Poll) -> None:
        card, view = await self._board.draw(guild_id, poll), ballot_buttons(poll)
        content: dict[str, Any] = {"embed": card, "view": view, "nonce": nonce("poll", guild_id, poll.poll_id, "ended")}
        if poll.closed_at and discord.utils.utcnow() - poll.closed_at > LATE_AFTER:
            ended = discord.utils.format_dt(poll.closed_at, "R")
            content["content"] = f"Poll {poll.poll_id} ended {ended}; I could not say so at the time."
        try:
            await self._posts.send(poll.channel_id, **content)
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            log.warning("channel %s cannot be told of poll %s: %s", poll.channel_id, poll.poll_id, error.code)

    def _try_again(self) -> None:
        self.stop()
        self._retry = asyncio.get_running_loop().call_later(RETRY_AFTER, self._start_turn)

    def _start_turn(self) -> None:
        self._turn = asyncio.get_running_loop().create_task(self.catch_up(), name="poll-announcements")
