"""The menu of the settings card."""

from dataclasses import replace

import discord

from bot.incoming import only
from bot.ui import Interaction, PersistentSelect, act_of, buttons, guild_of, option
from cogs.settings.cards import NAMES, settings_card
from domain.errors import DomainError
from domain.settings import Settings


class ResetSelect(PersistentSelect, custom_id="settings:reset"):
    """Sets one setting back to its default."""

    placeholder = "Set back to the default…"

    def options(self) -> list[discord.SelectOption]:
        return [option(name, field) for field, name in NAMES.items()]

    async def act(self, interaction: Interaction) -> None:
        """Reset it and show the settings. Only one person sees the card, but they may have lost their rights since."""
        guild_id, store = guild_of(interaction), interaction.client.stores.settings
        if not await store.is_moderator(guild_id, act_of(interaction).actor):
            raise DomainError("settings.not_yours")
        field = only(self.item.values)
        if field not in NAMES:
            raise DomainError("command.gone")
        default = getattr(Settings(), field)
        settings = await store.change(guild_id, lambda before: replace(before, **{field: default}))
        title = f"{NAMES[field]}: back to the default"
        await interaction.response.edit_message(embed=settings_card(settings, title=title), view=reset_view())


def reset_view() -> discord.ui.View:
    """Return the menu as a view."""
    return buttons(ResetSelect())
