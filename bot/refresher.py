"""Edits of cards that change faster than Discord lets a message be edited."""

from collections.abc import Awaitable, Callable

import aiohttp
import discord
from discord.ext import tasks

from bot.errors import in_background
from domain.errors import DomainError

SECONDS_BETWEEN_EDITS = 5.0
"""Discord lets a channel take about five edits in five seconds; one card takes one of them."""

PASSING = (discord.DiscordServerError, aiohttp.ClientError, OSError)
"""Failures of an edit that say nothing against the next try: Discord or the line to it is down."""


class Refresher:
    """Refreshes a card at once when it changes, then at most every five seconds, and again after an outage.

    Args:
        refresh: edits one card, named by server and number, from what is stored.
        what: what a card is, for the log.
    """

    def __init__(self, refresh: Callable[[int, int], Awaitable[None]], what: str) -> None:
        self._refresh = refresh
        self._what = what
        self._changed: set[tuple[int, int]] = set()

    def changed(self, guild_id: int, number: int) -> None:
        """Note that a card no longer shows the truth."""
        self._changed.add((guild_id, number))
        if not self._edit_changed.is_running():
            self._edit_changed.start()

    def stop(self) -> None:
        """Edit no more; what is stored stays true."""
        self._edit_changed.cancel()

    @tasks.loop(seconds=SECONDS_BETWEEN_EDITS)
    async def _edit_changed(self) -> None:
        due, self._changed = self._changed, set()
        if not due:
            self._edit_changed.stop()
        for guild_id, number in sorted(due):
            try:
                await self._refresh(guild_id, number)
            except DomainError:
                continue
            except Exception as error:  # noqa: BLE001 - one card that fails must not keep the others from their turn
                in_background(error, f"editing {self._what} {number}")
                if isinstance(error, PASSING):
                    self._changed.add((guild_id, number))
