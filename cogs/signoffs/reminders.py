"""Reminds those whose names are missing on a cut: once, a day before they are due, beside the card."""

from datetime import datetime, timedelta

import discord

from bot.delivery.posts import Posts, nonce
from bot.errors import in_background
from cogs.signoffs.receipts import reminder
from db.signoffs.dues import DueStore
from db.signoffs.store import SignoffStore
from domain.signoffs.due import Reminder, worth_reminding

RETRY_AFTER = timedelta(minutes=1)


class Reminders:
    """Sends what is due. A reminder is marked once it is sent, so that one that Discord refused is tried again."""

    def __init__(self, signoffs: SignoffStore, dues: DueStore, posts: Posts) -> None:
        self._signoffs = signoffs
        self._dues = dues
        self._posts = posts

    async def send_due(self, now: datetime) -> datetime | None:
        """Send every reminder that is due, and return when the next one is, or when to try again what failed."""
        sent = [await self._remind(due, now) for due in await self._dues.to_remind(now)]
        return await self._dues.next_reminder() if all(sent) else now + RETRY_AFTER

    async def _remind(self, due: Reminder, now: datetime) -> bool:
        try:
            await self._send(due)
            await self._dues.mark_reminded(due.guild_id, due.number, now)
        except Exception as error:  # noqa: BLE001 - the others must have their turn
            in_background(error, f"reminding of sign-off {due.number}")
            return False
        return True

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
            nonce=nonce("due", due.guild_id, due.number),
        )
