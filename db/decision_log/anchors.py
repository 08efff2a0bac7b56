"""Anchors in SQL: which servers' logs have new entries to anchor, and the record of what was posted."""

import sqlite3
from datetime import datetime

from db.decision_log import rows
from db.engine.database import Database
from db.settings import GET, settings_of
from domain.decision_log.anchors import AnchorDue, anchor
from domain.decision_log.entries import LogEntry
from domain.times import to_text

LAST_ANCHOR = """
    SELECT seq, at FROM decision_entry WHERE guild_id = log.guild_id AND type = 'anchor' ORDER BY seq DESC LIMIT 1
"""
DUE = f"""
    SELECT log.guild_id FROM decision_log AS log
    JOIN guild_setting AS setting ON setting.guild_id = log.guild_id AND setting.decisions_channel_id IS NOT NULL
    WHERE COALESCE((SELECT seq FROM ({LAST_ANCHOR})), 0)
        < (SELECT MAX(seq) FROM decision_entry WHERE guild_id = log.guild_id)
    AND COALESCE((SELECT at FROM ({LAST_ANCHOR})), '') <= ?
"""  # noqa: S608 - from above
"""Servers with a channel, an entry after the last anchor, and no anchor since a given time."""


class AnchorStore:
    """Every method but `due` takes the server first and never reaches another's log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, before: datetime) -> list[int]:
        """Return servers whose log has new entries and was last anchored before `before`."""
        async with self._database.snapshot() as snapshot:
            return [guild_id for (guild_id,) in await snapshot.all(DUE, (to_text(before),))]

    async def next(self, guild_id: int) -> AnchorDue | None:
        """Return what an anchor would say now; None without a channel or an entry."""
        async with self._database.snapshot() as snapshot:
            channel_id = settings_of(await snapshot.one(GET, (guild_id,))).decisions_channel_id
            head = await snapshot.one(rows.HEAD, (guild_id,))
        return AnchorDue(channel_id, *head) if channel_id and head else None

    async def record(self, guild_id: int, posted: AnchorDue, message_id: int, at: datetime) -> LogEntry:
        """Enter an anchor that was posted."""
        draft = anchor(at, posted.count, posted.head, channel_id=posted.channel_id, message_id=message_id)

        def unit(connection: sqlite3.Connection) -> LogEntry:
            return rows.append(connection, guild_id, draft)

        return await self._database.write(unit)
