"""What answers questions in each server: built when it is first needed, kept until something changes there."""

import asyncio
from collections import OrderedDict

from db.faq import FaqStore
from domain.faq import Answer, Entry, Matcher

SERVERS_KEPT = 50
"""Servers whose matcher is kept in memory at most; those without entries of their own share one."""


class Answers:
    """One for the whole bot. Building and asking happen on a thread, off the event loop."""

    def __init__(self, store: FaqStore) -> None:
        self._store = store
        self._kept: OrderedDict[int, tuple[int, Matcher]] = OrderedDict()

    async def matcher(self, guild_id: int) -> Matcher:
        """What answers in a server now."""
        knowledge = await self._store.knowledge(guild_id)
        place = guild_id if knowledge.version else 0
        version, matcher = self._kept.get(place, (None, None))
        if matcher is None or version != knowledge.version:
            matcher = await asyncio.to_thread(Matcher, knowledge.entries)
            self._kept[place] = knowledge.version, matcher
        self._kept.move_to_end(place)
        if len(self._kept) > SERVERS_KEPT:
            self._kept.popitem(last=False)
        return matcher

    async def ask(self, guild_id: int, question: str) -> Answer:
        """Answer a question, any text at all, as that server's FAQ does."""
        return await asyncio.to_thread((await self.matcher(guild_id)).ask, question)

    async def suggest(self, guild_id: int, text: str) -> tuple[Entry, ...]:
        """At most 25 entries for what has been typed so far."""
        return await asyncio.to_thread((await self.matcher(guild_id)).suggest, text)
