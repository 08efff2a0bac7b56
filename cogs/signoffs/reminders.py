"""Reminds those whose names are missing on a cut: once, a day before they are due, beside the card."""

import hashlib
from datetime import datetime

import discord

from bot.posts import Posts
from cogs.signoffs.receipts import reminder
from db.signoff_dues import DueStore
from db.signoffs import SignoffStore
from domain.signoff_due import Reminder, worth_reminding


class Reminders:
    """Sends what is due. A reminder is marked once it is sent, so that one that Discord refused is tried again."""

    def __init__(self, signoffs: SignoffStore, dues: DueStore, posts: Posts) -> None:
        self._signoffs = signoffs
        self._dues = dues
        self._posts = posts

    async def send_due(self, now: datetime) -> datetime | None:
        """Send every reminder that is due, and return when the next one is."""
        for due in await self._dues.to_remind(now):
            await self._send(due)
            await self._dues.mark_reminded(due.guild_id, due.number, now)
        return await self._dues.next_reminder()

    async def _send(self, due: Reminder) -> None:
        state = await self._signoffs.get(due.guild_id, due.number)
        if not worth_reminding(state):
            return
        users, roles = state.awaited
        asked = [user.id for user in users if user.id] or ([] if roles else [state.request.opener.id])
        await self._posts.send(
            due.channel_id,
            content=reminder(state, due),
            allowed_mentions=discord.AllowedMentions(
                everyone=False, users=list(map(discord.Object, asked)), roles=list(map(discord.Object, roles))
            ),
            nonce=_nonce(due),
        )


def _nonce(due: Reminder) -> str:
    """Lets Discord drop a second copy, if the bot was killed after sending the first and before noting that."""
    return hashlib.sha256(f"due:{due.guild_id}:{due.number}".encode()).hexdigest()[:25]
