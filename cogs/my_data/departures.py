"""Servers that remove the bot: their data is deleted after 30 days, unless they invite it again."""

import logging
from datetime import datetime, timedelta

import discord
from discord.ext import commands

from bot.delivery.clock import Clock
from bot.events import ERASED
from bot.ui import Bot

log = logging.getLogger(__name__)

KEEP_FOR = timedelta(days=30)
SWEEP_EVERY = timedelta(hours=1)
"""How often the bot looks for servers that are due."""


class Departures(commands.Cog):
    """Marks servers that removed the bot, unmarks those that come back, and purges the others when they are due.

    An outage is not a departure: Discord then says that a server is unavailable, and the bot still lists it.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._store = bot.stores.servers
        self._clock = Clock(self._sweep, "purging servers that were left")

    async def cog_unload(self) -> None:
        self._clock.stop()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._store.mark_left([guild.id], discord.utils.utcnow())

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._store.unmark_left([guild.id])

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notice what happened while the bot was not running, then sweep every hour."""
        kept = {guild_id for guild_id in await self._store.known() if self._is_ours(guild_id)}
        here = {guild.id for guild in self._bot.guilds}
        await self._store.unmark_left(kept & here)
        await self._store.mark_left(kept - here, discord.utils.utcnow())
        self._clock.wake()

    def _is_ours(self, guild_id: int) -> bool:
        """Return whether one of this process's shards would know the server."""
        return (guild_id >> 22) % (self._bot.shard_count or 1) in self._bot.shards

    async def _sweep(self, now: datetime) -> datetime:
        for guild_id in await self._store.left_before(now - KEEP_FOR):
            if self._is_ours(guild_id) and self._bot.get_guild(guild_id) is None:
                await self._purge(guild_id)
        self._bot.dispatch(ERASED)
        return now + SWEEP_EVERY

    async def _purge(self, guild_id: int) -> None:
        purged = await self._store.purge(guild_id, discord.utils.utcnow())
        entries = purged.entries if purged else 0
        log.info("purged server %s, left more than %s days ago: %s entries", guild_id, KEEP_FOR.days, entries)
