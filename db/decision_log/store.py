"""The decision log in SQL: single entries, pages of them, and entries that need no check."""

import sqlite3

from db.decision_log import rows
from db.engine.database import Database, Snapshot
from domain.decision_log import chain
from domain.decision_log.entries import LogEntry, LogPage, NewEntry
from domain.errors import DomainError
from domain.export.filters import EVERYTHING, Filter
from domain.text import piece_key

NEWEST = rows.ENTRIES + "AND seq < ? ORDER BY seq DESC LIMIT ?"
_OF_PIECE = """
    AND seq IN (
        SELECT seq FROM decision_part WHERE guild_id = ? AND piece_key = ? AND seq < ? ORDER BY seq DESC LIMIT ?
    ) ORDER BY seq DESC
"""
NEWEST_OF_PIECE = rows.ENTRIES + _OF_PIECE
_BY_PERSON = """
    AND seq IN (
        SELECT seq FROM decision_part WHERE guild_id = ? AND person_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?
    ) ORDER BY seq DESC
"""
NEWEST_BY_PERSON = rows.ENTRIES + _BY_PERSON
NEWEST_OF_VERDICT = rows.ENTRIES + "AND verdict = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
LOOK_AHEAD = 50
"""Entries read at a time: a filter may match few of them."""

BEYOND_LAST = 2**62


class DecisionStore:
    """Every method takes the server first and never reaches another's log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entry(self, guild_id: int, seq: int) -> LogEntry:
        """Return one entry.

        Raises:
            DomainError: decision_log.unknown.
        """
        async with self._database.snapshot() as snapshot:
            entry = await rows.get_entry(snapshot, guild_id, seq)
        if entry is None:
            raise DomainError("decision_log.unknown", number=seq)
        return entry

    async def head(self, guild_id: int) -> tuple[int, str]:
        """Return how many entries there are and the hash of the last; 0 and GENESIS for an empty log."""
        async with self._database.snapshot() as snapshot:
            return await snapshot.one(rows.HEAD, (guild_id,)) or (0, chain.GENESIS)

    async def entries(
        self, guild_id: int, wanted: Filter = EVERYTHING, *, before: int | None = None, limit: int = 10
    ) -> LogPage:
        """Return the newest `limit` entries that `wanted` matches, numbered below `before`."""
        found: list[LogEntry] = []
        least = before or BEYOND_LAST
        async with self._database.snapshot() as snapshot:
            while len(found) <= limit and (block := await _newest(snapshot, guild_id, wanted, least)):
                found += filter(wanted.matches, block)
                least = block[-1].seq
        return LogPage(tuple(found[:limit]), len(found) > limit)

    async def record(self, guild_id: int, draft: NewEntry) -> LogEntry:
        """Append an entry that needs no check, such as an export; a repeated interaction gets its first entry."""

        def unit(connection: sqlite3.Connection) -> LogEntry:
            done = rows.repeated(connection, guild_id, draft.interaction, draft.type)
            return done or rows.append(connection, guild_id, draft)

        return await self._database.write(unit)


async def _newest(snapshot: Snapshot, guild_id: int, wanted: Filter, before: int) -> list[LogEntry]:
    """Read the newest entries below `before` that `wanted` may match: it is not all in the query."""
    if wanted.piece is not None:
        found = await snapshot.all(NEWEST_OF_PIECE, (guild_id, guild_id, piece_key(wanted.piece), before, LOOK_AHEAD))
    elif wanted.person is not None:
        found = await snapshot.all(NEWEST_BY_PERSON, (guild_id, guild_id, wanted.person, before, LOOK_AHEAD))
    elif wanted.verdict is not None:
        found = await snapshot.all(NEWEST_OF_VERDICT, (guild_id, wanted.verdict, before, LOOK_AHEAD))
    else:
        found = await snapshot.all(NEWEST, (guild_id, before, LOOK_AHEAD))
    return [rows.entry_of(row) for row in found]
