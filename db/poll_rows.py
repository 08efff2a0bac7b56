"""The rows behind polls, and how they become domain objects; used by `db/polls.py` alone."""

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.database import Row, Snapshot
from domain.errors import DomainError
from domain.people import Act
from domain.polls import Ballot, Choice, Draft, Ground, Hold, Outcome, Poll, Tally, Verdict, Vote
from domain.times import from_text, to_text

POLL = """
    SELECT poll_id, channel_id, message_id, opener_id, task, details, closes_at, quorum, ballot, owner_role_id,
           voter_role_id, opened_at, closed_at, closed_late, verdict, ground
    FROM poll WHERE guild_id = ? AND poll_id = ?
"""
TALLY = "SELECT choice, owner, votes FROM poll_tally WHERE guild_id = ? AND poll_id = ?"
HOLDS = """
    SELECT holder_id, reason, held_at FROM poll_hold
    WHERE guild_id = ? AND poll_id = ? AND lifted_at IS NULL ORDER BY held_at, holder_id
"""
SECRECY = "SELECT ballot, salt FROM poll WHERE guild_id = ? AND poll_id = ?"
VOTE = """
    SELECT voter, choice, owner, voted_at, reason FROM poll_vote WHERE guild_id = ? AND poll_id = ? AND voter = ?
"""
VOTES = """
    SELECT voter, choice, owner, voted_at, reason FROM poll_vote
    WHERE guild_id = ? AND poll_id = ? ORDER BY voted_at, voter
"""
PUT_VOTE = """
    INSERT INTO poll_vote (guild_id, poll_id, voter, choice, reason, owner, voted_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, poll_id, voter) DO UPDATE
    SET choice = excluded.choice, reason = excluded.reason, owner = excluded.owner, voted_at = excluded.voted_at
"""
REMOVE_VOTE = "DELETE FROM poll_vote WHERE guild_id = ? AND poll_id = ? AND voter = ?"
COUNT = """
    INSERT INTO poll_tally (guild_id, poll_id, choice, owner, votes) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, poll_id, choice, owner) DO UPDATE SET votes = votes + excluded.votes
"""
REPEATED = "SELECT 1 FROM poll_event WHERE guild_id = ? AND poll_id = ? AND interaction_id = ?"
ADD_EVENT = """
    INSERT INTO poll_event (guild_id, poll_id, event_no, interaction_id, at, kind, person, choice, owner, reason)
    SELECT ?, ?, COALESCE(MAX(event_no), 0) + 1, ?, ?, ?, ?, ?, ?, ?
    FROM poll_event WHERE guild_id = ? AND poll_id = ?
"""


def new_salt() -> bytes:
    """The key under which a secret ballot hides its voters while it is open."""
    return secrets.token_bytes(32)


def opening(guild_id: int, poll_id: int, act: Act, channel_id: int, draft: Draft, salt: bytes | None) -> Row:
    """The values of a new row of `poll`, in the order of `OPEN`."""
    where = (guild_id, poll_id, act.interaction_id, channel_id, act.actor.id)
    what = (draft.task, draft.details, draft.owner_role_id, draft.voter_role_id, draft.quorum, draft.ballot, salt)
    return (*where, *what, to_text(act.at), to_text(draft.closes_at))


def read_poll(connection: sqlite3.Connection, guild_id: int, poll_id: int) -> Poll:
    """The poll as the running unit of work sees it.

    Raises:
        DomainError: polls.unknown.
    """
    key = (guild_id, poll_id)
    row = connection.execute(POLL, key).fetchone()
    tally, holds = connection.execute(TALLY, key).fetchall(), connection.execute(HOLDS, key).fetchall()
    return _poll(poll_id, row, tally, holds)


async def get_poll(snapshot: Snapshot, guild_id: int, poll_id: int) -> Poll:
    """The poll as a snapshot sees it.

    Raises:
        DomainError: polls.unknown.
    """
    key = (guild_id, poll_id)
    row = await snapshot.one(POLL, key)
    return _poll(poll_id, row, await snapshot.all(TALLY, key), await snapshot.all(HOLDS, key))


def _poll(poll_id: int, row: Row | None, tally: Sequence[Row], holds: Sequence[Row]) -> Poll:
    if row is None:
        raise DomainError("polls.unknown", poll_id=poll_id)
    (_, channel_id, message_id, opener_id, task, details, closes_at, quorum, ballot, owner_role, voter_role) = row[:11]
    opened_at, closed_at, closed_late, verdict, ground = row[11:]
    return Poll(
        poll_id=poll_id,
        channel_id=channel_id,
        message_id=message_id,
        opener_id=opener_id,
        draft=Draft(task, details, from_text(closes_at), quorum, Ballot(ballot), owner_role, voter_role),
        opened_at=from_text(opened_at),
        tally=_tally(tally),
        holds=tuple(Hold(holder, reason, from_text(at)) for holder, reason, at in holds),
        closed_at=from_text(closed_at) if closed_at else None,
        closed_late=bool(closed_late),
        outcome=Outcome(Verdict(verdict), Ground(ground)) if verdict else None,
    )


def _tally(rows: Sequence[Row]) -> Tally:
    everyone, owners = dict.fromkeys(Choice, 0), dict.fromkeys(Choice, 0)
    for choice, owner, votes in rows:
        everyone[Choice(choice)] += votes
        if owner:
            owners[Choice(choice)] += votes
    return Tally(everyone, owners)


def voter_key(connection: sqlite3.Connection, guild_id: int, poll_id: int, user_id: int) -> str:
    """How a voter stands in the tables: by id, or on a secret ballot by a hash that only the open poll can make.

    Raises:
        DomainError: polls.closed, once a secret ballot has destroyed its key.
    """
    key = _voter_key(connection.execute(SECRECY, (guild_id, poll_id)).fetchone(), user_id)
    if key is None:
        raise DomainError("polls.closed", poll_id=poll_id)
    return key


def _voter_key(row: Any, user_id: int) -> str | None:
    ballot, salt = row
    if ballot != Ballot.SECRET:
        return str(user_id)
    return hmac.new(salt, str(user_id).encode(), hashlib.sha256).hexdigest() if salt else None


def read_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, user_id: int) -> Vote | None:
    """The standing vote of `voter`, who is `user_id`."""
    row = connection.execute(VOTE, (guild_id, poll_id, voter)).fetchone()
    return _vote(row, user_id) if row else None


async def get_vote(snapshot: Snapshot, guild_id: int, poll_id: int, user_id: int) -> Vote | None:
    """The standing vote of `user_id`, if there is one that can still be told."""
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    voter = _voter_key(secrecy, user_id) if secrecy else None
    row = await snapshot.one(VOTE, (guild_id, poll_id, voter)) if voter else None
    return _vote(row, user_id) if row else None


async def get_votes(snapshot: Snapshot, guild_id: int, poll_id: int) -> tuple[Vote, ...]:
    """All standing votes, oldest first."""
    secrecy = await snapshot.one(SECRECY, (guild_id, poll_id))
    secret = secrecy is not None and secrecy[0] == Ballot.SECRET
    found = await snapshot.all(VOTES, (guild_id, poll_id))
    return tuple(_vote(row, None if secret else int(row[0])) for row in found)


def _vote(row: Row, user_id: int | None) -> Vote:
    _, choice, owner, voted_at, reason = row
    return Vote(user_id, Choice(choice), bool(owner), from_text(voted_at), reason)


def put_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str, vote: Vote) -> None:
    """Let `vote` be the one that stands."""
    what = (vote.choice, vote.reason, int(vote.owner), to_text(vote.voted_at))
    connection.execute(PUT_VOTE, (guild_id, poll_id, voter, *what))


def remove_vote(connection: sqlite3.Connection, guild_id: int, poll_id: int, voter: str) -> None:
    """Let no vote of `voter` stand."""
    connection.execute(REMOVE_VOTE, (guild_id, poll_id, voter))


def count(connection: sqlite3.Connection, guild_id: int, poll_id: int, vote: Vote | None, by: int) -> None:
    """Move the counter that `vote` belongs to."""
    if vote is not None:
        connection.execute(COUNT, (guild_id, poll_id, vote.choice, int(vote.owner), by))


def is_repeated(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act) -> bool:
    """Whether this very interaction has left its event already."""
    return connection.execute(REPEATED, (guild_id, poll_id, act.interaction_id)).fetchone() is not None


def add_event(
    connection: sqlite3.Connection,
    guild_id: int,
    poll_id: int,
    act: Act | None,
    kind: str,
    *,
    at: datetime | None = None,
    person: str | None = None,
    choice: str | None = None,
    owner: bool | None = None,
    reason: str | None = None,
) -> None:
    """Append to the history. Without an `act` it was the clock, at `at`."""
    when = at or (act.at if act else None)
    if when is None:
        raise ValueError("an event needs a time")
    what = (kind, person, choice, None if owner is None else int(owner), reason)
    interaction_id = act.interaction_id if act else None
    connection.execute(ADD_EVENT, (guild_id, poll_id, interaction_id, to_text(when), *what, guild_id, poll_id))
