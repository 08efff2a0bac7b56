"""Polls in SQL: one unit of work for each thing a person can do, and what cards, lists and suggestions read."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from db import quotas
from db.engine.database import Database
from db.polls import outcome_rows as outcomes
from db.polls import rows
from db.polls.rows import Event, PollInUnit
from db.settings import with_authority
from domain.errors import DomainError
from domain.people import Act
from domain.polls.checks import (
    check_extension,
    check_keeper,
    check_open,
    check_reason,
    check_unended,
    check_voter,
    is_late,
    is_owner,
)
from domain.polls.outcomes import PollOutcome
from domain.polls.poll import Ballot, Choice, Poll, PollDraft, Vote
from domain.polls.precedents import ESSAY, Precedent, nearest
from domain.times import from_text, to_text

Result = TypeVar("Result")

OPENED_BY = "SELECT poll_id FROM poll WHERE guild_id = ? AND interaction_id = ?"
NEXT_ID = "SELECT COALESCE(MAX(poll_id), 0) + 1 FROM poll WHERE guild_id = ?"
CLOSE = """
    UPDATE poll SET closed_at = ?, closed_late = ?, verdict = ?, ground = ?, salt = NULL
    WHERE guild_id = ? AND poll_id = ?
"""
DUE = "SELECT guild_id, poll_id FROM poll WHERE closed_at IS NULL AND closes_at <= ? ORDER BY closes_at LIMIT 100"
LIFT = """
    UPDATE poll_hold SET lifted_at = ?, lifted_by = ?, lift_reason = ?
    WHERE guild_id = ? AND poll_id = ? AND holder_id = ? AND lifted_at IS NULL
"""
HOLD = """
    INSERT INTO poll_hold (guild_id, poll_id, event_no, holder_id, reason, held_at, holder_name)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""
EXTEND = "UPDATE poll SET closes_at = ? WHERE guild_id = ? AND poll_id = ?"
CANCEL = """
    UPDATE poll SET closed_at = ?, cancelled_by = ?, cancel_reason = ?, salt = NULL WHERE guild_id = ? AND poll_id = ?
"""
SET_MESSAGE = "UPDATE poll SET channel_id = ?, message_id = ? WHERE guild_id = ? AND poll_id = ?"
MARK_ANNOUNCED = "UPDATE poll SET announced_at = ? WHERE guild_id = ? AND poll_id = ? AND announced_at IS NULL"
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
    SELECT guild_id, poll_id FROM poll WHERE message_id IS NOT NULL AND (
        closed_at IS NULL OR closed_at >= ?1 OR (guild_id, poll_id) IN (
            SELECT outcome.guild_id, outcome.poll_id FROM poll_outcome AS outcome
            JOIN decision_entry AS mark ON mark.guild_id = outcome.guild_id AND mark.seq = outcome.changed_by
            WHERE outcome.changed_by IS NOT NULL AND mark.at >= ?1
        )
    )
    ORDER BY (SELECT event.at FROM poll_event AS event
              WHERE event.guild_id = poll.guild_id AND event.poll_id = poll.poll_id
              ORDER BY event.event_no DESC LIMIT 1) DESC
    LIMIT ?2
"""
UNANNOUNCED = """
    SELECT guild_id, poll_id FROM poll WHERE closed_at >= ? AND announced_at IS NULL ORDER BY closed_at LIMIT 100
"""
PRECEDENTS = 100
"""A server's newest outcomes, among which precedents are looked for."""


class PollStore:
    """Every method takes the server first and never reaches another's polls.

    Writing methods check the rule and write in one unit of work, and return the poll after it. Repeated under the same
    interaction id they change nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, guild_id: int, act: Act, channel_id: int, draft: PollDraft) -> Poll:
        """Open a poll under the server's next number.

        Raises:
            DomainError: polls.too_many_today, polls.server_full.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            done = connection.execute(OPENED_BY, (guild_id, act.interaction_id)).fetchone()
            if done:
                return rows.read_poll(connection, guild_id, done[0]).poll
            quotas.check_can_open_poll(connection, guild_id, act)
            poll_id: int = connection.execute(NEXT_ID, (guild_id,)).fetchone()[0]
            rows.add_poll(connection, guild_id, poll_id, act, channel_id, draft)
            found = rows.read_poll(connection, guild_id, poll_id)
            rows.record_event(connection, found, act, Event("open", person=str(act.actor.id)))
            return found.poll

        return await self._database.write(unit)

    async def vote(self, guild_id: int, poll_id: int, act: Act, choice: Choice) -> tuple[Poll, Vote]:
        """Cast a vote or change it; a changed vote loses the reason given for the old one.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_a_voter.
        """

        def change(connection: sqlite3.Connection, found: PollInUnit, voter: str) -> tuple[Poll, Vote]:
            poll = found.poll
            check_voter(poll, act.actor)
            before = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            owner = is_owner(poll, act.actor)
            if before and before.choice is choice and before.owner == owner:
                return poll, before
            vote = Vote(act.actor.id, choice, owner, found.kept_time(act.at))
            tally = poll.tally.after_change(before, vote)
            kind = "change" if before else "cast"
            event = Event(kind, person=voter, choice=choice, owner=owner)
            rows.record_event(connection, found, act, event, tally)
            rows.put_vote(connection, guild_id, poll_id, voter, vote)
            return replace(poll, tally=tally), vote

        return await self._change(guild_id, poll_id, act, change)

    async def withdraw(self, guild_id: int, poll_id: int, act: Act) -> tuple[Poll, None]:
        """Withdraw the actor's own vote.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.no_vote.
        """

        def change(connection: sqlite3.Connection, found: PollInUnit, voter: str) -> tuple[Poll, None]:
            before = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            if before is None:
                raise DomainError("polls.no_vote", poll_id=poll_id)
            tally = found.poll.tally.after_change(before, None)
            event = Event("withdraw", person=voter, owner=before.owner)
            rows.record_event(connection, found, act, event, tally)
            rows.remove_vote(connection, guild_id, poll_id, voter)
            return replace(found.poll, tally=tally), None

        return await self._change(guild_id, poll_id, act, change)

    async def add_reason(self, guild_id: int, poll_id: int, act: Act, reason: str) -> tuple[Poll, Vote]:
        """Add a reason to the actor's own vote.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.no_vote, polls.reason_length,
                polls.secret_reason.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, found: PollInUnit, voter: str) -> tuple[Poll, Vote]:
            if found.poll.draft.ballot is Ballot.SECRET:
                raise DomainError("polls.secret_reason")
            vote = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            if vote is None:
                raise DomainError("polls.no_vote", poll_id=poll_id)
            rows.record_event(connection, found, act, Event("reason", person=voter, reason=reason))
            vote = replace(vote, reason=reason)
            rows.put_vote(connection, guild_id, poll_id, voter, vote)
            return found.poll, vote

        return await self._change(guild_id, poll_id, act, change)

    async def hold(self, guild_id: int, poll_id: int, act: Act, reason: str) -> tuple[Poll, None]:
        """Block execution, by name and with a reason, until the hold is lifted.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_a_voter, polls.reason_length,
                polls.held_already.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, found: PollInUnit, _voter: str) -> tuple[Poll, None]:
            check_voter(found.poll, act.actor)
            if any(hold.holder_id == act.actor.id for hold in found.poll.holds):
                raise DomainError("polls.held_already", poll_id=poll_id)
            event = Event("hold", person=str(act.actor.id), reason=reason)
            number = rows.record_event(connection, found, act, event)
            holder = (act.actor.id, reason, to_text(act.at), act.actor.name)
            connection.execute(HOLD, (guild_id, poll_id, number, *holder))
            return rows.read_poll(connection, guild_id, poll_id).poll, None

        return await self._change(guild_id, poll_id, act, change)

    async def lift(self, guild_id: int, poll_id: int, act: Act, holder_id: int, reason: str) -> tuple[Poll, None]:
        """Lift a hold; its holder and moderators may.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.reason_length, polls.no_hold,
                polls.not_your_hold.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, found: PollInUnit, _voter: str) -> tuple[Poll, None]:
            if act.actor.id != holder_id and not with_authority(connection, guild_id, act.actor).moderator:
                raise DomainError("polls.not_your_hold")
            what = (to_text(act.at), act.actor.id, reason)
            if not connection.execute(LIFT, (*what, guild_id, poll_id, holder_id)).rowcount:
                raise DomainError("polls.no_hold", poll_id=poll_id)
            rows.record_event(connection, found, act, Event("lift", person=str(act.actor.id), reason=reason))
            return rows.read_poll(connection, guild_id, poll_id).poll, None

        return await self._change(guild_id, poll_id, act, change)

    async def close(self, guild_id: int, poll_id: int, act: Act) -> Poll:
        """Close a poll by hand and enter its outcome; also after its deadline, until the clock has closed it.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            found = rows.read_poll(connection, guild_id, poll_id, act)
            if found.repeated:
                return found.poll
            check_keeper(found.poll, with_authority(connection, guild_id, act.actor))
            check_unended(found.poll)
            return _close(connection, found, act.at, late=is_late(found.poll, act.at), act=act)

        return await self._database.write(unit)

    async def close_due(self, at: datetime) -> list[tuple[int, Poll]]:
        """Close every poll due by `at` (UTC), 100 at most, and return them with the ids of their servers."""

        def unit(connection: sqlite3.Connection) -> list[tuple[int, Poll]]:
            closed = []
            for guild_id, poll_id in connection.execute(DUE, (to_text(at),)).fetchall():
                found = rows.read_poll(connection, guild_id, poll_id)
                closed.append((guild_id, _close(connection, found, at, late=is_late(found.poll, at))))
            return closed

        return await self._database.write(unit)

    async def set_message(self, guild_id: int, poll_id: int, channel_id: int, message_id: int) -> None:
        """Remember where the ballot was posted, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (channel_id, message_id, guild_id, poll_id))

        await self._database.write(unit)

    async def extend(self, guild_id: int, poll_id: int, act: Act, closes_at: datetime) -> Poll:
        """Move the deadline later.

        Raises:
            DomainError: polls.unknown, polls.not_yours, polls.closed, polls.cancelled, polls.extend_earlier,
                polls.extend_too_soon, polls.closes_too_late.
        """
        closes_at = from_text(to_text(closes_at))  # the precision it is stored with

        def unit(connection: sqlite3.Connection) -> Poll:
            found = rows.read_poll(connection, guild_id, poll_id, act)
            poll = found.poll
            if found.repeated:
                return poll
            check_extension(poll, with_authority(connection, guild_id, act.actor), act.at, closes_at)
            deadlines = (poll.draft.closes_at, closes_at)
            event = Event("extend", person=str(act.actor.id), closes=deadlines)
            rows.record_event(connection, found, act, event)
            connection.execute(EXTEND, (to_text(closes_at), guild_id, poll_id))
            return replace(poll, draft=replace(poll.draft, closes_at=closes_at))

        return await self._database.write(unit)

    async def cancel(self, guild_id: int, poll_id: int, act: Act, reason: str) -> Poll:
        """End a poll for good, without a verdict. Its votes stay in the history; a secret ballot loses its key.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours, polls.reason_length.
        """
        reason = check_reason(reason)

        def unit(connection: sqlite3.Connection) -> Poll:
            found = self._managed(connection, guild_id, poll_id, act)
            if found.repeated:
                return found.poll
            rows.record_event(connection, found, act, Event("cancel", person=str(act.actor.id), reason=reason))
            connection.execute(CANCEL, (to_text(act.at), act.actor.id, reason, guild_id, poll_id))
            return rows.read_poll(connection, guild_id, poll_id).poll

        return await self._database.write(unit)

    async def repost(self, guild_id: int, poll_id: int, act: Act) -> Poll:
        """Record that the ballot is posted again, and return the poll with the place of its old message.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            found = self._managed(connection, guild_id, poll_id, act)
            if not found.repeated:
                rows.record_event(connection, found, act, Event("post", person=str(act.actor.id)))
            return found.poll

        return await self._database.write(unit)

    async def mark_announced(self, guild_id: int, poll_id: int, at: datetime) -> None:
        """Remember that the end of a poll was announced in its channel, or cannot be."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(MARK_ANNOUNCED, (to_text(at), guild_id, poll_id))

        await self._database.write(unit)

    async def next_deadline(self) -> datetime | None:
        """Return when the next open poll of any server is due."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(NEXT_DEADLINE)
        return from_text(row[0]) if row and row[0] else None

    async def overdue(self, at: datetime) -> int:
        """Count polls of all servers that are open past their deadline; if any stay so, the clock has stopped."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(OVERDUE, (to_text(at),))
        return int(row[0]) if row else 0

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        """Return a poll.

        Raises:
            DomainError: polls.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await rows.get_poll(snapshot, guild_id, poll_id)

    async def outcome(self, guild_id: int, poll_id: int) -> PollOutcome | None:
        """Return a closed poll with its current entry in the log; None for one without an outcome.

        Raises:
            DomainError: polls.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await outcomes.get_outcome(snapshot, guild_id, poll_id)

    async def votes(self, guild_id: int, poll_id: int) -> tuple[Vote, ...]:
        """Return the standing votes, oldest first; without names on a secret ballot."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_votes(snapshot, guild_id, poll_id)

    async def reasoned_votes(self, guild_id: int, poll_id: int) -> tuple[Vote, ...]:
        """Return the standing votes that have a reason, oldest first: all that a ballot shows of votes."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_votes(snapshot, guild_id, poll_id, reasoned_only=True)

    async def vote_of(self, guild_id: int, poll_id: int, user_id: int) -> Vote | None:
        """Return one person's standing vote; None also once a closed secret ballot hides it."""
        async with self._database.snapshot() as snapshot:
            return await rows.get_vote(snapshot, guild_id, poll_id, user_id)

    async def count_open(self, guild_id: int) -> int:
        """Return how many polls of the server are open."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(quotas.POLLS_OPEN, (guild_id,))
        return int(row[0]) if row else 0

    async def open_polls(self, guild_id: int, limit: int = 25) -> list[Poll]:
        """Return the open polls, next deadline first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(OPEN_POLLS, (guild_id, limit))
            return [await rows.get_poll(snapshot, guild_id, poll_id) for (poll_id,) in found]

    async def find(self, guild_id: int, *, text: str, open_only: bool, limit: int = 25) -> list[tuple[int, str, bool]]:
        """Find polls by `text` in their number or task, as (number, task, closed): open ones first, then the newest."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(FIND, (guild_id, int(open_only)))
        wanted = text.casefold().lstrip("# ")
        return [
            (poll_id, task, bool(closed))
            for poll_id, task, closed in found
            if wanted in task.casefold() or str(poll_id).startswith(wanted)
        ][:limit]

    async def to_redraw(self, since: datetime, limit: int = 100) -> list[tuple[int, int]]:
        """Return posted polls of all servers that are open, or that closed or that a void changed since.

        Each comes as (server, number), the latest act first.
        """
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(TO_REDRAW, (to_text(since), limit))
        return [(guild_id, poll_id) for guild_id, poll_id in found]

    async def unannounced(self, since: datetime) -> list[tuple[int, Poll]]:
        """Return polls of all servers closed or cancelled since and not announced yet; oldest first, 100 at most."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(UNANNOUNCED, (to_text(since),))
            return [(guild_id, await rows.get_poll(snapshot, guild_id, poll_id)) for guild_id, poll_id in found]

    async def precedents(self, guild_id: int, poll: Poll) -> tuple[Precedent, ...]:
        """Return standing verdicts on similar tasks, of the server's last 100 before it and of the essay's author."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(outcomes.STANDING_BEFORE, (guild_id, poll.poll_id, PRECEDENTS))
        own = map(outcomes.precedent_of, found)
        return await asyncio.to_thread(nearest, poll.draft.task, [*own, *ESSAY])

    async def _change(
        self,
        guild_id: int,
        poll_id: int,
        act: Act,
        change: Callable[[sqlite3.Connection, PollInUnit, str], tuple[Poll, Result]],
    ) -> tuple[Poll, Result]:
        """Run `change` on an open poll; a repeated interaction gets the answer it would get now.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, and what `change` raises.
        """

        def unit(connection: sqlite3.Connection) -> tuple[Poll, Result]:
            found = rows.read_poll(connection, guild_id, poll_id, act)
            voter = rows.voter_key(found, act.actor.id)
            if found.repeated:
                standing = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
                return found.poll, standing  # type: ignore[return-value]  # a repeat of a vote finds the vote, others None
            check_open(found.poll, act.at)
            return change(connection, found, voter)

        return await self._database.write(unit)

    @staticmethod
    def _managed(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act) -> PollInUnit:
        """Return an open poll that the actor may manage; any poll if the interaction is a repeat."""
        found = rows.read_poll(connection, guild_id, poll_id, act)
        if not found.repeated:
            check_keeper(found.poll, with_authority(connection, guild_id, act.actor))
            check_open(found.poll, act.at)
        return found


def _close(
    connection: sqlite3.Connection, found: PollInUnit, at: datetime, *, late: bool = False, act: Act | None = None
) -> Poll:
    guild_id, poll = found.guild_id, found.poll
    verdict, ground = poll.standing.verdict.value, poll.standing.ground.value
    connection.execute(CLOSE, (to_text(at), int(late), verdict, ground, guild_id, poll.poll_id))
    rows.record_event(connection, found, act or at, Event("close", choice=verdict))
    closed = rows.read_poll(connection, guild_id, poll.poll_id).poll
    outcomes.append_closing(connection, guild_id, closed, act)
    return closed
