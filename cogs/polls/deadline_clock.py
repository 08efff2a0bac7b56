"""Closes polls when they are due. Deadlines live in the database alone; a restart loses none."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.delivery.clock import Clock
from bot.errors import in_background
from db.polls.store import PollStore
from domain.polls.poll import Poll


class DeadlineClock(Clock):
    """Closes what is due of all polls and says so through `on_closed`."""

    def __init__(self, store: PollStore, on_closed: Callable[[int, Poll], Awaitable[None]]) -> None:
        super().__init__(self._close_due, "closing polls that are due")
        self._store = store
        self._on_closed = on_closed

    async def _close_due(self, now: datetime) -> datetime | None:
        for guild_id, poll in await self._store.close_due(now):
            try:
                await self._on_closed(guild_id, poll)
            except Exception as error:  # noqa: BLE001 - it is closed; the next ones must be too
                in_background(error, f"announcing the outcome of poll {poll.poll_id}")
        return await self._store.next_deadline()
