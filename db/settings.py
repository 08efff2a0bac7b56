"""Each server's settings: their store, and how other stores read them inside their units of work."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, TypeVar

from db.engine.database import Database, Row
from domain.people import Actor
from domain.settings import Settings, Visibility

Value = TypeVar("Value", str, int)


class SettingsRow(NamedTuple):
    """The columns of `guild_setting` besides the server; None means the default."""

    timezone: str | None
    decisions_channel_id: int | None
    poll_minutes: int | None
    poll_quorum: int | None
    faq_visibility: str | None
    moderator_role_id: int | None


COLUMNS = SettingsRow._fields
GET = f"SELECT {', '.join(COLUMNS)} FROM guild_setting WHERE guild_id = ?"  # noqa: S608 - names from above
PUT = f"""
    INSERT INTO guild_setting (guild_id, {", ".join(COLUMNS)}) VALUES (?, {", ".join("?" * len(COLUMNS))})
    ON CONFLICT (guild_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608 - names from above


class SettingsStore:
    """Reads and changes what a server has set for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> Settings:
        """Return the server's settings, defaults included."""
        async with self._database.snapshot() as snapshot:
            return settings_of(await snapshot.one(GET, (guild_id,)))

    async def change(self, guild_id: int, change: Callable[[Settings], Settings]) -> Settings:
        """Store what `change` makes of the current settings and return it; two changes at once lose nothing."""

        def unit(connection: sqlite3.Connection) -> Settings:
            changed = change(read_settings(connection, guild_id))
            put_settings(connection, guild_id, changed)
            return changed

        return await self._database.write(unit)

    async def is_moderator(self, guild_id: int, actor: Actor) -> bool:
        """Return whether somebody moderates: by Discord's Manage Server or by the role that the server named for it."""
        return actor.moderator or (await self.get(guild_id)).moderator_role_id in actor.role_ids


def settings_of(found: Row | None) -> Settings:
    """Return the settings of a row of `GET`, with the defaults where it has none."""
    if found is None:
        return Settings()
    row, default = SettingsRow._make(found), Settings()
    return Settings(
        timezone=row.timezone or default.timezone,
        decisions_channel_id=row.decisions_channel_id,
        poll_duration=timedelta(minutes=row.poll_minutes) if row.poll_minutes else default.poll_duration,
        poll_quorum=row.poll_quorum or default.poll_quorum,
        faq_visibility=Visibility(row.faq_visibility) if row.faq_visibility else default.faq_visibility,
        moderator_role_id=row.moderator_role_id,
    )


def read_settings(connection: sqlite3.Connection, guild_id: int) -> Settings:
    """Read a server's settings inside a unit of work."""
    return settings_of(connection.execute(GET, (guild_id,)).fetchone())


def with_authority(connection: sqlite3.Connection, guild_id: int, actor: Actor) -> Actor:
    """Return the actor, who also moderates by the role that the server named for it."""
    role_id = read_settings(connection, guild_id).moderator_role_id
    return replace(actor, moderator=True) if role_id is not None and role_id in actor.role_ids else actor


def put_settings(connection: sqlite3.Connection, guild_id: int, settings: Settings) -> None:
    """Store a server's settings; what equals the default is stored as never set."""
    default = Settings()
    minutes = int(settings.poll_duration.total_seconds()) // 60
    row = SettingsRow(
        timezone=_none_if_default(settings.timezone, default.timezone),
        decisions_channel_id=settings.decisions_channel_id,
        poll_minutes=_none_if_default(minutes, int(default.poll_duration.total_seconds()) // 60),
        poll_quorum=_none_if_default(settings.poll_quorum, default.poll_quorum),
        faq_visibility=_none_if_default(settings.faq_visibility.value, default.faq_visibility.value),
        moderator_role_id=settings.moderator_role_id,
    )
    connection.execute(PUT, (guild_id, *row))


def _none_if_default(value: Value, default: Value) -> Value | None:
    return None if value == default else value
