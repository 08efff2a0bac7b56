"""Servers that the bot left, and the purge of all that is stored of one."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from graphlib import TopologicalSorter

from db.decision_log.rows import HEAD, LOG_ID
from db.engine import rewriting
from db.engine.database import Database
from domain.decision_log.chain import GENESIS
from domain.decision_log.erasure import PurgedLog
from domain.errors import DomainError
from domain.times import from_text, to_text

TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) WHERE name = 'guild_id')
"""
"""Every table with rows of servers; a new table is covered from its first row."""

DELETE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
PARENTS = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)'
MARK_LEFT = "INSERT INTO left_server (guild_id, left_at) VALUES (?, ?) ON CONFLICT (guild_id) DO NOTHING"
UNMARK_LEFT = "DELETE FROM left_server WHERE guild_id = ?"
LEFT_BEFORE = "SELECT guild_id FROM left_server WHERE left_at <= ? ORDER BY left_at, guild_id"
LEAVING = (
    "INSERT INTO left_server (guild_id, left_at) VALUES (?, ?) ON CONFLICT (guild_id) DO UPDATE SET left_at = left_at"
)
ADD_PURGED = "INSERT INTO purged_log (log_id, entries, head, purged_at) VALUES (?, ?, ?, ?)"
PURGED = "SELECT log_id, entries, head, purged_at FROM purged_log WHERE log_id = ?"


class ServerStore:
    """Which servers the bot left, and the purge of one.

    Args:
        database: The database.
        on_erase: Called in each unit of work that purges, to clear what is cached of the log.
    """

    def __init__(self, database: Database, on_erase: Callable[[], None]) -> None:
        self._database = database
        self._on_erase = on_erase

    async def mark_left(self, guild_ids: Iterable[int], at: datetime) -> None:
        """Mark servers as left, unless they are marked already."""
        wanted = [(guild_id, to_text(at)) for guild_id in guild_ids]

        def unit(connection: sqlite3.Connection) -> None:
            connection.executemany(MARK_LEFT, wanted)

        await self._database.write(unit)

    async def unmark_left(self, guild_ids: Iterable[int]) -> None:
        """Remove the mark: the bot is there again, and so is everything that was stored."""
        wanted = [(guild_id,) for guild_id in guild_ids]

        def unit(connection: sqlite3.Connection) -> None:
            connection.executemany(UNMARK_LEFT, wanted)

        await self._database.write(unit)

    async def known(self) -> set[int]:
        """Return every server of which anything is stored."""
        async with self._database.snapshot() as snapshot:
            tables = [table for (table,) in await snapshot.all(TABLES)]
            return {row[0] for table in tables for row in await snapshot.all(_each_server(table))}

    async def left_before(self, at: datetime) -> list[int]:
        """Return servers that were left by then, the longest ago first."""
        async with self._database.snapshot() as snapshot:
            return [guild_id for (guild_id,) in await snapshot.all(LEFT_BEFORE, (to_text(at),))]

    async def purge(self, guild_id: int, at: datetime, *, head: tuple[int, str] | None = None) -> PurgedLog | None:
        """Delete every row of a server from every table; return what is remembered of its log, if it had one.

        Args:
            guild_id: The server.
            at: When.
            head: Number and hash of the log's last entry as a last export holds them.

        Raises:
            DomainError: decision_log.purge_moved, if the log has grown beyond `head`.
        """

        def unit(connection: sqlite3.Connection) -> PurgedLog | None:
            last = connection.execute(HEAD, (guild_id,)).fetchone()
            if head is not None and (last or (0, GENESIS)) != head:
                raise DomainError("decision_log.purge_moved")
            # rows change before the schema does: the writer rolls a failing unit back only if rows have changed
            connection.execute(LEAVING, (guild_id, to_text(at)))
            purged = _remember(connection, guild_id, last, at) if last else None
            _delete_rows(connection, guild_id)
            self._on_erase()
            rewriting.request_rewrite(connection)
            return purged

        return await self._database.write(unit)

    async def purged(self, log_id: str) -> PurgedLog | None:
        """Return what is remembered of a log that was purged."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(PURGED, (log_id,))
        if row is None:
            return None
        found_id, entries, head, purged_at = row
        return PurgedLog(found_id, entries, head, from_text(purged_at))


def _remember(connection: sqlite3.Connection, guild_id: int, last: tuple[int, str], at: datetime) -> PurgedLog:
    """Record the name of a log that is purged, and number and hash of its last entry."""
    (log_id,) = connection.execute(LOG_ID, (guild_id,)).fetchone()
    entries, head = last
    connection.execute(ADD_PURGED, (log_id, entries, head, to_text(at)))
    return PurgedLog(log_id, entries, head, at)


def _each_server(table: str) -> str:
    """Return a query that skips from server to server along the primary key instead of reading every row."""
    return f"""
        WITH RECURSIVE each(id) AS (
            SELECT MIN(guild_id) FROM {table}
            UNION ALL SELECT (SELECT MIN(guild_id) FROM {table} WHERE guild_id > id) FROM each WHERE id IS NOT NULL
        )
        SELECT id FROM each WHERE id IS NOT NULL
    """  # noqa: S608 - from the schema


def _delete_rows(connection: sqlite3.Connection, guild_id: int) -> None:
    """Delete a server's rows; the triggers against deleting are dropped in this transaction only."""
    triggers = connection.execute(DELETE_TRIGGERS).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for table in _children_first(connection, [table for (table,) in connection.execute(TABLES)]):
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))  # noqa: S608 - from the schema
    for _, sql in triggers:
        connection.execute(sql)


def _children_first(connection: sqlite3.Connection, tables: Collection[str]) -> list[str]:
    """Sort tables so that each comes before those that it refers to."""
    parents = {table: {parent for (parent,) in connection.execute(PARENTS, (table,))} & set(tables) for table in tables}
    return list(TopologicalSorter(parents).static_order())[::-1]
