"""Posts outcomes to the decisions channel, and tells a channel when the day has come to look at a verdict again.

What is due stands in the database alone and is marked after Discord has taken the message: a crash in between sends
it once more, and the nonce makes Discord drop the second.
"""

import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.delivery.clock import RETRY_AFTER, Clock
from bot.delivery.posts import Posts, is_passing, nonce
from bot.errors import in_background
from cogs.polls.outcomes.cards import review_text, short_card
from cogs.polls.outcomes.views import outcome_buttons
from db.polls.outcomes import OutcomeStore
from domain.polls.outcomes import PollOutcome
from domain.settings import Settings

log = logging.getLogger(__name__)


class OutcomeClock(Clock):
    """Takes a turn when an outcome is new, and when the next review is due.

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
        sent = [await _try(send) for send in sends]
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
        """Tell the poll's channel, else the decisions channel; where neither is left, the log of the host says so."""
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
            return False  # a locked thread, say: it would say no again and again


async def _try(send: Coroutine[Any, Any, None]) -> bool:
    try:
        await send
    except Exception as error:  # noqa: BLE001 - one message that fails must not keep the others from being sent
        in_background(error, "posting an outcome or a review")
        return False
    return True
