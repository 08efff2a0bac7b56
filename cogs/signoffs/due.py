"""Saying when names are due on a cut."""

import discord

from bot.custom_ids import EntryNumber
from bot.events import SIGNOFF_DUE_SET
from bot.incoming import choice, only
from bot.ui import Interaction, PersistentSelect, act_of, guild_of
from cogs.signoffs.receipts import due_words
from domain.signoffs.due import DueOption, due_time


class DueSelect(PersistentSelect, custom_id="signoff:{number}:due"):
    """Picks when names are due; for the opener and moderators, who alone are shown it."""

    number: EntryNumber
    placeholder = "When are the names due?"

    def options(self) -> list[discord.SelectOption]:
        """The days to choose from."""
        return [discord.SelectOption(label=due.label, value=due.value) for due in DueOption]

    async def act(self, interaction: Interaction) -> None:
        """Set it."""
        stores, guild_id, act = interaction.client.stores, guild_of(interaction), act_of(interaction)
        wanted = choice(DueOption, only(self.item.values), shown=True)
        due = due_time(wanted, act.at, (await stores.settings.get(guild_id)).zone)
        remind = await stores.dues.set_due(guild_id, self.number, act, due)
        interaction.client.dispatch(SIGNOFF_DUE_SET, guild_id, self.number)
        await interaction.response.send_message(due_words(self.number, due, remind), ephemeral=True)
