"""Anchors: count and head of the log in the decisions channel, at each export, and daily when there is something new.

A message is Discord's own witness: its id holds the time, and an edit shows. The entry that an anchor adds to the
log does not count as something new.
"""

import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.delivery.clock import Clock
from bot.delivery.posts import nonce
from bot.errors import in_background
from bot.ui import Bot
from domain.decision_log.anchors import AnchorDue, pin

log = logging.getLogger(__name__)

ANCHOR_EVERY = timedelta(days=1)
CHECK_EVERY = timedelta(hours=1)
"""How often the bot looks for logs that are due."""


class Anchors(commands.Cog):
    """Posts anchors. What is due is read from the log, so a restart neither forgets nor repeats one."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._store = bot.stores.anchors
        self._posts = bot.posts
        self._failed: dict[int, datetime] = {}
        self._clock = Clock(self._anchor_due, "anchoring logs that are due")

    async def cog_unload(self) -> None:
        self._clock.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Anchor what is due, and look again every hour."""
        self._clock.wake()

    @commands.Cog.listener()
    async def on_log_exported(self, guild_id: int) -> None:
        """Anchor what was exported."""
        await self._anchor(guild_id)

    async def _anchor_due(self, now: datetime) -> datetime:
        for guild_id in await self._store.due(now - ANCHOR_EVERY):
            if self._bot.get_guild(guild_id) is not None and not self._just_failed(guild_id):
                await self._anchor(guild_id)
        return now + CHECK_EVERY

    def _just_failed(self, guild_id: int) -> bool:
        """Return whether the channel was out of reach within the last day; try it, and warn of it, once a day."""
        failed = self._failed.get(guild_id)
        return failed is not None and discord.utils.utcnow() - failed < ANCHOR_EVERY

    async def _anchor(self, guild_id: int) -> None:
        try:
            if due := await self._store.next(guild_id):
                await self._post(guild_id, due)
        except Exception as error:  # noqa: BLE001 - a server that fails must not hold up the others
            in_background(error, "anchoring a log")

    async def _post(self, guild_id: int, due: AnchorDue) -> None:
        key = nonce("anchor", guild_id, due.count)
        message_id = await self._posts.send(due.channel_id, content=anchor_text(due), nonce=key)
        if message_id is None:
            self._failed[guild_id] = discord.utils.utcnow()
            log.warning("the log of server %s could not be anchored; trying again in a day", guild_id)
            return
        self._failed.pop(guild_id, None)
        await self._store.record(guild_id, due, message_id, discord.utils.utcnow())


def anchor_text(due: AnchorDue) -> str:
    """Return what an anchor says; the part between backticks can be used as a pin."""
    entries = "1 entry" if due.count == 1 else f"{due.count} entries"
    return (
        f"⚓ Log of this server: {entries} · `{pin(due.count, due.head)}`\n-# This pins the log up to here. Leave it."
    )
