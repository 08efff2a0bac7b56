"""A per-server cooldown for expensive commands."""

from datetime import datetime, timedelta


class Cooldown:
    """Lets each server through once every so often. It is in memory, so a restart resets it.

    Args:
        every: how long a server waits after it was let through.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._free_at: dict[int, datetime] = {}

    def wait(self, guild_id: int, at: datetime) -> datetime | None:
        """Start the server's cooldown and return None; if one is running, return when it ends."""
        self._free_at = {guild: free for guild, free in self._free_at.items() if free > at}
        if guild_id in self._free_at:
            return self._free_at[guild_id]
        self._free_at[guild_id] = at + self._every
        return None

    def give_back(self, guild_id: int) -> None:
        """End the server's cooldown, because what it was for failed."""
        self._free_at.pop(guild_id, None)
