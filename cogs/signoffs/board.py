"""Keeps the cards in channels true while people sign."""

from datetime import datetime

from bot.delivery.posts import Posts
from bot.delivery.refresher import Card, Refresher
from cogs.signoffs.cards import signoff_card
from cogs.signoffs.opening import signoff_buttons
from cogs.signoffs.receipts import signers_ping
from db.signoffs.dues import DueStore
from db.signoffs.store import SignoffStore


class SignoffRefresher(Refresher):
    """Edits cards of sign-offs, always from what is stored."""

    def __init__(self, store: SignoffStore, dues: DueStore, posts: Posts) -> None:
        super().__init__(self._card, posts.edit, "the card of sign-off", posts.lanes)
        self._store = store
        self._dues = dues

    async def changed_unseen(self, since: datetime) -> None:
        """Note every card that a bot which ended since may have left behind the truth: such edits wait in memory."""
        for guild_id, number in await self._store.to_redraw(since):
            self.changed(guild_id, number)

    async def _card(self, guild_id: int, number: int) -> Card | None:
        posted = await self._store.message(guild_id, number)
        if posted is None:
            return None
        state = await self._store.get(guild_id, number)
        card = signoff_card(state, due=await self._dues.due(guild_id, number))
        return Card(*posted, {"content": signers_ping(state.request), "embed": card, "view": signoff_buttons(state)})
