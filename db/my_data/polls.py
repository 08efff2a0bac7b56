"""A person's polls when they are erased: in open ones their votes are withdrawn and their holds lifted."""

import sqlite3
from datetime import datetime

from db.my_data.columns import aliases
from db.polls import rows
from db.polls.rows import Event, PollInUnit
from domain.polls.poll import Vote
from domain.times import to_text

_STILL_OPEN = "closed_at IS NULL AND closes_at > :at"
TO_WITHDRAW = f"""
    SELECT poll.poll_id, vote.voter FROM poll_vote AS vote
    JOIN poll ON poll.guild_id = vote.guild_id AND poll.poll_id = vote.poll_id
    WHERE vote.guild_id = :guild AND vote.voter = :person AND {_STILL_OPEN}
"""  # noqa: S608 - from above
TO_LIFT = f"""
    SELECT poll.poll_id, hold.event_no FROM poll_hold AS hold
    JOIN poll ON poll.guild_id = hold.guild_id AND poll.poll_id = hold.poll_id
    WHERE hold.guild_id = :guild AND hold.holder_id = :person AND hold.lifted_at IS NULL AND {_STILL_OPEN}
"""  # noqa: S608 - from above
LIFT = "UPDATE poll_hold SET lifted_at = ? WHERE guild_id = ? AND poll_id = ? AND event_no = ?"
REASONS = "SELECT DISTINCT poll_id, reason FROM poll_event WHERE guild_id = ? AND person = ? AND reason IS NOT NULL"
INVOLVING = """
    SELECT poll_id FROM poll WHERE guild_id = :guild AND opener_id = :person
    UNION SELECT poll_id FROM poll_event WHERE guild_id = :guild AND person = :person
    UNION SELECT poll_id FROM poll_vote WHERE guild_id = :guild AND voter = :person
    UNION SELECT poll_id FROM poll_hold WHERE guild_id = :guild AND (holder_id = :person OR lifted_by = :person)
"""


def withdraw_open(connection: sqlite3.Connection, guild_id: int, person_id: int, at: datetime) -> None:
    """Withdraw a person's votes and lift their holds wherever they could still have done so themselves."""
    for alias in aliases(connection, guild_id, person_id):
        asked = {"guild": guild_id, "person": alias, "at": to_text(at)}
        for poll_id, voter in connection.execute(TO_WITHDRAW, asked).fetchall():
            _withdraw(connection, rows.read_poll(connection, guild_id, poll_id), voter, at)
        for poll_id, event_no in connection.execute(TO_LIFT, asked).fetchall():
            connection.execute(LIFT, (to_text(at), guild_id, poll_id, event_no))
            rows.record_event(connection, rows.read_poll(connection, guild_id, poll_id), at, Event("lift"))


def _withdraw(connection: sqlite3.Connection, found: PollInUnit, voter: str, at: datetime) -> None:
    poll_id = found.poll.poll_id
    vote = rows.read_vote(connection, found.guild_id, poll_id, voter, 0)
    if vote is not None:
        tally = found.poll.tally.after_change(Vote(None, vote.choice, vote.owner, vote.voted_at), None)
        rows.record_event(connection, found, at, Event("withdraw", owner=vote.owner), tally)
        rows.remove_vote(connection, found.guild_id, poll_id, voter)


def reasons(connection: sqlite3.Connection, guild_id: int, person_id: int) -> dict[int, set[str]]:
    """Return what a person wrote in polls, by poll; outcomes in the log may repeat it."""
    by_poll: dict[int, set[str]] = {}
    for poll_id, reason in connection.execute(REASONS, (guild_id, str(person_id))):
        by_poll.setdefault(poll_id, set()).add(reason)
    return by_poll


def polls_involving(connection: sqlite3.Connection, guild_id: int, person_id: int) -> list[int]:
    """Return the polls that the person took part in; their cards may show it."""
    asked = {"guild": guild_id, "person": str(person_id)}
    return [poll_id for (poll_id,) in connection.execute(INVOLVING, asked)]
