"""Carrying out erasures that were confirmed, server by server, and what they leave to do outside the database."""

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


SHRED_AGAIN_AFTER = timedelta(minutes=1)
"""How long the bot waits to try again while something still reads what was erased."""

REDRAW_FOR = timedelta(days=1)
"""How long a card is redrawn at each start, in case the bot stopped before Discord had taken the edit."""

REDRAWN_BY = {"poll": POLL_CHANGED, "signoff": SIGNOFF_CHANGED}


async def carry_out_erasures(bot: Bot, person_id: int | None = None) -> list[Erasure]:
    """Erase one person, or everyone who was still waiting at a restart, server by server."""
    done = []
    for guild_id, person in await bot.stores.my_data.due():
        if person_id in (None, person):
            done.append(await bot.stores.my_data.erase(guild_id, person, discord.utils.utcnow()))
    if done:
        bot.dispatch(ERASED)
    return done


class ErasureFollowUps:
    """Shreds what was erased, has cards redrawn, and tells moderators of exported copies."""

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
        self._clock.wake()  # a turn under way may have begun before the last erasure: this adds one

    def stop(self) -> None:
        """Stop. A restart shreds what is left and finishes the follow-ups from the database."""
        self._clock.stop()
        self._rewriting.stop()

    async def follow_up(self, now: datetime) -> None:
        """Have every card redrawn that shows what was erased, and tell moderators once."""
        await self._store.forget_follow_ups(now - REDRAW_FOR)
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
        except Exception as error:  # noqa: BLE001 - the next server's moderators must still be told
            in_background(error, "telling moderators of an erasure")

    async def _shred(self, now: datetime) -> datetime | None:
        if await self._bot.database.shred():
            return None
        log.info("erased data is still in the write-ahead log, because of a long read; trying again")
        return now + SHRED_AGAIN_AFTER
