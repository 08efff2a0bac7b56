"""When names are due on a cut: picking the time, and reminding those who are missing, once."""

from datetime import datetime, timedelta

import discord

from bot.custom_ids import EntryNumber
from bot.delivery.clock import RETRY_AFTER
from bot.delivery.posts import Posts, nonce
from bot.errors import in_background
from bot.events import SIGNOFF_DUE_SET
from bot.incoming import choice, only
from bot.ui import Interaction, PersistentSelect, act_of, guild_of, option
from cogs.signoffs.receipts import due_words, reminder
from db.signoffs.dues import DueStore
from db.signoffs.store import SignoffStore
from domain.signoffs.due import DueOption, Reminder, due_time, worth_reminding


class DueSelect(PersistentSelect, custom_id="signoff:{number}:due"):
    """Picks when names are due. Only the opener and moderators see it."""

    number: EntryNumber
    placeholder = "When are the names due?"

    def options(self) -> list[discord.SelectOption]:
        return [option(due.label, due.value) for due in DueOption]

    async def act(self, interaction: Interaction) -> None:
        stores, guild_id, act = interaction.client.stores, guild_of(interaction), act_of(interaction)
        wanted = choice(DueOption, only(self.item.values), shown=True)
        due = due_time(wanted, act.at, (await stores.settings.get(guild_id)).zone)
        remind = await stores.dues.set_due(guild_id, self.number, act, due)
        interaction.client.dispatch(SIGNOFF_DUE_SET, guild_id, self.number)
        await interaction.response.send_message(due_words(self.number, due, remind), ephemeral=True)


class Reminders:
    """Sends reminders. One is marked after it is sent, so what Discord refused is tried again."""

    def __init__(self, signoffs: SignoffStore, dues: DueStore, posts: Posts) -> None:
        self._signoffs = signoffs
        self._dues = dues
        self._posts = posts

    async def send_due(self, now: datetime) -> datetime | None:
        """Send every reminder that is due; return when the next is, or when to retry what failed."""
        sent = [await self._remind(due, now) for due in await self._dues.to_remind(now)]
        return await self._dues.next_reminder() if all(sent) else now + timedelta(seconds=RETRY_AFTER)

    async def _remind(self, due: Reminder, now: datetime) -> bool:
        try:
            await self._send(due)
            await self._dues.mark_reminded(due.guild_id, due.number, now)
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
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
