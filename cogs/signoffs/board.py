"""The card of a sign-off: kept up to date in its channel, and drawn for one reader."""

from datetime import datetime

import discord

from bot.delivery.posts import Posts
from bot.delivery.refresher import Card, Refresher
from bot.member import missing_roles
from bot.ui import Interaction, act_of, buttons, guild_of
from cogs.signoffs.cards import signoff_card
from cogs.signoffs.correcting import correct_button
from cogs.signoffs.due import DueSelect
from cogs.signoffs.opening import card_items, signoff_buttons
from cogs.signoffs.receipts import signers_ping
from db.signoffs.dues import DueStore
from db.signoffs.store import SignoffStore
from domain.signoffs.due import may_set_due
from domain.signoffs.state import SignoffState


class SignoffRefresher(Refresher):
    """Edits cards of sign-offs, always from what is stored."""

    def __init__(self, store: SignoffStore, dues: DueStore, posts: Posts) -> None:
        super().__init__(self._card, posts.edit, "the card of sign-off", posts.lanes)
        self._store = store
        self._dues = dues

    async def changed_unseen(self, since: datetime) -> None:
        """Redraw every card that changed since then: edits wait in memory, so a restart may have lost some."""
        for guild_id, number in await self._store.to_redraw(since):
            self.changed(guild_id, number)

    async def _card(self, guild_id: int, number: int) -> Card | None:
        posted = await self._store.message(guild_id, number)
        if posted is None:
            return None
        state = await self._store.get(guild_id, number)
        void = await self._store.void_warnings(guild_id, state)
        card = signoff_card(state, due=await self._dues.due(guild_id, number), void=void)
        return Card(*posted, {"content": signers_ping(state.request), "embed": card, "view": signoff_buttons(state)})


async def draw_status(interaction: Interaction, state: SignoffState) -> tuple[discord.Embed, discord.ui.View]:
    """Return the card as it is now, with warnings of later polls and of roles that are gone."""
    stores, guild_id, number = interaction.client.stores, guild_of(interaction), state.request.number
    card = signoff_card(
        state,
        due=await stores.dues.due(guild_id, number),
        void=await stores.signoffs.void_warnings(guild_id, state),
        later=await stores.signoffs.kept_since(guild_id, state),
        gone=await _gone(interaction, state),
    )
    current = state.in_force and not state.stale
    due = [DueSelect(number)] if current and may_set_due(state, act_of(interaction).actor) else []
    return card, buttons(*card_items(state), *correct_button(state, interaction.user.id), *due)


async def _gone(interaction: Interaction, state: SignoffState) -> bool:
    """Return whether a role that has still to sign is known not to be in the server any more."""
    return bool(await missing_roles(interaction, state.awaited[1]))
