"""Outcomes in SQL: recording them, the server's line, reviews that fall due, and outcomes to post."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from db.decision_log import rows as log
from db.engine.database import Database
from db.polls import outcome_rows as rows
from db.polls import rows as poll_rows
from db.settings import GET, settings_of, with_authority
from domain.decision_log.entries import EntryType, LogEntry
from domain.people import Act
from domain.polls.outcomes import OutcomeRecord, PollOutcome, check_recorder, check_stands
from domain.polls.precedents import Precedent
from domain.settings import Settings
from domain.times import from_text, to_text

LINE_LENGTH = 1000
"""The newest outcomes of a server, which its line lists."""

BATCH = 100
DUE_REVIEWS = """
    SELECT guild_id, poll_id FROM poll_outcome
    WHERE review_at <= ? AND review_told_at IS NULL AND superseded_by IS NULL AND void_by IS NULL
    ORDER BY review_at LIMIT ?
"""
NEXT_REVIEW = """
    SELECT MIN(review_at) FROM poll_outcome
    WHERE review_at IS NOT NULL AND review_told_at IS NULL AND superseded_by IS NULL AND void_by IS NULL
"""
MARK_REVIEW_TOLD = """
    UPDATE poll_outcome SET review_told_at = ? WHERE guild_id = ? AND poll_id = ? AND entry_seq IS ?
"""
UNPOSTED = "SELECT guild_id, poll_id FROM poll_outcome WHERE posted_at IS NULL ORDER BY guild_id, poll_id LIMIT ?"
MARK_POSTED = "UPDATE poll_outcome SET posted_at = ? WHERE guild_id = ? AND poll_id = ? AND entry_seq IS ?"


class OutcomeStore:
    """Every method that takes a server reads and writes nothing of another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def to_record(self, guild_id: int, poll_id: int, act: Act) -> tuple[PollOutcome, tuple[Precedent, ...]]:
        """Return the outcome that the actor is about to record, and the standing ones that it could replace.

        Raises:
            DomainError: polls.unknown, outcomes.none, outcomes.not_yours, outcomes.superseded, outcomes.void.
        """

        def unit(connection: sqlite3.Connection) -> tuple[PollOutcome, tuple[Precedent, ...]]:
            _check_recorder(connection, guild_id, poll_id, act)
            outcome = rows.read_outcome(connection, guild_id, poll_id)
            check_stands(poll_id, outcome.superseded_by, outcome.void_by)
            standing = map(rows.precedent_of, connection.execute(rows.STANDING, (guild_id, BATCH)))
            return outcome, tuple(other for other in standing if other.poll_id != poll_id)

        return await self._database.write(unit)

    async def record(
        self, guild_id: int, poll_id: int, act: Act, record: OutcomeRecord
    ) -> tuple[PollOutcome, LogEntry]:
        """Record who decides and under which conditions; return the outcome and the entry that this act left.

        Repeated under the same interaction it changes nothing.

        Raises:
            DomainError: polls.unknown, outcomes.none, outcomes.not_yours, outcomes.superseded,
                outcomes.void, outcomes.cannot_replace.
        """

        def unit(connection: sqlite3.Connection) -> tuple[PollOutcome, LogEntry]:
            entry = log.repeated(connection, guild_id, act.interaction_id, EntryType.OUTCOME)
            if entry is None:
                _check_recorder(connection, guild_id, poll_id, act)
                poll = poll_rows.read_poll(connection, guild_id, poll_id).poll
                entry = rows.append_record(connection, guild_id, poll, act, record)
            return rows.read_outcome(connection, guild_id, poll_id), entry

        return await self._database.write(unit)

    async def line(self, guild_id: int) -> tuple[Precedent, ...]:
        """Return the server's line: its last 1,000 outcomes, newest first, superseded and void ones included."""
        async with self._database.snapshot() as snapshot:
            return tuple(map(rows.precedent_of, await snapshot.all(rows.WHOLE_LINE, (guild_id, LINE_LENGTH))))

    async def outcomes_of(self, guild_id: int, poll_ids: Sequence[int]) -> list[PollOutcome]:
        """Return some of a server's outcomes, in the order of `poll_ids`.

        Raises:
            DomainError: polls.unknown.
        """
        async with self._database.snapshot() as snapshot:
            found = [await rows.get_outcome(snapshot, guild_id, poll_id) for poll_id in poll_ids]
        return [outcome for outcome in found if outcome is not None]

    async def due_reviews(self, at: datetime) -> list[tuple[int, PollOutcome, Settings]]:
        """Return standing outcomes of all servers whose review is due by `at` and not announced; 100 at most."""
        return await self._outcomes(DUE_REVIEWS, (to_text(at), BATCH))

    async def next_review(self) -> datetime | None:
        """Return when the next review of any server is due."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(NEXT_REVIEW)
        return from_text(row[0]) if row and row[0] else None

    async def mark_review_told(self, guild_id: int, outcome: PollOutcome, at: datetime) -> None:
        """Remember that the review was announced, unless the outcome was recorded again meanwhile."""
        await self._mark(MARK_REVIEW_TOLD, guild_id, outcome, at)

    async def unposted(self) -> list[tuple[int, PollOutcome, Settings]]:
        """Return outcomes of all servers that are not posted yet, with their server and its settings; 100 at most."""
        return await self._outcomes(UNPOSTED, (BATCH,))

    async def mark_posted(self, guild_id: int, outcome: PollOutcome, at: datetime) -> None:
        """Remember that the outcome was posted, or cannot be, unless it was recorded again meanwhile."""
        await self._mark(MARK_POSTED, guild_id, outcome, at)

    async def _outcomes(self, query: str, parameters: tuple[object, ...]) -> list[tuple[int, PollOutcome, Settings]]:
        async with self._database.snapshot() as snapshot:
            found = []
            for guild_id, poll_id in await snapshot.all(query, parameters):
                outcome = await rows.get_outcome(snapshot, guild_id, poll_id)
                settings = settings_of(await snapshot.one(GET, (guild_id,)))
                found += [(guild_id, outcome, settings)] if outcome else []
            return found

    async def _mark(self, sql: str, guild_id: int, outcome: PollOutcome, at: datetime) -> None:
        seq = outcome.entry.seq if outcome.entry else None

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(sql, (to_text(at), guild_id, outcome.poll.poll_id, seq))

        await self._database.write(unit)


def _check_recorder(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act) -> None:
    poll = poll_rows.read_poll(connection, guild_id, poll_id).poll
    check_recorder(poll, with_authority(connection, guild_id, act.actor))
