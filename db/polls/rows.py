"""The rows behind polls, and how they become domain objects; used by `db/polls/store.py` alone."""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from db.engine.database import Row, Snapshot
from domain.errors import DomainError
from domain.people import Act
from domain.polls.checks import check_unended
from domain.polls.poll import Ballot, Choice, Ground, Hold, Poll, PollDraft, PollResult, PollVerdict, Tally, Vote
from domain.times import from_text, to_text

POLL = """
    SELECT poll_id, channel_id, message_id, opener_id, task, details, closes_at, quorum, ballot, owner_role_id,
           voter_role_id, opened_at, closed_at, closed_late, verdict, ground,
           execution, judgment, abstain, own_execution, own_judgment, own_abstain,
           EXISTS (SELECT 1 FROM poll_hold AS hold
                   WHERE hold.guild_id = poll.guild_id AND hold.poll_id = poll.poll_id AND lifted_at IS NULL),
           salt, events,
           EXISTS (SELECT 1 FROM poll_event AS event
                   WHERE event.guild_id = poll.guild_id AND event.poll_id = poll.poll_id AND event.interaction_id = ?),
           cancelled_by, cancel_reason
    FROM poll WHERE guild_id = ? AND poll_id = ?
"""
HOLDS = """
    SELECT holder_id, reason, held_at, holder_name FROM poll_hold
    WHERE guild_id = ? AND poll_id = ? AND lifted_at IS NULL ORDER BY event_no
"""
SECRECY = "SELECT ballot, salt FROM poll WHERE guild_id = ? AND poll_id = ?"
VOTE = """
    SELECT voter, choice, owner, voted_at, reason FROM poll_vote WHERE guild_id = ? AND poll_id = ? AND voter = ?
"""
VOTES = """
    SELECT voter, choice, owner, voted_at, reason FROM poll_vote
    WHERE guild_id = ? AND poll_id = ? ORDER BY voted_at, voter
"""
REASONED = """
    SELECT voter, choice, owner, voted_at, reason FROM poll_vote
    WHERE guild_id = ? AND poll_id = ? AND reason IS NOT NULL ORDER BY voted_at, voter
"""
PUT_VOTE = """
    INSERT INTO poll_vote (guild_id, poll_id, voter, choice, reason, owner, voted_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, poll_id, voter) DO UPDATE
    SET choice = excluded.choice, reason = excluded.reason, owner = excluded.owner, voted_at = excluded.voted_at
"""
REMOVE_VOTE = "DELETE FROM poll_vote WHERE guild_id = ? AND poll_id = ? AND voter = ?"
ADD_EVENT = """
    INSERT INTO poll_event (guild_id, poll_id, event_no, interaction_id, at, kind, person, choice, owner, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_EXTENSION = """
    INSERT INTO poll_event (guild_id, poll_id, event_no, interaction_id, at, kind, person, choice, owner, reason,
                            closes_before, closes_after)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
COUNT = """
    UPDATE poll SET events = ?, execution = ?, judgment = ?, abstain = ?,
                    own_execution = ?, own_judgment = ?, own_abstain = ?
    WHERE guild_id = ? AND poll_id = ?
"""
# of a row of POLL
_EVERYONE, _OWNERS, _HELD, _INTERNAL, _CANCELLED = slice(16, 19), slice(19, 22), 22, slice(23, 26), slice(26, 28)
CHOICES = (Choice.EXECUTION, Choice.JUDGMENT, Choice.ABSTAIN)
"""In the order of the counters."""


EVENT_OF = "SELECT 1 FROM poll_event WHERE guild_id = ? AND poll_id = ? AND interaction_id = ?"
BALLOTS = ("cast", "change", "withdraw")
"""Kinds of events that a secret ballot keeps without a time, and without an interaction that could be looked up."""


class PollInUnit(NamedTuple):
    """A poll as the running unit of work finds it."""

    guild_id: int
    poll: Poll
    salt: bytes | None
    events: int
    repeated: bool  # whether the interaction that is at work has left its event already

    def kept_time(self, at: datetime) -> datetime:
        """When a vote is said to have been cast: on a secret ballot the minute would tell who it was."""
        return self.poll.opened_at if self.salt else at

    def kept_interaction(self, act: Act) -> int:
        """The interaction under which a vote is kept; the ids of Discord tell the time too."""
        return _hidden(self.salt, act.interaction_id) if self.salt else act.interaction_id


def new_salt() -> bytes:
    """The key under which a secret ballot hides its voters while it is open."""
    return secrets.token_bytes(32)


def opening(guild_id: int, poll_id: int, act: Act, channel_id: int, draft: PollDraft, salt: bytes | None) -> Row:
    """The values of a new row of `poll`, in the order of `OPEN`."""
    where = (guild_id, poll_id, act.interaction_id, channel_id, act.actor.id)
    what = (draft.task, draft.details, draft.owner_role_id, draft.voter_role_id, draft.quorum, draft.ballot, salt)
    return (*where, *what, to_text(act.at), to_text(draft.closes_at))


def read_poll(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act | None = None) -> PollInUnit:
    """The poll as the running unit of work, of `act` if a person stands behind it, sees it.

    Raises:
        DomainError: polls.unknown.
    """
    interaction_id = act.interaction_id if act else None
    row = connection.execute(POLL, (interaction_id, guild_id, poll_id)).fetchone()
    if row is None:
        raise DomainError("polls.unknown", poll_id=poll_id)
    holds = connection.execute(HOLDS, (guild_id, poll_id)).fetchall() if row[_HELD] else ()
    salt, events, repeated = row[_INTERNAL]
    if salt and act and not repeated:
        key = (guild_id, poll_id, _hidden(salt, act.interaction_id))
        repeated = connection.execute(EVENT_OF, key).fetchone()
    return PollInUnit(guild_id, _poll(row, holds), salt, events, bool(repeated))


async def get_poll(snapshot: Snapshot, guild_id: int, poll_id: int) -> Poll:
    """The poll as a snapshot sees it.

    Raises:
        DomainError: polls.unknown.
    """
    row = await snapshot.one(POLL, (None, guild_id, poll_id))
    if row is None:
        raise DomainError("polls.unknown", poll_id=poll_id)
    return _poll(row, await snapshot.all(HOLDS, (guild_id, poll_id)) if row[_HELD] else ())


def _poll(row: Row, holds: Sequence[Row]) -> Poll:
    (poll_id, channel_id, message_id, opener_id, task, details, closes_at, quorum, ballot, owner_role) = row[:10]
    (voter_role, opened_at, closed_at, closed_late, verdict, ground) = row[10:16]
    cancelled_by, cancel_reason = row[_CANCELLED]
    return Poll(
        poll_id=poll_id,
        channel_id=channel_id,
        message_id=message_id,
        opener_id=opener_id,
        draft=PollDraft(task, details, from_text(closes_at), quorum, Ballot(ballot), owner_role, voter_role),
        opened_at=from_text(opened_at),
        tally=Tally(dict(zip(CHOICES, row[_EVERYONE], strict=True)), dict(zip(CHOICES, row[_OWNERS], strict=True))),
        holds=tuple(Hold(holder, reason, from_text(at), name) for holder, reason, at, name in holds),
        closed_at=from_text(closed_at) if closed_at else None,
        closed_late=bool(closed_late),
        result=PollResult(PollVerdict(verdict), Ground(ground)) if verdict else None,
        cancelled_by=cancelled_by,
        cancel_reason=cancel_reason or "",
    )


def voter_key(reading: PollInUnit, user_id: int) -> str:
    """How a voter stands in the tables: by id, or on a secret ballot by a hash that only the open poll can make.

    Raises:
        DomainError: polls.closed or polls.cancelled, once a secret ballot has destroyed its key.
    """
    key = _voter_key(reading.poll.draft.ballot, reading.salt, user_id)
    if key is None:
        check_unended(reading.poll)
        raise ValueError("an open poll has lost the key of its secret ballot")
    return key


def _hidden(salt: bytes, interaction_id: int) -> int:
    """A number of 63 bits that only the open poll can make of an interaction."""
    digest = hmac.digest(salt, b"interaction %d" % interaction_id, "sha256")
    return int.from_bytes(digest[:8], "big") >> 1


def _voter_key(ballot: str, salt: bytes | None, user_id: int) -> str | None:
    if ballot != Ballot.SECRET:
        return str(user_id)
    return secret_key(salt, user_id) if salt else None


def secret_key(salt: bytes, user_id: int) -> str:
    """How a voter stands in the tables of a secret ballot while it is open."""
    return hmac.new(salt, str(user_id).encode(), hashlib.sha256).hexdigest()


def read_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, user_id: int) -> Vote | None:
    """The standing vote of `voter`, who is `user_id`."""
    row = connection.execute(VOTE, (guild_id, poll_id, voter)).fetchone()
    return _vote(row, user_id) if row else None


async def get_vote(snapshot: Snapshot, guild_id: int, poll_id: int, user_id: int) -> Vote | None:
    """The standing vote of `user_id`, if there is one that can still be told."""
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    voter = _voter_key(secrecy[0], secrecy[1], user_id) if secrecy else None
    row = await snapshot.one(VOTE, (guild_id, poll_id, voter)) if voter else None
    return _vote(row, user_id) if row else None


async def get_votes(
    snapshot: Snapshot, guild_id: int, poll_id: int, *, reasoned_only: bool = False
) -> tuple[Vote, ...]:
    """All standing votes, or those with a reason, oldest first.

    They come without their voter where the ballot hides it or the voter was erased.
    """
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    secret = secrecy is not None and secrecy[0] == Ballot.SECRET
    found = await snapshot.all(REASONED if reasoned_only else VOTES, (guild_id, poll_id))
    return tuple(_vote(row, int(row[0]) if row[0].isdecimal() and not secret else None) for row in found)


def _vote(row: Row, user_id: int | None) -> Vote:
    _, choice, owner, voted_at, reason = row
    return Vote(user_id, Choice(choice), bool(owner), from_text(voted_at), reason)


def put_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, vote: Vote) -> None:
    """Let `vote` be the one that stands."""
    what = (vote.choice.value, vote.reason, int(vote.owner), to_text(vote.voted_at))
    connection.execute(PUT_VOTE, (guild_id, poll_id, voter, *what))


def remove_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str) -> None:
    """Let no vote of `voter` stand."""
    connection.execute(REMOVE_VOTE, (guild_id, poll_id, voter))


def add_event(
    connection: sqlite3.Connection,
    reading: PollInUnit,
    act: Act | None,
    kind: str,
    *,
    at: datetime | None = None,
    tally: Tally | None = None,
    person: str | None = None,
    choice: str | None = None,
    owner: bool | None = None,
    reason: str | None = None,
    closes: tuple[datetime, datetime] | None = None,
) -> int:
    """Append to the history, let `tally` be the standing one, and return the event's number.

    Without an `act` it was the clock, at `at`. `closes` are the deadlines before and after an extension.
    """
    when = at or (act.at if act else None)
    if when is None:
        raise ValueError("an event needs a time")
    key, number = (reading.guild_id, reading.poll.poll_id), reading.events + 1
    deadlines = tuple(map(to_text, closes or ()))
    what = (kind, person, choice and str(choice), None if owner is None else int(owner), reason, *deadlines)
    interaction_id = act.interaction_id if act else None
    if act and kind in BALLOTS:
        interaction_id, when = reading.kept_interaction(act), reading.kept_time(when)
    statement = ADD_EXTENSION if closes else ADD_EVENT
    connection.execute(statement, (*key, number, interaction_id, to_text(when), *what))
    counted = tally or reading.poll.tally
    counters = [votes[choice] for votes in (counted.everyone, counted.owners) for choice in CHOICES]
    connection.execute(COUNT, (number, *counters, *key))
    return number
