"""The button that confirms an erasure. It erases the person who presses it, so anyone may."""

from enum import StrEnum

import discord

from bot.ui import Interaction, PersistentButton, act_of, buttons, guild_of
from cogs.my_data import cards
from cogs.my_data.erasing import carry_out_erasures


class Scope(StrEnum):
    """This server, or all."""

    SERVER = "server"
    ALL = "all"


async def servers_in(interaction: Interaction, scope: Scope) -> list[int]:
    """Return the servers that a scope means for the person who asks."""
    if scope is Scope.SERVER:
        return [guild_of(interaction)]
    return await interaction.client.stores.my_data.servers_of(interaction.user.id)


class EraseButton(PersistentButton, custom_id="my-data:erase:{scope}"):
    """Erases the person who presses it."""

    scope: Scope
    style = discord.ButtonStyle.danger

    @property
    def label(self) -> str:
        return "Erase me everywhere" if self.scope is Scope.ALL else "Erase me in this server"

    async def act(self, interaction: Interaction) -> None:
        act, store = act_of(interaction), interaction.client.stores.my_data
        await interaction.response.edit_message(content=cards.UNDER_WAY, embed=None, view=buttons())
        await store.request_erasure(await servers_in(interaction, self.scope), act.actor.id, act.at)
        erasures = await carry_out_erasures(interaction.client, act.actor.id)
        await interaction.edit_original_response(content=cards.done_words(erasures))


ITEMS = (EraseButton,)
