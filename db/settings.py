"""Each server's settings: their store, and how other stores read them inside their units of work."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from db.engine.database import Database, Row
from domain.people import Actor
from domain.settings import Settings, Visibility

COLUMNS = (
    "timezone",
    "decisions_channel_id",
    "poll_minutes",
    "poll_quorum",
    "faq_visibility",
    "moderator_role_id",
)
GET = f"SELECT {', '.join(COLUMNS)} FROM guild_setting WHERE guild_id = ?"  # noqa: S608 - names from above
PUT = f"""
    INSERT INTO guild_setting (guild_id, {", ".join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608 - names from above


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


def settings_of(row: Row | None) -> Settings:
    """The settings that a row says; the defaults where it says nothing."""
    if row is None:
        return Settings()
    timezone, channel_id, minutes, quorum, visibility, role_id = row
    default = Settings()
    return Settings(
        timezone=timezone or default.timezone,
        decisions_channel_id=channel_id,
        poll_duration=timedelta(minutes=minutes) if minutes else default.poll_duration,
        poll_quorum=quorum or default.poll_quorum,
        faq_visibility=Visibility(visibility) if visibility else default.faq_visibility,
        moderator_role_id=role_id,
    )


def read_settings(connection: sqlite3.Connection, guild_id: int) -> Settings:
    """A server's settings, inside a unit of work."""
    return settings_of(connection.execute(GET, (guild_id,)).fetchone())


def with_authority(connection: sqlite3.Connection, guild_id: int, actor: Actor) -> Actor:
    """The actor, a moderator also by the role that the server named for it."""
    role_id = read_settings(connection, guild_id).moderator_role_id
    return replace(actor, moderator=True) if role_id is not None and role_id in actor.role_ids else actor


def put_settings(connection: sqlite3.Connection, guild_id: int, settings: Settings) -> None:
    """Let `settings` be what the server has set; what equals the default is kept as never set."""
    default = Settings()
    minutes = int(settings.poll_duration.total_seconds()) // 60
    values = (
        _none_if_default(settings.timezone, default.timezone),
        settings.decisions_channel_id,
        _none_if_default(minutes, int(default.poll_duration.total_seconds()) // 60),
        _none_if_default(settings.poll_quorum, default.poll_quorum),
        _none_if_default(settings.faq_visibility.value, default.faq_visibility.value),
        settings.moderator_role_id,
    )
    connection.execute(PUT, (guild_id, *values))


def _none_if_default(value: str | int, default: str | int) -> str | int | None:
    return None if value == default else value
