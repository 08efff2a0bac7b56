"""Voids in SQL: marking an entry, and erasing what was typed in one that is marked."""

import json
import sqlite3
from collections.abc import Callable, Iterable

from db.decision_log import erasure as log_erasure
from db.decision_log import rows
from db.decision_log.void_outcomes import get_effect, recount
from db.engine.database import Database
from db.settings import with_authority
from domain.decision_log.entries import EntryType, LogEntry
from domain.decision_log.kinds import VoidEntry
from domain.decision_log.voids import TYPED, VoidEffect, can_be_void, check_may_erase, void
from domain.errors import DomainError
from domain.people import Act

MARK_OF = rows.ENTRIES + "AND type = 'void' AND JSON_EXTRACT(body, '$.refs.voids') = ?"
OF_REQUEST = rows.ENTRIES + "AND request_seq = ? ORDER BY seq"
MARKABLE = rows.ENTRIES + "AND type IN ('request', 'decision', 'correct', 'outcome') ORDER BY seq DESC LIMIT 200"
MARKS = """
    SELECT JSON_EXTRACT(body, '$.refs.voids') AS target, seq FROM decision_entry
    WHERE guild_id = ? AND type = 'void' AND target IN (SELECT value FROM JSON_EACH(?))
"""
MARKED = """
    SELECT JSON_EXTRACT(body, '$.refs.voids') FROM decision_entry
    WHERE guild_id = ? AND type = 'void' ORDER BY seq DESC LIMIT 1000
"""


class VoidStore:
    """Every method takes the server first and never reaches another's log.

    Args:
        database: The database.
        on_erase: Called in each unit of work that erases, to clear what is cached of the log.
    """

    def __init__(self, database: Database, on_erase: Callable[[], None]) -> None:
        self._database = database
        self._on_erase = on_erase

    async def void(self, guild_id: int, seq: int, act: Act, reason: str) -> LogEntry:
        """Mark an entry as void and return the mark; a repeated interaction gets its first one.

        What an outcome had superseded stands again (see `effect`).

        Raises:
            DomainError: decision_log.unknown, decision_log.void_already, decision_log.cannot_void,
                decision_log.void_reason_length.
        """

        def unit(connection: sqlite3.Connection) -> LogEntry:
            if done := rows.repeated(connection, guild_id, act.interaction_id, EntryType.VOID):
                return done
            entry = _entry(connection, guild_id, seq)
            if before := connection.execute(MARK_OF, (guild_id, seq)).fetchone():
                raise DomainError("decision_log.void_already", number=seq, by=rows.entry_of(before).seq)
            mark = rows.append(connection, guild_id, void(entry, act, reason))
            if entry.type is EntryType.OUTCOME:
                recount(connection, guild_id, mark.seq)
            return mark

        return await self._database.write(unit)

    async def erase_typed(self, guild_id: int, mark_seq: int, act: Act) -> LogEntry | None:
        """Erase what was typed in the entry that `mark_seq` marks; None if nothing is left of it.

        For a request that is the slate, in the request and in every entry of the sign-off. The bytes are off the disk
        after `Database.shred`.

        Returns:
            The entry that records the erasure.

        Raises:
            DomainError: decision_log.unknown, decision_log.not_yours_to_erase.
        """

        def unit(connection: sqlite3.Connection) -> LogEntry | None:
            mark = _entry(connection, guild_id, mark_seq)
            if mark.type is not EntryType.VOID:
                raise DomainError("decision_log.unknown", number=mark_seq)
            check_may_erase(mark, with_authority(connection, guild_id, act.actor))
            entry = _entry(connection, guild_id, VoidEntry.read(mark).voids)
            gone = [(each, parts) for each, parts in _typed(connection, guild_id, entry) if parts]
            erased = log_erasure.erase(connection, guild_id, gone, act.at, act)
            self._on_erase()
            return None if erased.accounted_by is None else _entry(connection, guild_id, erased.accounted_by)

        return await self._database.write(unit)

    async def effect(self, guild_id: int, mark_seq: int) -> VoidEffect:
        """Return what a mark changed among the outcomes of polls."""
        async with self._database.snapshot() as snapshot:
            return await get_effect(snapshot, guild_id, mark_seq)

    async def marks(self, guild_id: int, seqs: Iterable[int]) -> dict[int, int]:
        """Return which of these entries are marked as void, each with the number of its mark."""
        wanted = json.dumps(list(seqs))
        async with self._database.snapshot() as snapshot:
            return dict(await snapshot.all(MARKS, (guild_id, wanted)))

    async def candidates(self, guild_id: int) -> list[LogEntry]:
        """Return entries that can be marked and are not, among the newest 200."""
        async with self._database.snapshot() as snapshot:
            marked = {seq for (seq,) in await snapshot.all(MARKED, (guild_id,))}
            found = [rows.entry_of(row) for row in await snapshot.all(MARKABLE, (guild_id,))]
        return [entry for entry in found if entry.seq not in marked and can_be_void(entry)]


def _entry(connection: sqlite3.Connection, guild_id: int, seq: int) -> LogEntry:
    row = connection.execute(rows.ENTRY, (guild_id, seq)).fetchone()
    if row is None:
        raise DomainError("decision_log.unknown", number=seq)
    return rows.entry_of(row)


def _typed(connection: sqlite3.Connection, guild_id: int, entry: LogEntry) -> list[tuple[LogEntry, dict[str, None]]]:
    """Return the parts of an entry that were typed, and the entries that repeat them."""
    others = []
    if entry.type is EntryType.REQUEST:
        others = [rows.entry_of(row) for row in connection.execute(OF_REQUEST, (guild_id, entry.request))]
    named = {other.seq: (other, ("work",)) for other in others} | {entry.seq: (entry, TYPED[entry.type])}
    return [(each, {part: None for part in parts if each.part(part) is not None}) for each, parts in named.values()]
