"""Carrying erasures out: what was confirmed, server by server, then what it leaves to do outside the database."""

import logging
from datetime import datetime, timedelta

import discord

from bot.delivery.clock import Clock
from bot.errors import in_background
from bot.events import ERASED, POLL_CHANGED, SIGNOFF_CHANGED
from bot.ui import Bot
from cogs.my_data.cards import notice_card
from domain.my_data import Erasure, FollowUp

log = logging.getLogger(__name__)


SHREDDED = timedelta(minutes=1)
"""How often the bot tries again while something still reads what was erased."""

CARDS_TRIED = timedelta(days=1)
"""How long a card is drawn anew at each start, in case the bot ended before Discord had taken the edit."""

REDRAWN_BY = {"poll": POLL_CHANGED, "signoff": SIGNOFF_CHANGED}


async def carry_out_erasures(bot: Bot, person_id: int | None = None) -> list[Erasure]:
    """Erase what was asked for: one person, or everyone whom a bot that ended left waiting. Server after server."""
    done = []
    for guild_id, person in await bot.stores.my_data.due():
        if person_id in (None, person):
            done.append(await bot.stores.my_data.erase(guild_id, person, discord.utils.utcnow()))
    if done:
        bot.dispatch(ERASED)
    return done


class ErasureFollowUps:
    """Shreds what was erased, has cards drawn anew, and tells moderators of copies outside."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._posts = bot.posts
        self._store = bot.stores.my_data
        self._passed_on: set[FollowUp] = set()
        self._clock = Clock(self._shred, "shredding what was erased")
        self._rewriting = Clock(self._bot.database.rewrite, "writing the file anew after erasures")

    def start(self) -> None:
        """Shred now, and again every minute while something still reads the old pages."""
        self._rewriting.wake()
        self._clock.wake()  # a turn under way may have begun before the last erasure: this is one more

    def stop(self) -> None:
        """Do no more; opening the database anew shreds as well, and what is to be told is stored."""
        self._clock.stop()
        self._rewriting.stop()

    async def follow_up(self, now: datetime) -> None:
        """Have every card drawn that shows what is gone, and tell moderators once."""
        await self._store.forget_follow_ups(now - CARDS_TRIED)
        todos = await self._store.follow_ups()
        for todo in todos:
            if todo.kind not in REDRAWN_BY:
                await self._tell(todo)
            elif todo not in self._passed_on:
                self._bot.dispatch(REDRAWN_BY[todo.kind], todo.guild_id, todo.number)
        self._passed_on = set(todos)

    async def _tell(self, todo: FollowUp) -> None:
        try:
            settings = await self._bot.stores.settings.get(todo.guild_id)
            if settings.decisions_channel_id:
                notice = await self._store.notice(todo.guild_id, todo.number)
                await self._posts.send(settings.decisions_channel_id, embed=notice_card(notice))
            await self._store.mark_followed_up(todo)
        except Exception as error:  # noqa: BLE001 - the next server's moderators are told all the same
            in_background(error, "telling moderators of an erasure")

    async def _shred(self, now: datetime) -> datetime | None:
        if await self._bot.database.shred():
            return None
        log.info("erased data is still in the write-ahead log, because of a long read; trying again")
        return now + SHREDDED
