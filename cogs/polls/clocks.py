"""What happens to polls as time passes: they close, channels are told how they ended, verdicts are looked at again.

What is due is only in the database, and is marked after Discord has taken the message: a crash in between sends the
message again, and its nonce makes Discord drop the second one.
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.delivery.clock import RETRY_AFTER, Clock
from bot.delivery.posts import Posts, is_passing, nonce
from bot.errors import in_background
from cogs.polls.board import BallotRefresher, draw
from cogs.polls.outcomes.cards import review_text, short_card
from cogs.polls.outcomes.views import outcome_buttons
from cogs.polls.views import ballot_buttons
from db.polls.outcomes import OutcomeStore
from db.polls.store import PollStore
from domain.polls.outcomes import PollOutcome
from domain.polls.poll import LATE_AFTER, Poll
from domain.settings import Settings

log = logging.getLogger(__name__)

NEWS_FOR = timedelta(days=1)
"""How long after its end a poll is still announced."""


class DeadlineClock(Clock):
    """Closes every poll that is due and passes it to `on_closed`."""

    def __init__(self, store: PollStore, on_closed: Callable[[int, Poll], Awaitable[None]]) -> None:
        super().__init__(self._close_due, "closing polls that are due")
        self._store = store
        self._on_closed = on_closed

    async def _close_due(self, now: datetime) -> datetime | None:
        for guild_id, poll in await self._store.close_due(now):
            await _try(self._on_closed(guild_id, poll), f"announcing the outcome of poll {poll.poll_id}")
        return await self._store.next_deadline()


class Announcer(Clock):
    """Tells channels how their polls ended. Its turns are for those that a restart or an outage left out."""

    def __init__(self, store: PollStore, board: BallotRefresher, posts: Posts) -> None:
        super().__init__(self._catch_up, "finding polls whose end was not announced")
        self._store = store
        self._board = board
        self._posts = posts
        self._claimed: set[tuple[int, int]] = set()

    @contextlib.contextmanager
    def claim(self, guild_id: int, poll_id: int) -> Iterator[bool]:
        """Keep a poll from being announced twice at once; False if it is being announced already."""
        key = (guild_id, poll_id)
        if key in self._claimed:
            yield False
            return
        self._claimed.add(key)
        try:
            yield True
        finally:
            self._claimed.remove(key)

    async def announce(self, guild_id: int, poll: Poll) -> None:
        """Show on the ballot how it ended and tell the channel; neither needs the other to succeed.

        Raises:
            discord.HTTPException, OSError: the connection is down; it is tried again in a minute.
        """
        try:
            await self._announce(guild_id, poll)
        except Exception:
            self.wake_in(RETRY_AFTER)
            raise

    async def _announce(self, guild_id: int, poll: Poll) -> None:
        self._board.changed(guild_id, poll.poll_id, at_once=True)
        with self.claim(guild_id, poll.poll_id) as claimed:
            if claimed:
                await self._tell(guild_id, poll)
                await self._store.mark_announced(guild_id, poll.poll_id, discord.utils.utcnow())

    async def _catch_up(self, now: datetime) -> datetime | None:
        missed = await self._store.unannounced(now - NEWS_FOR)
        told = [
            await _try(self._announce(guild_id, poll), f"announcing the outcome of poll {poll.poll_id}")
            for guild_id, poll in missed
        ]
        return None if all(told) else now + timedelta(seconds=RETRY_AFTER)

    async def _tell(self, guild_id: int, poll: Poll) -> None:
        card, view = await draw(self._store, guild_id, poll), ballot_buttons(poll)
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


class OutcomeClock(Clock):
    """Posts new outcomes to the decisions channel, and tells channels when a review is due.

    Args:
        store: knows what is due.
        posts: sends it.
        changed: is told, by server and number, of each poll whose card a new outcome changed.
    """

    def __init__(self, store: OutcomeStore, posts: Posts, changed: Callable[[int, int], None]) -> None:
        super().__init__(self._send_due, "posting outcomes and reviews")
        self._store, self._posts, self._changed = store, posts, changed

    async def _send_due(self, now: datetime) -> datetime | None:
        sends = [self._post(*new, now) for new in await self._store.unposted()]
        sends += [self._tell(*due, now) for due in await self._store.due_reviews(now)]
        sent = [await _try(send, "posting an outcome or a review") for send in sends]
        if not all(sent):
            return now + timedelta(seconds=RETRY_AFTER)
        return now if sent else await self._store.next_review()  # the store names 100 at a time

    async def _post(self, guild_id: int, outcome: PollOutcome, settings: Settings, now: datetime) -> None:
        for poll_id in (outcome.poll.poll_id, *outcome.supersedes):
            self._changed(guild_id, poll_id)
        channel_id = settings.decisions_channel_id
        if channel_id not in (None, outcome.poll.channel_id):
            await self._send(channel_id, "outcome", guild_id, outcome, embed=short_card(guild_id, outcome))
        await self._store.mark_posted(guild_id, outcome, now)

    async def _tell(self, guild_id: int, outcome: PollOutcome, settings: Settings, now: datetime) -> None:
        """Tell the poll's channel, else the decisions channel; where neither is left, warn the host."""
        decider = outcome.decider
        message = {
            "content": review_text(outcome),
            "embed": short_card(guild_id, outcome),
            "view": outcome_buttons(outcome.poll.poll_id),
            "allowed_mentions": discord.AllowedMentions(
                everyone=False, roles=False, users=[discord.Object(decider.id)] if decider else False
            ),
        }
        for channel_id in dict.fromkeys((outcome.poll.channel_id, settings.decisions_channel_id)):
            if channel_id and await self._send(channel_id, "review", guild_id, outcome, **message):
                break
        else:
            log.warning("the review of poll %s in server %s has no channel left", outcome.poll.poll_id, guild_id)
        await self._store.mark_review_told(guild_id, outcome, now)

    async def _send(
        self, channel_id: int | None, what: str, guild_id: int, outcome: PollOutcome, **message: Any
    ) -> bool:
        seq = outcome.entry.seq if outcome.entry else 0
        key = nonce(what, guild_id, seq, channel_id)
        try:
            return channel_id is not None and await self._posts.send(channel_id, nonce=key, **message) is not None
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            log.warning("channel %s takes no %s: Discord says %s", channel_id, what, error.code)
            return False  # a locked thread, for instance, would refuse it every time


async def _try(work: Awaitable[None], what: str) -> bool:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
        in_background(error, what)
        return False
    return True
