"""The menu of the settings card."""

from dataclasses import replace

import discord

from bot.incoming import only
from bot.ui import Interaction, PersistentSelect, act_of, buttons, guild_of, option
from cogs.settings.cards import FIELDS, settings_card
from domain.errors import DomainError
from domain.settings import Settings


class ResetSelect(PersistentSelect, custom_id="settings:reset"):
    """Sets one setting back to its default."""

    placeholder = "Set back to the default…"

    def options(self) -> list[discord.SelectOption]:
        return [option(field.label, name) for name, field in FIELDS.items()]

    async def act(self, interaction: Interaction) -> None:
        """Reset it and show the settings. Only one person sees the card, but they may have lost their rights since."""
        guild_id, store = guild_of(interaction), interaction.client.stores.settings
        if not await store.is_moderator(guild_id, act_of(interaction).actor):
            raise DomainError("settings.not_yours")
        name = only(self.item.values)
        if name not in FIELDS:
            raise DomainError("command.gone")
        default = getattr(Settings(), name)
        settings = await store.change(guild_id, lambda before: replace(before, **{name: default}))
        title = f"{FIELDS[name].label}: back to the default"
        await interaction.response.edit_message(embed=settings_card(settings, title=title), view=reset_view())


def reset_view() -> discord.ui.View:
    """Return the menu as a view."""
    return buttons(ResetSelect())
