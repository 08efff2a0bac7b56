"""The ballots of polls and who took part in them, for exports."""

import sqlite3
from collections.abc import Iterator

from domain.decision_log.entries import EntryType, LogEntry
from domain.decision_log.kinds import OutcomeEntry
from domain.export.columns import CastBallot
from domain.export.filters import Filter
from domain.polls.poll import Ballot
from domain.times import from_text

TOOK_PART = """
    SELECT poll_id FROM poll WHERE guild_id = :guild AND opener_id = :person
    UNION SELECT poll_id FROM poll_vote WHERE guild_id = :guild AND voter = CAST(:person AS TEXT)
    UNION SELECT poll_id FROM poll_outcome WHERE guild_id = :guild AND decider_id = :person
"""
BALLOTS = """
    SELECT poll.task, poll.ballot, vote.choice, vote.voter, vote.owner, vote.voted_at, vote.reason
    FROM poll_vote AS vote
    JOIN poll ON poll.guild_id = vote.guild_id AND poll.poll_id = vote.poll_id
    WHERE vote.guild_id = ? AND vote.poll_id = ?
    ORDER BY CASE WHEN poll.ballot = 'secret' THEN vote.choice ELSE vote.voted_at END, vote.voter
"""


def took_part(connection: sqlite3.Connection, guild_id: int, person_id: int) -> frozenset[int]:
    """Return the polls that somebody opened, voted in, or decides by record; without votes on secret ballots."""
    found = connection.execute(TOOK_PART, {"guild": guild_id, "person": person_id})
    return frozenset(poll_id for (poll_id,) in found)


def polls_of(entries: Iterator[LogEntry], wanted: Filter) -> list[int]:
    """Return the polls whose outcomes `wanted` matches, each once."""
    matched = (entry for entry in entries if entry.type is EntryType.OUTCOME and wanted.matches(entry))
    return list(dict.fromkeys(OutcomeEntry.read(entry).poll for entry in matched))


def ballots(connection: sqlite3.Connection, guild_id: int, poll_ids: list[int]) -> Iterator[CastBallot]:
    """Yield every standing vote of these polls: oldest first, but secret ballots by choice only, never by time."""
    for poll_id in poll_ids:
        for task, ballot, choice, voter, owner, at, reason in connection.execute(BALLOTS, (guild_id, poll_id)):
            if ballot == Ballot.SECRET:
                yield CastBallot(poll_id, task, ballot, choice)
            else:
                yield CastBallot(poll_id, task, ballot, choice, voter, bool(owner), from_text(at), reason or "")
