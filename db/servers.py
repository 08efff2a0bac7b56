"""Servers that the bot left, and how all that is kept of one is purged."""

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
"""Every table that keeps something of servers, whatever its feature: a new one is covered from its first row."""

DELETE_GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
PARENTS = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)'
LEFT = "INSERT INTO left_server (guild_id, left_at) VALUES (?, ?) ON CONFLICT (guild_id) DO NOTHING"
BACK = "DELETE FROM left_server WHERE guild_id = ?"
LEFT_BEFORE = "SELECT guild_id FROM left_server WHERE left_at <= ? ORDER BY left_at, guild_id"
LEAVING = (
    "INSERT INTO left_server (guild_id, left_at) VALUES (?, ?) ON CONFLICT (guild_id) DO UPDATE SET left_at = left_at"
)
REMEMBER = "INSERT INTO purged_log (log_id, entries, head, purged_at) VALUES (?, ?, ?, ?)"
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

    async def left(self, guild_ids: Iterable[int], at: datetime) -> None:
        """Mark servers as left, unless they are marked already."""
        wanted = [(guild_id, to_text(at)) for guild_id in guild_ids]

        def unit(connection: sqlite3.Connection) -> None:
            connection.executemany(LEFT, wanted)

        await self._database.write(unit)

    async def back(self, guild_ids: Iterable[int]) -> None:
        """Take the mark off: the bot is there again, and so is everything that was kept."""
        wanted = [(guild_id,) for guild_id in guild_ids]

        def unit(connection: sqlite3.Connection) -> None:
            connection.executemany(BACK, wanted)

        await self._database.write(unit)

    async def all(self) -> set[int]:
        """Every server of which anything is kept."""
        async with self._database.snapshot() as snapshot:
            tables = [table for (table,) in await snapshot.all(TABLES)]
            return {row[0] for table in tables for row in await snapshot.all(_each_server(table))}

    async def left_before(self, at: datetime) -> list[int]:
        """Servers that were left by then, the longest ago first."""
        async with self._database.snapshot() as snapshot:
            return [guild_id for (guild_id,) in await snapshot.all(LEFT_BEFORE, (to_text(at),))]

    async def purge(self, guild_id: int, at: datetime, *, head: tuple[int, str] | None = None) -> PurgedLog | None:
        """Delete every row of a server from every table; what is remembered of its log, if it had one.

        Args:
            guild_id: The server.
            at: When.
            head: Number and hash of the log's last entry as a last export holds them.

        Raises:
            DomainError: decision_log.purge_moved, if the log has gone beyond `head`.
        """

        def unit(connection: sqlite3.Connection) -> PurgedLog | None:
            last = connection.execute(HEAD, (guild_id,)).fetchone()
            if head is not None and (last or (0, GENESIS)) != head:
                raise DomainError("decision_log.purge_moved")
            # a change of rows comes before any of the schema: the writer undoes a unit that fails only if it sees one
            connection.execute(LEAVING, (guild_id, to_text(at)))
            log = connection.execute(LOG_ID, (guild_id,)).fetchone()
            kept = PurgedLog(log[0], last[0], last[1], at) if log and last else None
            if kept:
                connection.execute(REMEMBER, (kept.log_id, kept.entries, kept.head, to_text(at)))
            _delete_rows(connection, guild_id)
            self._on_erase()
            rewriting.ask(connection)
            return kept

        return await self._database.write(unit)

    async def purged(self, log_id: str) -> PurgedLog | None:
        """What is remembered of a log that was purged."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(PURGED, (log_id,))
        return PurgedLog(row[0], row[1], row[2], from_text(row[3])) if row else None


def _each_server(table: str) -> str:
    """A query that steps from server to server along the key, which leads with it, rather than through every row."""
    return f"""
        WITH RECURSIVE each(id) AS (
            SELECT MIN(guild_id) FROM {table}
            UNION ALL SELECT (SELECT MIN(guild_id) FROM {table} WHERE guild_id > id) FROM each WHERE id IS NOT NULL
        )
        SELECT id FROM each WHERE id IS NOT NULL
    """  # noqa: S608 - from the schema


def _delete_rows(connection: sqlite3.Connection, guild_id: int) -> None:
    """Delete a server's rows; the guards against deleting stand aside, in this transaction alone."""
    guards = connection.execute(DELETE_GUARDS).fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for table in _children_first(connection, [table for (table,) in connection.execute(TABLES)]):
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))  # noqa: S608 - from the schema
    for _, sql in guards:
        connection.execute(sql)


def _children_first(connection: sqlite3.Connection, tables: Collection[str]) -> list[str]:
    """The tables, each before those that it refers to."""
    parents = {table: {parent for (parent,) in connection.execute(PARENTS, (table,))} & set(tables) for table in tables}
    return list(TopologicalSorter(parents).static_order())[::-1]
