"""Cards: messages in channels that change faster than Discord lets a message be edited."""

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord

from bot.delivery.lanes import Lanes
from bot.errors import in_background
from domain.errors import DomainError
from domain.lru_cache import LruCache

log = logging.getLogger(__name__)

SECONDS_BETWEEN_EDITS = 5.0
"""Discord allows about five edits in five seconds in a channel; one card takes one of them."""

SECONDS_BETWEEN_OLD_EDITS = 15.0
"""The same for a message older than an hour, for which Discord allows fewer edits (error 30046)."""

OLD_AFTER = timedelta(minutes=59)
"""Age from which a message counts as older than an hour; clocks differ."""

LONGEST_BACK_OFF = 60.0
"""The most seconds between tries while Discord is down."""

OUT_OF_REACH = 600.0
"""Seconds for which a message that was deleted, or that the bot may not edit, is left alone."""

LAST_EDITS = 2.0
"""Seconds that a stopping bot allows for edits that are due."""

PASSING = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Failures after which to try again: Discord or the connection to it is down."""

TOO_MANY_OLD_EDITS = 30046

REMEMBERED = 1000
"""Cards whose content is remembered; a forgotten one is edited once more than needed."""

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Card:
    """A message as it should look: `parts` are what `discord.PartialMessage.edit` takes by name."""

    channel_id: int
    message_id: int
    parts: dict[str, Any]

    @property
    def digest(self) -> bytes:
        """Return 16 bytes that change with what Discord would be sent."""
        sent = json.dumps([self.channel_id, self.message_id, self.parts], default=_payload, sort_keys=True)
        return hashlib.blake2b(sent.encode(), digest_size=16).digest()


def _payload(part: Any) -> object:
    """Return an embed or a view as it is sent."""
    return part.to_components() if hasattr(part, "to_components") else part.to_dict()


@dataclass(slots=True)
class ShownCards:
    """What the latest cards show, and which messages are out of reach."""

    _digests: LruCache[Key, bytes] = field(default_factory=lambda: LruCache(REMEMBERED))
    _left_alone: LruCache[int, float] = field(default_factory=lambda: LruCache(REMEMBERED))

    def is_current(self, key: Key, card: Card) -> bool:
        """Say whether the message already shows exactly this."""
        return self._digests.get(key) == card.digest

    def is_left_alone(self, card: Card, at: float) -> bool:
        """Say whether the message was out of reach and is not to be tried at `at`, in seconds of the loop's clock."""
        until = self._left_alone.get(card.message_id)
        return until is not None and at < until

    def shows(self, key: Key, card: Card) -> None:
        """Note that the message shows this now."""
        self._left_alone.discard(card.message_id)
        self._digests.put(key, card.digest)

    def leave_alone(self, key: Key, card: Card, until: float) -> None:
        """Note that the message is out of reach; a message that replaces it is not."""
        self.forget(key)
        self._left_alone.put(card.message_id, until)

    def forget(self, key: Key) -> None:
        """Note that what the message shows is unknown."""
        self._digests.discard(key)


@dataclass(slots=True)
class _Turn:
    """A card that was edited recently, is being edited, or is about to be."""

    changed: bool = False
    at_once: bool = False
    failures: int = 0
    task: asyncio.Task[None] | None = None
    rest: asyncio.TimerHandle | None = None


class Refresher:
    """Edits each card at once when it changes, then at most every five seconds, and always once after the last change.

    Each card has its own pace and at most one edit under way, so that an older state never follows a newer one. An
    edit that would change nothing is not sent. A quiet card takes only the 16 bytes that say what it shows.

    Args:
        draw: returns the card of a server by its number, from storage; None if it was never posted.
        edit: sends the parts, as `Posts.edit` does; False if the message is gone or out of reach.
        what: what a card is, for the log.
        lanes: the limit on concurrent edits, shared by the refreshers of several features.
        now: the wall clock, for the age of messages.
    """

    def __init__(
        self,
        draw: Callable[[int, int], Awaitable[Card | None]],
        edit: Callable[..., Awaitable[bool]],
        what: str,
        lanes: Lanes,
        *,
        now: Callable[[], datetime] = discord.utils.utcnow,
    ) -> None:
        self._draw, self._edit, self._what, self._now = draw, edit, what, now
        self._turns: dict[Key, _Turn] = {}
        self._shown = ShownCards()
        self._lanes = lanes
        self._stopping = False

    def changed(self, guild_id: int, number: int, *, at_once: bool = False) -> None:
        """Note that a card is out of date; `at_once` is for its last change, which skips the pause."""
        if self._stopping:
            return
        key = (guild_id, number)
        turn = self._turns.setdefault(key, _Turn())
        turn.changed, turn.at_once = True, turn.at_once or at_once
        if turn.task is None and (turn.rest is None or self._skips_rest(turn)):
            self._start(key, turn)

    async def stop(self) -> None:
        """Send the edits that are due, for at most two seconds, and no more after that; storage has the state."""
        self._stopping = True
        for key, turn in list(self._turns.items()):
            if turn.rest is not None:
                self._wake(key, turn)
        tasks = [turn.task for turn in self._turns.values() if turn.task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LAST_EDITS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _skips_rest(self, turn: _Turn) -> bool:
        return turn.changed and not turn.failures and (turn.at_once or self._stopping)

    def _start(self, key: Key, turn: _Turn) -> None:
        if turn.rest is not None:
            turn.rest.cancel()
            turn.rest = None
        turn.task = asyncio.create_task(self._run(key, turn), name=f"editing {self._what} {key[1]}")

    def _wake(self, key: Key, turn: _Turn) -> None:
        """End the rest: edit again if the card has changed meanwhile, else forget it."""
        if turn.changed and not (self._stopping and turn.failures):
            self._start(key, turn)
        else:
            if turn.rest is not None:
                turn.rest.cancel()
            del self._turns[key]

    async def _run(self, key: Key, turn: _Turn) -> None:
        rest = 0.0
        try:
            while turn.changed and (not rest or self._skips_rest(turn)):
                turn.at_once = False
                rest = await self._update(key, turn)
        finally:
            turn.task = None
            if rest and not self._stopping:
                turn.rest = asyncio.get_running_loop().call_later(rest, self._wake, key, turn)
            else:
                del self._turns[key]

    async def _update(self, key: Key, turn: _Turn) -> float:
        """Edit the card if it shows something else; return the seconds for which it has to rest."""
        pause = SECONDS_BETWEEN_EDITS
        try:
            card = await self._news(key, turn)
            if card is None:
                return 0.0
            async with self._lane(card):
                pause = SECONDS_BETWEEN_OLD_EDITS if self._is_old(card) else SECONDS_BETWEEN_EDITS
                if turn.changed and (card := await self._news(key, turn)) is None:
                    return 0.0
                reached = await self._edit(card.channel_id, card.message_id, **card.parts)
        except DomainError:
            return 0.0
        except Exception as error:  # noqa: BLE001 - one card that fails must not hold up the others
            return self._failed(key, turn, error, pause)
        turn.failures = 0
        if reached:
            self._shown.shows(key, card)
        else:
            self._shown.leave_alone(key, card, self._time() + OUT_OF_REACH)
        return pause

    @contextlib.asynccontextmanager
    async def _lane(self, card: Card) -> AsyncIterator[None]:
        """Wait for a turn among messages of its age; it may become old while it waits."""
        old = self._is_old(card)
        async with self._lanes.turn(card.channel_id, old=old):
            if old or not self._is_old(card):
                yield
                return
        async with self._lanes.turn(card.channel_id, old=True):
            yield

    def _is_old(self, card: Card) -> bool:
        return self._now() - discord.utils.snowflake_time(card.message_id) > OLD_AFTER

    async def _news(self, key: Key, turn: _Turn) -> Card | None:
        """Return the card as it should look; None if there is nothing to send."""
        turn.changed = False
        card = await self._draw(*key)
        if card is None or self._shown.is_current(key, card) or self._shown.is_left_alone(card, self._time()):
            return None
        return card

    def _failed(self, key: Key, turn: _Turn, error: Exception, pause: float) -> float:
        self._shown.forget(key)
        asked = _asked_to_wait(error)
        if asked is None:
            in_background(error, f"editing {self._what} {key[1]}")
            if not isinstance(error, PASSING):
                return pause
        else:
            log.warning("%s %s waits: Discord takes no edit for %g s", self._what, key[1], asked)
        turn.changed = True
        turn.failures += 1
        return max(asked or 0.0, min(LONGEST_BACK_OFF, pause * 2.0 ** (turn.failures - 1)))

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def _asked_to_wait(error: Exception) -> float | None:
    """Return the seconds that Discord asked us to wait; None if it did not."""
    if isinstance(error, discord.RateLimited):
        return float(error.retry_after)
    if isinstance(error, discord.HTTPException) and (error.status == 429 or error.code == TOO_MANY_OLD_EDITS):
        headers: Mapping[str, str] = error.response.headers
        return float(headers.get("Retry-After", SECONDS_BETWEEN_OLD_EDITS))
    return None
