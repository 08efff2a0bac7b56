"""Saying when names are due on a cut."""

from typing import Any

import discord

from bot.events import SIGNOFF_DUE_SET
from bot.incoming import choice, only
from bot.ui import Interaction, PersistentSelect, act_of, guild_of
from cogs.signoffs.receipts import due_words
from domain.signoffs.due import DueOption, due_time


class DueSelect(PersistentSelect, template=r"signoff:(?P<number>[0-9]{1,15}):due"):
    """Picks when names are due; for the opener and moderators, who alone are shown it."""

    def __init__(self, number: str | int) -> None:
        self.number = int(number)
        options = [discord.SelectOption(label=due.label, value=due.value) for due in DueOption]
        select: discord.ui.Select[Any] = discord.ui.Select(
            custom_id=f"signoff:{self.number}:due", placeholder="When are the names due?", options=options
        )
        super().__init__(select)

    async def act(self, interaction: Interaction) -> None:
        """Set it."""
        stores, guild_id, act = interaction.client.stores, guild_of(interaction), act_of(interaction)
        wanted = choice(DueOption, only(self.item.values), shown=True)
        due = due_time(wanted, act.at, (await stores.settings.get(guild_id)).zone)
        remind = await stores.dues.set_due(guild_id, self.number, act, due)
        interaction.client.dispatch(SIGNOFF_DUE_SET, guild_id, self.number)
        await interaction.response.send_message(due_words(self.number, due, remind), ephemeral=True)
