"""What is stored about one person, and its erasure: one unit of work for each server."""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime

from db.decision_log import erasure as log_erasure
from db.decision_log.rows import ENTRIES, entry_of
from db.engine import rewriting
from db.engine.database import Database
from db.my_data import columns
from db.my_data import polls as poll_erasure
from domain.decision_log.kinds import ErasureEntry
from domain.my_data import Erasure, FollowUp, Notice, PersonalData
from domain.times import to_text

NAMED_IN_LOGS = """
    SELECT DISTINCT guild_id FROM decision_part
    WHERE part IN ('who', 'work') AND (INSTR(value, ?) > 0 OR INSTR(value, ?) > 0)
"""
WITH_OPEN_HIDDEN_VOTES = "SELECT DISTINCT guild_id FROM poll WHERE salt IS NOT NULL"
REQUEST = """
    INSERT INTO erasure_due (guild_id, person_id, asked_at) VALUES (?, ?, ?)
    ON CONFLICT (guild_id, person_id) DO NOTHING
"""
DUE = "SELECT guild_id, person_id FROM erasure_due ORDER BY asked_at, guild_id, person_id"
FOLLOW_UP = """
    INSERT INTO erasure_followup (guild_id, kind, number, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, kind, number) DO UPDATE SET at = excluded.at
"""
FOLLOW_UPS = "SELECT guild_id, kind, number, at FROM erasure_followup ORDER BY at, guild_id, kind, number"
FOLLOWED_UP = "DELETE FROM erasure_followup WHERE guild_id = ? AND kind = ? AND number = ?"
FORGET_FOLLOW_UPS = "DELETE FROM erasure_followup WHERE at < ?"
ERASURES_SINCE = ENTRIES + "AND type = 'erased' AND seq >= ? ORDER BY seq"
EXPORTS_BEFORE = ENTRIES + "AND type = 'export' AND seq > ? AND seq < ? ORDER BY seq DESC LIMIT 200"


class MyDataStore:
    """Every method names the person; those that take a server first never reach another's data.

    Args:
        database: The database.
        on_erase: Called in each unit of work that erases, to clear what is cached of the log.
    """

    def __init__(self, database: Database, on_erase: Callable[[], None]) -> None:
        self._database = database
        self._on_erase = on_erase

    async def servers_of(self, person_id: int) -> list[int]:
        """Return every server whose records name the person."""
        return await self._database.read(lambda connection: _servers_of(connection, person_id))

    async def data_of(self, guild_id: int, person_id: int) -> PersonalData:
        """Return all that a server's records have about the person."""
        return await self._database.read(lambda connection: _data_of(connection, guild_id, person_id))

    async def request_erasure(self, guild_ids: Iterable[int], person_id: int, at: datetime) -> None:
        """Remember that the person wants to be erased there, so that a restarted bot goes on with it."""
        wanted = [(guild_id, person_id, to_text(at)) for guild_id in guild_ids]

        def unit(connection: sqlite3.Connection) -> None:
            connection.executemany(REQUEST, wanted)

        await self._database.write(unit)

    async def due(self) -> list[tuple[int, int]]:
        """Return erasures that were requested and not carried out, as (server, person)."""
        async with self._database.snapshot() as snapshot:
            return [(guild_id, person_id) for guild_id, person_id in await snapshot.all(DUE)]

    async def erase(self, guild_id: int, person_id: int, at: datetime) -> Erasure:
        """Erase a person from a server's records. Repeated, it finds nothing and changes nothing.

        What is gone from the tables is gone from the disk after `Database.shred`.
        """

        def unit(connection: sqlite3.Connection) -> Erasure:
            polls = poll_erasure.polls_involving(connection, guild_id, person_id)
            words = poll_erasure.reasons(connection, guild_id, person_id)
            poll_erasure.withdraw_open(connection, guild_id, person_id, at)
            counts = columns.forget(connection, guild_id, person_id)
            counts.pop("erasure_due")
            erased = log_erasure.erase_person(connection, guild_id, person_id, at, words)
            self._on_erase()
            notice = [] if erased.accounted_by is None else [("notice", erased.accounted_by)]
            todo = [
                *(("poll", number) for number in polls),
                *(("signoff", number) for number in erased.signoffs),
                *notice,
            ]
            connection.executemany(FOLLOW_UP, [(guild_id, *each, to_text(at)) for each in todo])
            erasure = Erasure(guild_id, erased.entries, counts["poll_vote"], sum(counts.values()))
            if not erasure.empty:
                rewriting.request_rewrite(connection)
            return erasure

        return await self._database.write(unit)

    async def follow_ups(self) -> list[FollowUp]:
        """Return what erasures left to do, oldest first."""
        async with self._database.snapshot() as snapshot:
            return [FollowUp(*row) for row in await snapshot.all(FOLLOW_UPS)]

    async def mark_followed_up(self, done: FollowUp) -> None:
        """Remove a follow-up that is done."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(FOLLOWED_UP, (done.guild_id, done.kind, done.number))

        await self._database.write(unit)

    async def forget_follow_ups(self, before: datetime) -> None:
        """Remove follow-ups older than `before`: a card that cannot be drawn in a day is gone."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(FORGET_FOLLOW_UPS, (to_text(before),))

        await self._database.write(unit)

    async def notice(self, guild_id: int, accounted_by: int) -> Notice:
        """Return what to tell moderators of the erasure that entry `accounted_by` and those right after it record."""
        async with self._database.snapshot() as snapshot:
            found = [entry_of(row) for row in await snapshot.all(ERASURES_SINCE, (guild_id, accounted_by))]
            accounts = [entry for index, entry in enumerate(found) if entry.seq == accounted_by + index]
            numbers = sorted({seq for entry in accounts for seq, _ in ErasureEntry.read(entry).blanks})
            first = numbers[0] if numbers else accounted_by
            exports = await snapshot.all(EXPORTS_BEFORE, (guild_id, first, accounted_by))
        return Notice(tuple(numbers), tuple(map(entry_of, exports)))


def _servers_of(connection: sqlite3.Connection, person_id: int) -> list[int]:
    named = connection.execute(NAMED_IN_LOGS, (f'"id":"{person_id}"', f'"person":"{person_id}"')).fetchall()
    found = {guild_id for (guild_id,) in named}
    for table, column, _ in columns.COLUMNS:
        query = f"SELECT DISTINCT guild_id FROM {table} WHERE {column} = ?"  # noqa: S608 - names from our own list
        found |= {guild_id for (guild_id,) in connection.execute(query, (str(person_id),))}
    for (guild_id,) in connection.execute(WITH_OPEN_HIDDEN_VOTES).fetchall():
        if any(True for _ in columns.personal_rows(connection, guild_id, person_id)):
            found.add(guild_id)
    return sorted(found)


def _data_of(connection: sqlite3.Connection, guild_id: int, person_id: int) -> PersonalData:
    entries = log_erasure.naming(connection, guild_id, person_id)
    own = tuple(entry for entry in entries if entry.person is not None and entry.person.id == person_id)
    named = tuple(entry for entry in entries if entry not in own)
    return PersonalData(guild_id, own, named, tuple(columns.personal_rows(connection, guild_id, person_id)))
