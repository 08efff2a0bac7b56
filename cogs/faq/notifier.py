"""Tells people that their question is answered, where they asked it; then forgets who they are."""

import asyncio
from collections.abc import Sequence
from itertools import groupby

import discord

from bot.answers import FaqAnswers
from bot.delivery.posts import Posts
from cogs.faq.cards import answer_card
from cogs.faq.views import related_buttons
from db.faq.queue import FaqQueueStore
from domain.faq.queue import WaitingAsker

MENTIONS_PER_MESSAGE = 50
"""People mentioned in one message; Discord takes 100, and a message has 2,000 characters."""


class Notifier:
    """Sends what is due. If the process dies before it forgets a message, that is sent again, never lost."""

    def __init__(self, queue: FaqQueueStore, answers: FaqAnswers, posts: Posts) -> None:
        self._queue, self._answers, self._posts = queue, answers, posts
        self._turn = asyncio.Lock()

    async def tell_due(self) -> None:
        """Tell everybody who is due, with one message for each question and channel."""
        async with self._turn:
            due = await self._queue.due()
            for _, group in groupby(due, key=lambda one: (one.guild_id, one.question_id, one.channel_id)):
                people = list(group)
                for start in range(0, len(people), MENTIONS_PER_MESSAGE):
                    await self._tell(people[start : start + MENTIONS_PER_MESSAGE])

    async def _tell(self, people: Sequence[WaitingAsker]) -> None:
        first = people[0]
        matcher = await self._answers.matcher(first.guild_id)
        entry = matcher.get(first.entry_id)
        if entry is not None:
            named = " ".join(f"<@{one.user_id}>" for one in people)
            await self._posts.send(
                first.channel_id,
                content=f"{named} the moderators have answered your question.",
                embed=answer_card(entry, asked=first.wording),
                view=related_buttons(matcher, entry),
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, roles=False, users=[discord.Object(one.user_id) for one in people]
                ),
            )
        for one in people:
            await self._queue.forget_asker(one)
