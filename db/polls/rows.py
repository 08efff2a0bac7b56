"""The rows behind polls, and how they become domain objects; for `db/` only."""

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


class PollRow(NamedTuple):
    """A row of `POLL`, whose columns are these fields."""

    poll_id: int
    channel_id: int
    message_id: int | None
    opener_id: int
    task: str
    details: str
    closes_at: str
    quorum: int
    ballot: str
    owner_role_id: int | None
    voter_role_id: int | None
    opened_at: str
    closed_at: str | None
    closed_late: int
    verdict: str | None
    ground: str | None
    execution: int
    judgment: int
    abstain: int
    own_execution: int
    own_judgment: int
    own_abstain: int
    salt: bytes | None
    events: int
    cancelled_by: int | None
    cancel_reason: str | None
    held: int
    repeated: int


class EventRow(NamedTuple):
    """A row of `poll_event`."""

    guild_id: int
    poll_id: int
    event_no: int
    interaction_id: int | None
    at: str
    kind: str
    person: str | None
    choice: str | None
    owner: int | None
    reason: str | None
    closes_before: str | None
    closes_after: str | None


CHOICES = tuple(Choice)
OWN_COUNTERS = {choice: f"own_{choice}" for choice in Choice}
"""Columns that count the votes of the owning department; those of everybody are called like the choices."""

_COMPUTED = {
    "held": """
        EXISTS (SELECT 1 FROM poll_hold AS hold
                WHERE hold.guild_id = poll.guild_id AND hold.poll_id = poll.poll_id AND lifted_at IS NULL)
    """,
    "repeated": """
        EXISTS (SELECT 1 FROM poll_event AS event WHERE event.guild_id = poll.guild_id
                AND event.poll_id = poll.poll_id AND event.interaction_id = ?)
    """,
}
POLL = f"""
    SELECT {", ".join(_COMPUTED.get(name, name) for name in PollRow._fields)}
    FROM poll WHERE guild_id = ? AND poll_id = ?
"""  # noqa: S608 - names from above
OPEN = """
    INSERT INTO poll (guild_id, poll_id, interaction_id, channel_id, opener_id, opener_name, task, details,
                      owner_role_id, voter_role_id, quorum, ballot, salt, opened_at, closes_at, events)
    VALUES (:guild_id, :poll_id, :interaction_id, :channel_id, :opener_id, :opener_name, :task, :details,
            :owner_role_id, :voter_role_id, :quorum, :ballot, :salt, :opened_at, :closes_at, 0)
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
ADD_EVENT = f"""
    INSERT INTO poll_event ({", ".join(EventRow._fields)}) VALUES ({", ".join("?" * len(EventRow._fields))})
"""  # noqa: S608 - names from above
COUNT = f"""
    UPDATE poll SET events = ?, {", ".join(f"{counter} = ?" for counter in (*CHOICES, *OWN_COUNTERS.values()))}
    WHERE guild_id = ? AND poll_id = ?
"""  # noqa: S608 - names from above
EVENT_OF = "SELECT 1 FROM poll_event WHERE guild_id = ? AND poll_id = ? AND interaction_id = ?"
BALLOTS = ("cast", "change", "withdraw")
"""Kinds of events that a secret ballot keeps without a time, and without an interaction that could be looked up."""


class PollInUnit(NamedTuple):
    """A poll as the running unit of work finds it."""

    guild_id: int
    poll: Poll
    salt: bytes | None
    events: int
    repeated: bool  # whether this interaction has left its event already

    def kept_time(self, at: datetime) -> datetime:
        """Return when a vote is said to have been cast: on a secret ballot the minute would tell who it was."""
        return self.poll.opened_at if self.salt else at

    def kept_interaction(self, act: Act) -> int:
        """Return the interaction under which a vote is kept; the ids of Discord tell the time too."""
        return _hidden(self.salt, act.interaction_id) if self.salt else act.interaction_id


class Event(NamedTuple):
    """Something that happened to a poll, for its history.

    Attributes:
        person: Who it is about, as `poll_vote.voter` has them.
        owner: Whether they voted for the owning department.
        closes: The deadlines before and after an extension.
    """

    kind: str
    person: str | None = None
    choice: str | None = None
    owner: bool | None = None
    reason: str | None = None
    closes: tuple[datetime, datetime] | None = None


def add_poll(
    connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act, channel_id: int, draft: PollDraft
) -> None:
    """Insert a new poll; a secret one with the key that hides its voters while it is open."""
    values = {
        "guild_id": guild_id,
        "poll_id": poll_id,
        "interaction_id": act.interaction_id,
        "channel_id": channel_id,
        "opener_id": act.actor.id,
        "opener_name": act.actor.name,
        "task": draft.task,
        "details": draft.details,
        "owner_role_id": draft.owner_role_id,
        "voter_role_id": draft.voter_role_id,
        "quorum": draft.quorum,
        "ballot": draft.ballot,
        "salt": secrets.token_bytes(32) if draft.ballot is Ballot.SECRET else None,
        "opened_at": to_text(act.at),
        "closes_at": to_text(draft.closes_at),
    }
    connection.execute(OPEN, values)


def read_poll(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act | None = None) -> PollInUnit:
    """Read a poll inside a unit of work; with `act`, say whether its interaction is a repeat.

    Raises:
        DomainError: polls.unknown.
    """
    interaction_id = act.interaction_id if act else None
    found = connection.execute(POLL, (interaction_id, guild_id, poll_id)).fetchone()
    if found is None:
        raise DomainError("polls.unknown", poll_id=poll_id)
    row = PollRow._make(found)
    holds = connection.execute(HOLDS, (guild_id, poll_id)).fetchall() if row.held else ()
    repeated = bool(row.repeated)
    if row.salt and act and not repeated:
        key = (guild_id, poll_id, _hidden(row.salt, act.interaction_id))
        repeated = connection.execute(EVENT_OF, key).fetchone() is not None
    return PollInUnit(guild_id, _poll(row, holds), row.salt, row.events, repeated)


async def get_poll(snapshot: Snapshot, guild_id: int, poll_id: int) -> Poll:
    """Read a poll from a snapshot.

    Raises:
        DomainError: polls.unknown.
    """
    found = await snapshot.one(POLL, (None, guild_id, poll_id))
    if found is None:
        raise DomainError("polls.unknown", poll_id=poll_id)
    row = PollRow._make(found)
    return _poll(row, await snapshot.all(HOLDS, (guild_id, poll_id)) if row.held else ())


def _poll(row: PollRow, holds: Sequence[Row]) -> Poll:
    return Poll(
        poll_id=row.poll_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        opener_id=row.opener_id,
        draft=PollDraft(
            row.task,
            row.details,
            from_text(row.closes_at),
            row.quorum,
            Ballot(row.ballot),
            row.owner_role_id,
            row.voter_role_id,
        ),
        opened_at=from_text(row.opened_at),
        tally=Tally(
            {choice: getattr(row, choice) for choice in CHOICES},
            {choice: getattr(row, counter) for choice, counter in OWN_COUNTERS.items()},
        ),
        holds=tuple(Hold(holder, reason, from_text(at), name) for holder, reason, at, name in holds),
        closed_at=from_text(row.closed_at) if row.closed_at else None,
        closed_late=bool(row.closed_late),
        result=PollResult(PollVerdict(row.verdict), Ground(row.ground)) if row.verdict and row.ground else None,
        cancelled_by=row.cancelled_by,
        cancel_reason=row.cancel_reason or "",
    )


def voter_key(found: PollInUnit, user_id: int) -> str:
    """Return how the tables name a voter: by id, or on a secret ballot by a hash that only the open poll can make.

    Raises:
        DomainError: polls.closed or polls.cancelled, once a secret ballot has destroyed its key.
    """
    key = _voter_key(found.poll.draft.ballot, found.salt, user_id)
    if key is None:
        check_unended(found.poll)
        raise ValueError("an open poll has lost the key of its secret ballot")
    return key


def _hidden(salt: bytes, interaction_id: int) -> int:
    """Return a number of 63 bits that only the open poll can make of an interaction."""
    digest = hmac.digest(salt, b"interaction %d" % interaction_id, "sha256")
    return int.from_bytes(digest[:8], "big") >> 1


def _voter_key(ballot: str, salt: bytes | None, user_id: int) -> str | None:
    if ballot != Ballot.SECRET:
        return str(user_id)
    return secret_key(salt, user_id) if salt else None


def secret_key(salt: bytes, user_id: int) -> str:
    """Return how the tables of a secret ballot name a voter while it is open."""
    return hmac.new(salt, str(user_id).encode(), hashlib.sha256).hexdigest()


def read_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, user_id: int) -> Vote | None:
    """Return the standing vote of `voter`, who is `user_id`."""
    row = connection.execute(VOTE, (guild_id, poll_id, voter)).fetchone()
    return _vote(row, user_id) if row else None


async def get_vote(snapshot: Snapshot, guild_id: int, poll_id: int, user_id: int) -> Vote | None:
    """Return the standing vote of `user_id`, unless there is none or a closed secret ballot hides it."""
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    if secrecy is None:
        return None
    ballot, salt = secrecy
    voter = _voter_key(ballot, salt, user_id)
    row = await snapshot.one(VOTE, (guild_id, poll_id, voter)) if voter else None
    return _vote(row, user_id) if row else None


async def get_votes(
    snapshot: Snapshot, guild_id: int, poll_id: int, *, reasoned_only: bool = False
) -> tuple[Vote, ...]:
    """Return all standing votes, or those with a reason, oldest first.

    They come without their voter where the ballot hides it or the voter was erased.
    """
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    secret = secrecy is not None and secrecy[0] == Ballot.SECRET
    found = await snapshot.all(REASONED if reasoned_only else VOTES, (guild_id, poll_id))
    return tuple(_vote(row, None if secret else _user_id(row)) for row in found)


def _user_id(row: Row) -> int | None:
    """Return the voter of a row of an open ballot; None for one who was erased."""
    voter, *_ = row
    return int(voter) if voter.isdecimal() else None


def _vote(row: Row, user_id: int | None) -> Vote:
    _, choice, owner, voted_at, reason = row
    return Vote(user_id, Choice(choice), bool(owner), from_text(voted_at), reason)


def put_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, vote: Vote) -> None:
    """Store `vote` as the standing vote of `voter`, in place of any other."""
    what = (vote.choice.value, vote.reason, int(vote.owner), to_text(vote.voted_at))
    connection.execute(PUT_VOTE, (guild_id, poll_id, voter, *what))


def remove_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str) -> None:
    """Delete the standing vote of `voter`."""
    connection.execute(REMOVE_VOTE, (guild_id, poll_id, voter))


def record_event(
    connection: sqlite3.Connection,
    found: PollInUnit,
    by: Act | datetime,
    event: Event,
    tally: Tally | None = None,
) -> int:
    """Append an event to the history, count it and, if it changed one, the `tally`; return the event's number.

    It happened by a person's act, or at a time by the clock.
    """
    key, number = (found.guild_id, found.poll.poll_id), found.events + 1
    interaction_id, at = (by.interaction_id, by.at) if isinstance(by, Act) else (None, by)
    if isinstance(by, Act) and event.kind in BALLOTS:
        interaction_id, at = found.kept_interaction(by), found.kept_time(at)
    before, after = map(to_text, event.closes) if event.closes else (None, None)
    row = EventRow(
        *key,
        event_no=number,
        interaction_id=interaction_id,
        at=to_text(at),
        kind=event.kind,
        person=event.person,
        choice=event.choice,
        owner=None if event.owner is None else int(event.owner),
        reason=event.reason,
        closes_before=before,
        closes_after=after,
    )
    connection.execute(ADD_EVENT, row)
    counted = tally or found.poll.tally
    counters = [votes[choice] for votes in (counted.everyone, counted.owners) for choice in CHOICES]
    connection.execute(COUNT, (number, *counters, *key))
    return number
