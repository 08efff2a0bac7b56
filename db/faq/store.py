"""What a server's FAQ answers with, how often it is asked, and how helpful it is. Askers are never stored."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from db.engine.database import Database, Row
from db.faq.ledger import ALL, LAST_CHANGE
from db.faq.rows import own_of
from domain.faq.changes import ChangeSubject
from domain.faq.knowledge import Knowledge, essays
from domain.faq.own_entries import combine
from domain.faq.usage import ENOUGH_RATINGS, STATS_OVER, Rating, Usage
from domain.lru_cache import LruCache
from domain.people import Act
from domain.ranking.gate import FaqOutcome
from domain.times import to_text

KEPT = timedelta(days=90)
"""How long counts and ratings are kept."""

LISTED = 5
"""Entries in each list of the usage card."""

CACHED_SERVERS = 100
"""Servers whose entries are kept in memory."""

ADD_FEEDBACK = """
    INSERT INTO faq_feedback (guild_id, interaction_id, message_id, entry_id, helpful, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING
"""
SWEEP_FEEDBACK = "DELETE FROM faq_feedback WHERE at < ?"
LEAST_HELPFUL = """
    SELECT entry_id, SUM(helpful), COUNT(*) FROM faq_feedback WHERE guild_id = ?
    GROUP BY entry_id HAVING COUNT(*) >= ? AND SUM(helpful) < COUNT(*)
    ORDER BY 1.0 * SUM(helpful) / COUNT(*), COUNT(*) DESC, entry_id LIMIT ?
"""
COUNT = """
    INSERT INTO faq_count (guild_id, day, outcome, entry_id, asked) VALUES (?, ?, ?, ?, 1)
    ON CONFLICT (guild_id, day, outcome, entry_id) DO UPDATE SET asked = asked + 1
"""
SWEEP_COUNTS = "DELETE FROM faq_count WHERE day < ?"
OUTCOMES = "SELECT outcome, SUM(asked) FROM faq_count WHERE guild_id = ? AND day >= ? GROUP BY outcome"
MOST_ASKED = """
    SELECT entry_id, SUM(asked) FROM faq_count WHERE guild_id = ? AND day >= ? AND outcome = 'answer'
    GROUP BY entry_id ORDER BY SUM(asked) DESC, entry_id LIMIT ?
"""


class FaqStore:
    """What the FAQ knows, and how it is used, for each server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: LruCache[int, Knowledge] = LruCache(CACHED_SERVERS)

    async def knowledge(self, guild_id: int) -> Knowledge:
        """Return what answers questions in a server; the same object as long as nothing changes there."""
        async with self._database.snapshot() as snapshot:
            version = _first(await snapshot.one(LAST_CHANGE, (guild_id,)))
            known = self._known.get(guild_id)
            if known is None or known.version != version:
                entries = await snapshot.all(ALL, (guild_id, ChangeSubject.ENTRY))
                decoys = await snapshot.all(ALL, (guild_id, ChangeSubject.DECOY))
                known = await asyncio.to_thread(_knowledge, version, entries, decoys)
        self._known.put(guild_id, known)
        return known

    async def add_feedback(
        self, guild_id: int, act: Act, entry_id: str, *, helpful: bool, message_id: int | None = None
    ) -> None:
        """Count that an answer helped or did not, once for each interaction and card."""

        def unit(connection: sqlite3.Connection) -> None:
            values = (guild_id, act.interaction_id, message_id, entry_id, int(helpful), to_text(act.at))
            connection.execute(ADD_FEEDBACK, values)
            connection.execute(SWEEP_FEEDBACK, (to_text(act.at - KEPT),))

        await self._database.write(unit)

    async def count(self, guild_id: int, at: datetime, outcome: FaqOutcome, entry_id: str | None) -> None:
        """Count a question by day and outcome; delete counts older than 90 days."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(COUNT, (guild_id, _day(at), outcome, entry_id or ""))
            connection.execute(SWEEP_COUNTS, (_day(at - KEPT),))

        await self._database.write(unit)

    async def usage(self, guild_id: int, at: datetime) -> Usage:
        """Return how the FAQ was used in the days before `at`."""
        since = _day(at - STATS_OVER)
        async with self._database.snapshot() as snapshot:
            outcomes = await snapshot.all(OUTCOMES, (guild_id, since))
            asked = await snapshot.all(MOST_ASKED, (guild_id, since, LISTED))
            rated = await snapshot.all(LEAST_HELPFUL, (guild_id, ENOUGH_RATINGS, LISTED))
        return Usage(
            {FaqOutcome(outcome): count for outcome, count in outcomes},
            tuple((entry_id, count) for entry_id, count in asked),
            tuple(Rating(*row) for row in rated),
        )


def _knowledge(version: int, entries: Sequence[Row], decoys: Sequence[Row]) -> Knowledge:
    own = own_of((key, value) for key, value in entries)
    return Knowledge(version, combine(tuple(essays().values()), own), tuple(wording for _, wording in decoys))


def _first(row: Row | None) -> int:
    return int(row[0]) if row else 0


def _day(at: datetime) -> str:
    return to_text(at)[:10]
