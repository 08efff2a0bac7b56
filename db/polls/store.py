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
from db.polls.rows import PollInUnit
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

OPEN = """
    INSERT INTO poll (guild_id, poll_id, interaction_id, channel_id, opener_id, task, details, owner_role_id,
                      voter_role_id, quorum, ballot, salt, opened_at, closes_at, events)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
"""
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
ANNOUNCED = "UPDATE poll SET announced_at = ? WHERE guild_id = ? AND poll_id = ? AND announced_at IS NULL"
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


class PollStore:
    """Every method takes the server first and never reaches another's polls.

    Writing methods check the rule and write in one unit of work, and return the poll as it then stands. Repeated under
    the same interaction id they change nothing.
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
            salt = rows.new_salt() if draft.ballot is Ballot.SECRET else None
            connection.execute(OPEN, rows.opening(guild_id, poll_id, act, channel_id, draft, salt))
            connection.execute(outcomes.SET_OPENER, (act.actor.name, guild_id, poll_id))
            reading = rows.read_poll(connection, guild_id, poll_id)
            rows.add_event(connection, reading, act, "open", person=str(act.actor.id))
            return reading.poll

        return await self._database.write(unit)

    async def vote(self, guild_id: int, poll_id: int, act: Act, choice: Choice) -> tuple[Poll, Vote]:
        """Cast a vote, or change it; the reason given with another choice goes.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.not_a_voter.
        """

        def change(connection: sqlite3.Connection, reading: PollInUnit, voter: str) -> tuple[Poll, Vote]:
            poll = reading.poll
            check_voter(poll, act.actor)
            before = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            owner = is_owner(poll, act.actor)
            if before and before.choice is choice and before.owner == owner:
                return poll, before
            vote = Vote(act.actor.id, choice, owner, reading.kept_time(act.at))
            tally = poll.tally.after_change(before, vote)
            kind = "change" if before else "cast"
            rows.add_event(connection, reading, act, kind, tally=tally, person=voter, choice=choice, owner=owner)
            rows.put_vote(connection, guild_id, poll_id, voter, vote)
            return replace(poll, tally=tally), vote

        return await self._change(guild_id, poll_id, act, change)

    async def withdraw(self, guild_id: int, poll_id: int, act: Act) -> tuple[Poll, None]:
        """Take one's vote back.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.no_vote.
        """

        def change(connection: sqlite3.Connection, reading: PollInUnit, voter: str) -> tuple[Poll, None]:
            before = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            if before is None:
                raise DomainError("polls.no_vote", poll_id=poll_id)
            tally = reading.poll.tally.after_change(before, None)
            rows.add_event(connection, reading, act, "withdraw", tally=tally, person=voter, owner=before.owner)
            rows.remove_vote(connection, guild_id, poll_id, voter)
            return replace(reading.poll, tally=tally), None

        return await self._change(guild_id, poll_id, act, change)

    async def add_reason(self, guild_id: int, poll_id: int, act: Act, reason: str) -> tuple[Poll, Vote]:
        """Say why, beside one's vote.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.no_vote, polls.reason_length, polls.secret_reason.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, reading: PollInUnit, voter: str) -> tuple[Poll, Vote]:
            if reading.poll.draft.ballot is Ballot.SECRET:
                raise DomainError("polls.secret_reason")
            vote = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
            if vote is None:
                raise DomainError("polls.no_vote", poll_id=poll_id)
            rows.add_event(connection, reading, act, "reason", person=voter, reason=reason)
            vote = replace(vote, reason=reason)
            rows.put_vote(connection, guild_id, poll_id, voter, vote)
            return reading.poll, vote

        return await self._change(guild_id, poll_id, act, change)

    async def hold(self, guild_id: int, poll_id: int, act: Act, reason: str) -> tuple[Poll, None]:
        """Block execution, by name and with a reason, until the hold is lifted.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.not_a_voter, polls.reason_length, polls.held_already.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, reading: PollInUnit, _voter: str) -> tuple[Poll, None]:
            check_voter(reading.poll, act.actor)
            if any(hold.holder_id == act.actor.id for hold in reading.poll.holds):
                raise DomainError("polls.held_already", poll_id=poll_id)
            number = rows.add_event(connection, reading, act, "hold", person=str(act.actor.id), reason=reason)
            holder = (act.actor.id, reason, to_text(act.at), act.actor.name)
            connection.execute(HOLD, (guild_id, poll_id, number, *holder))
            return rows.read_poll(connection, guild_id, poll_id).poll, None

        return await self._change(guild_id, poll_id, act, change)

    async def lift(self, guild_id: int, poll_id: int, act: Act, holder_id: int, reason: str) -> tuple[Poll, None]:
        """Lift a hold: its owner may, and moderators.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.reason_length, polls.no_hold, polls.not_your_hold.
        """
        reason = check_reason(reason)

        def change(connection: sqlite3.Connection, reading: PollInUnit, _voter: str) -> tuple[Poll, None]:
            if act.actor.id != holder_id and not with_authority(connection, guild_id, act.actor).moderator:
                raise DomainError("polls.not_your_hold")
            what = (to_text(act.at), act.actor.id, reason)
            if not connection.execute(LIFT, (*what, guild_id, poll_id, holder_id)).rowcount:
                raise DomainError("polls.no_hold", poll_id=poll_id)
            rows.add_event(connection, reading, act, "lift", person=str(act.actor.id), reason=reason)
            return rows.read_poll(connection, guild_id, poll_id).poll, None

        return await self._change(guild_id, poll_id, act, change)

    async def close(self, guild_id: int, poll_id: int, act: Act) -> Poll:
        """Close a poll by hand and fix its outcome; after its deadline too, if the clock has not come to it yet.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = rows.read_poll(connection, guild_id, poll_id, act)
            if reading.repeated:
                return reading.poll
            check_keeper(reading.poll, with_authority(connection, guild_id, act.actor))
            check_unended(reading.poll)
            return _close(connection, reading, act.at, late=is_late(reading.poll, act.at), act=act)

        return await self._database.write(unit)

    async def close_due(self, at: datetime) -> list[tuple[int, Poll]]:
        """Close every poll whose deadline has passed by `at` (UTC), 100 at most, each with its server's id."""

        def unit(connection: sqlite3.Connection) -> list[tuple[int, Poll]]:
            closed = []
            for guild_id, poll_id in connection.execute(DUE, (to_text(at),)).fetchall():
                reading = rows.read_poll(connection, guild_id, poll_id)
                closed.append((guild_id, _close(connection, reading, at, late=is_late(reading.poll, at))))
            return closed

        return await self._database.write(unit)

    async def set_message(self, guild_id: int, poll_id: int, channel_id: int, message_id: int) -> None:
        """Remember where the ballot stands, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (channel_id, message_id, guild_id, poll_id))

        await self._database.write(unit)

    async def extend(self, guild_id: int, poll_id: int, act: Act, closes_at: datetime) -> Poll:
        """Move the deadline later.

        Raises:
            DomainError: polls.unknown and what `check_extension` raises.
        """
        closes_at = from_text(to_text(closes_at))  # as it will be read again

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = rows.read_poll(connection, guild_id, poll_id, act)
            poll = reading.poll
            if reading.repeated:
                return poll
            check_extension(poll, with_authority(connection, guild_id, act.actor), act.at, closes_at)
            deadlines = (poll.draft.closes_at, closes_at)
            rows.add_event(connection, reading, act, "extend", person=str(act.actor.id), closes=deadlines)
            connection.execute(EXTEND, (to_text(closes_at), guild_id, poll_id))
            return replace(poll, draft=replace(poll.draft, closes_at=closes_at))

        return await self._database.write(unit)

    async def cancel(self, guild_id: int, poll_id: int, act: Act, reason: str) -> Poll:
        """End a poll without a verdict, for good; its votes stay in the history, a secret ballot forgets its key.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours, polls.reason_length.
        """
        reason = check_reason(reason)

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = self._kept(connection, guild_id, poll_id, act)
            if reading.repeated:
                return reading.poll
            rows.add_event(connection, reading, act, "cancel", person=str(act.actor.id), reason=reason)
            connection.execute(CANCEL, (to_text(act.at), act.actor.id, reason, guild_id, poll_id))
            return rows.read_poll(connection, guild_id, poll_id).poll

        return await self._database.write(unit)

    async def post_anew(self, guild_id: int, poll_id: int, act: Act) -> Poll:
        """Note that somebody has the ballot posted again, and return the poll with the place that it leaves.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = self._kept(connection, guild_id, poll_id, act)
            if not reading.repeated:
                rows.add_event(connection, reading, act, "post", person=str(act.actor.id))
            return reading.poll

        return await self._database.write(unit)

    async def announced(self, guild_id: int, poll_id: int, at: datetime) -> None:
        """Remember that the channel was told how a poll ended, or that it cannot be told."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(ANNOUNCED, (to_text(at), guild_id, poll_id))

        await self._database.write(unit)

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

    async def _change(
        self,
        guild_id: int,
        poll_id: int,
        act: Act,
        change: Callable[[sqlite3.Connection, PollInUnit, str], tuple[Poll, Result]],
    ) -> tuple[Poll, Result]:
        """Run `change` on an open poll; a repeated interaction gets the answer it would get now."""

        def unit(connection: sqlite3.Connection) -> tuple[Poll, Result]:
            reading = rows.read_poll(connection, guild_id, poll_id, act)
            voter = rows.voter_key(reading, act.actor.id)
            if reading.repeated:
                standing = rows.read_vote(connection, guild_id, poll_id, voter, act.actor.id)
                return reading.poll, standing  # type: ignore[return-value]  # a repeat of a vote finds the vote, others None
            check_open(reading.poll, act.at)
            return change(connection, reading, voter)

        return await self._database.write(unit)

    @staticmethod
    def _kept(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act) -> PollInUnit:
        """An open poll that the actor keeps; any poll if the interaction is a repeat."""
        reading = rows.read_poll(connection, guild_id, poll_id, act)
        if not reading.repeated:
            check_keeper(reading.poll, with_authority(connection, guild_id, act.actor))
            check_open(reading.poll, act.at)
        return reading


def _close(
    connection: sqlite3.Connection, reading: PollInUnit, at: datetime, *, late: bool = False, act: Act | None = None
) -> Poll:
    guild_id, poll = reading.guild_id, reading.poll
    verdict, ground = poll.standing.verdict.value, poll.standing.ground.value
    connection.execute(CLOSE, (to_text(at), int(late), verdict, ground, guild_id, poll.poll_id))
    rows.add_event(connection, reading, act, "close", at=at, choice=verdict)
    closed = rows.read_poll(connection, guild_id, poll.poll_id).poll
    outcomes.append_closing(connection, guild_id, closed, act)
    return closed
