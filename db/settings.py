"""Each server's settings."""

import sqlite3
from collections.abc import Callable

from db.engine.database import Database
from db.setting_rows import GET, put_settings, read_settings, settings_of
from domain.people import Actor
from domain.settings import Settings


class SettingsStore:
    """Reads and changes what a server has set for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> Settings:
        """The server's settings."""
        async with self._database.snapshot() as snapshot:
            return settings_of(await snapshot.one(GET, (guild_id,)))

    async def change(self, guild_id: int, change: Callable[[Settings], Settings]) -> Settings:
        """Let `change` make the new settings from those that stand, and return them; two at once lose nothing."""

        def unit(connection: sqlite3.Connection) -> Settings:
            changed = change(read_settings(connection, guild_id))
            put_settings(connection, guild_id, changed)
            return changed

        return await self._database.write(unit)

    async def is_moderator(self, guild_id: int, actor: Actor) -> bool:
        """Whether somebody moderates: by Discord's Manage Server, or by the role that the server named for it."""
        return actor.moderator or (await self.get(guild_id)).moderator_role_id in actor.role_ids
