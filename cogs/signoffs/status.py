"""Where a piece stands, for one reader: the card, what came up since it was posted, and what the reader can do."""

import discord

from bot.ui import Interaction, act_of, buttons, guild_of
from cogs.signoffs.cards import signoff_card
from cogs.signoffs.correcting import correct_button
from cogs.signoffs.due import DueSelect
from cogs.signoffs.opening import card_items
from domain.signoffs.due import may_set_due
from domain.signoffs.state import SignoffState


async def draw_status(interaction: Interaction, state: SignoffState) -> tuple[discord.Embed, discord.ui.View]:
    """The card as it is now, with warnings of later polls and of roles that are gone."""
    stores, guild_id, number = interaction.client.stores, guild_of(interaction), state.request.number
    card = signoff_card(
        state,
        due=await stores.dues.due(guild_id, number),
        later=await stores.signoffs.kept_since(guild_id, state),
        gone=_gone(interaction.guild, state),
    )
    current = state.in_force and not state.stale
    due = [DueSelect(number)] if current and may_set_due(state, act_of(interaction).actor) else []
    return card, buttons(*card_items(state), *correct_button(state, interaction.user.id), *due)


def _gone(guild: discord.Guild | None, state: SignoffState) -> bool:
    """Whether a role that has still to sign is not in the server any more."""
    return guild is not None and any(guild.get_role(role) is None for role in state.awaited[1])
