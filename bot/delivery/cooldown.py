"""How often a server may ask for what is dear."""

from datetime import datetime, timedelta


class Cooldown:
    """Lets each server through once in a while; kept in memory, so that a restart forgives.

    Args:
        every: how long a server waits after it was let through.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every
        self._free_at: dict[int, datetime] = {}

    def wait(self, guild_id: int, at: datetime) -> datetime | None:
        """Take the server's turn if it is free and return None; else when it will be."""
        self._free_at = {guild: free for guild, free in self._free_at.items() if free > at}
        if guild_id in self._free_at:
            return self._free_at[guild_id]
        self._free_at[guild_id] = at + self._every
        return None

    def give_back(self, guild_id: int) -> None:
        """The turn came to nothing: the next one may come at once."""
        self._free_at.pop(guild_id, None)
