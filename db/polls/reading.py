"""What can be read of polls, for cards, lists and suggestions."""

import asyncio
from datetime import datetime

from db.engine.database import Database
from db.polls import outcome_rows as outcomes
from db.polls import rows
from db.quotas import POLLS_OPEN
from domain.polls.outcomes import PollOutcome
from domain.polls.poll import Poll, Vote
from domain.polls.precedents import ESSAY, Precedent, nearest
from domain.times import from_text, to_text

NEXT_DEADLINE = "SELECT MIN(closes_at) FROM poll WHERE closed_at IS NULL"
OVERDUE = "SELECT COUNT(*) FROM poll WHERE closed_at IS NULL AND closes_at < ?"
OPEN_POLLS = """
    SELECT poll_id FROM poll WHERE guild_id = ? AND closed_at IS NULL ORDER BY closes_at, poll_id LIMIT ?
"""
FIND = """
    SELECT poll_id, task, closed_at IS NOT NULL FROM poll
    WHERE guild_id = ? AND (? = 0 OR closed_at IS NULL)
    ORDER BY closed_at IS NOT NULL, poll_id DESC LIMIT 1000
"""
TO_REDRAW = """
    SELECT guild_id, poll_id FROM poll WHERE message_id IS NOT NULL AND (closed_at IS NULL OR closed_at >= ?)
    ORDER BY (SELECT event.at FROM poll_event AS event
              WHERE event.guild_id = poll.guild_id AND event.poll_id = poll.poll_id
              ORDER BY event.event_no DESC LIMIT 1) DESC
    LIMIT ?
"""
UNANNOUNCED = """
    SELECT guild_id, poll_id FROM poll WHERE closed_at >= ? AND announced_at IS NULL ORDER BY closed_at LIMIT 100
"""
PRECEDENTS = 100
"""Outcomes of a server, the newest first, among which precedents are looked for."""


class PollReadings:
    """The reading half of `PollStore`. Every method that takes a server reads nothing of another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_deadline(self) -> datetime | None:
        """When the next open poll of any server is due."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(NEXT_DEADLINE)
        return from_text(row[0]) if row and row[0] else None

    async def overdue(self, at: datetime) -> int:
        """How many polls of all servers are open past their deadline; if any stay so, their clock stands still."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(OVERDUE, (to_text(at),))
        return int(row[0]) if row else 0

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        """The poll as it stands.

        Raises:
            DomainError: polls.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await rows.get_poll(snapshot, guild_id, poll_id)

    async def outcome(self, guild_id: int, poll_id: int) -> PollOutcome | None:
        """A closed poll with what stands for it in the log; None for one without an outcome.

        Raises:
            DomainError: polls.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await outcomes.get_outcome(snapshot, guild_id, poll_id)

    async def votes(self, guild_id: int, poll_id: int) -> tuple[Vote, ...]:
        """The standing votes, oldest first; without names on a secret ballot."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_votes(snapshot, guild_id, poll_id)

    async def reasoned_votes(self, guild_id: int, poll_id: int) -> tuple[Vote, ...]:
        """The standing votes with a reason, oldest first: what a ballot shows, however many people have voted."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_votes(snapshot, guild_id, poll_id, reasoned_only=True)

    async def vote_of(self, guild_id: int, poll_id: int, user_id: int) -> Vote | None:
        """One person's standing vote; None also when a secret ballot has forgotten it."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_vote(snapshot, guild_id, poll_id, user_id)

    async def count_open(self, guild_id: int) -> int:
        """How many polls of the server are open."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(POLLS_OPEN, (guild_id,))
        return int(row[0]) if row else 0

    async def open_polls(self, guild_id: int, limit: int = 25) -> list[Poll]:
        """The open polls, the next deadline first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(OPEN_POLLS, (guild_id, limit))
            return [await rows.get_poll(snapshot, guild_id, poll_id) for (poll_id,) in found]

    async def find(self, guild_id: int, *, text: str, open_only: bool, limit: int = 25) -> list[tuple[int, str, bool]]:
        """Polls whose number or task holds `text`, as (number, task, closed): open ones first, then the newest."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(FIND, (guild_id, int(open_only)))
        wanted = text.casefold().lstrip("# ")
        return [
            (poll_id, task, bool(closed))
            for poll_id, task, closed in found
            if wanted in task.casefold() or str(poll_id).startswith(wanted)
        ][:limit]

    async def to_redraw(self, since: datetime, limit: int = 100) -> list[tuple[int, int]]:
        """Posted polls of all servers that are open or closed since, as (server, number): the latest act first."""
        async with self._database.snapshot() as snapshot:
            return [(row[0], row[1]) for row in await snapshot.all(TO_REDRAW, (to_text(since), limit))]

    async def unannounced(self, since: datetime) -> list[tuple[int, Poll]]:
        """Polls of all servers closed or cancelled since whose channel was not told yet, at most 100, oldest first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(UNANNOUNCED, (to_text(since),))
            return [(guild_id, await rows.get_poll(snapshot, guild_id, poll_id)) for guild_id, poll_id in found]

    async def precedents(self, guild_id: int, poll: Poll) -> tuple[Precedent, ...]:
        """Standing verdicts on tasks like this one: of the server's last 100 before it, and of the essay's author."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(outcomes.STANDING_BEFORE, (guild_id, poll.poll_id, PRECEDENTS))
        own = map(outcomes.precedent_of, found)
        return await asyncio.to_thread(nearest, poll.draft.task, [*own, *ESSAY])
