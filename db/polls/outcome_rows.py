"""The rows behind outcomes, and how they become domain objects; for `db/` only."""

import json
import sqlite3
from collections.abc import Sequence

from db.decision_log import rows as log
from db.engine.database import Row, Snapshot
from db.polls import rows as poll_rows
from domain.decision_log.entries import LogEntry, Person
from domain.errors import DomainError
from domain.people import Act
from domain.polls.outcomes import (
    DISSENT_KEPT,
    OutcomeRecord,
    PollOutcome,
    check_stands,
    close_entry,
    dissenting_choice,
    link_of,
    record_entry,
    task_key,
)
from domain.polls.poll import Choice, Poll, PollVerdict, Vote
from domain.polls.precedents import Precedent
from domain.times import from_text, to_text

OPENER = "SELECT opener_name FROM poll WHERE guild_id = ? AND poll_id = ?"
DISSENT = """
    SELECT voted_at, reason FROM poll_vote
    WHERE guild_id = ? AND poll_id = ? AND choice = ? AND reason IS NOT NULL ORDER BY voted_at, voter LIMIT ?
"""
OF_TASK = """
    SELECT poll_id, entry_seq FROM poll_outcome
    WHERE guild_id = ? AND task_key = ? AND superseded_by IS NULL AND void_by IS NULL
"""
ADD = "INSERT INTO poll_outcome (guild_id, poll_id, task_key, entry_seq) VALUES (?, ?, ?, ?)"
SUPERSEDE = "UPDATE poll_outcome SET superseded_by = ? WHERE guild_id = ? AND poll_id = ?"
CURRENT = """
    SELECT outcome.entry_seq, outcome.superseded_by, outcome.void_by, JSON_EXTRACT(mark.body, '$.refs.voids')
    FROM poll_outcome AS outcome
    LEFT JOIN decision_entry AS mark ON mark.guild_id = outcome.guild_id AND mark.seq = outcome.restored_by
    WHERE outcome.guild_id = ? AND outcome.poll_id = ?
"""
RECORD = """
    UPDATE poll_outcome SET entry_seq = ?, decider_id = ?, review_at = ?, review_told_at = NULL, posted_at = NULL,
        restored_by = NULL
    WHERE guild_id = ? AND poll_id = ?
"""
SUPERSEDED = "SELECT poll_id FROM poll_outcome WHERE guild_id = ? AND superseded_by = ? ORDER BY poll_id"
VOID = """
    SELECT poll_id, void_by FROM poll_outcome
    WHERE guild_id = ? AND void_by IS NOT NULL AND poll_id IN (SELECT value FROM JSON_EACH(?))
"""
LINE = """
    SELECT poll.task, poll.verdict, poll.poll_id, poll.execution, poll.judgment,
           json_extract(text.value, '$.conditions'), outcome.superseded_by, outcome.void_by
    FROM poll_outcome AS outcome
    JOIN poll ON poll.guild_id = outcome.guild_id AND poll.poll_id = outcome.poll_id
    LEFT JOIN decision_part AS text
        ON text.guild_id = outcome.guild_id AND text.seq = outcome.entry_seq AND text.part = 'text'
    WHERE outcome.guild_id = ?
"""
_NEWEST = "ORDER BY poll.closed_at DESC, poll.poll_id DESC LIMIT ?"
WHOLE_LINE = LINE + _NEWEST
_STANDS = "AND outcome.superseded_by IS NULL AND outcome.void_by IS NULL "
STANDING = LINE + _STANDS + _NEWEST
STANDING_OF_VERDICT = LINE + _STANDS + "AND poll.verdict = ? " + _NEWEST
STANDING_BEFORE = LINE + _STANDS + "AND poll.poll_id < ? " + _NEWEST

JUDGED_LIMIT = 500
"""How many standing verdicts for judgment are read."""


def append_closing(connection: sqlite3.Connection, guild_id: int, poll: Poll, act: Act | None) -> None:
    """Enter the outcome of a poll that this unit of work has just closed; it supersedes earlier ones on its task.

    Without an `act`, the clock closed it.
    """
    verdict, key = poll.standing.verdict, task_key(poll.draft.task)
    earlier = connection.execute(OF_TASK, (guild_id, key)).fetchall()
    draft = close_entry(
        poll,
        _opener(connection, guild_id, poll),
        act,
        votes=_dissent(connection, guild_id, poll.poll_id, dissenting_choice(verdict)),
        link=link_of(guild_id, poll),
        supersedes=[seq for _, seq in earlier if seq is not None],
    )
    entry = log.append(connection, guild_id, draft)
    connection.execute(ADD, (guild_id, poll.poll_id, key, entry.seq))
    connection.executemany(SUPERSEDE, [(poll.poll_id, guild_id, other) for other, _ in earlier])


def _opener(connection: sqlite3.Connection, guild_id: int, poll: Poll) -> Person:
    (name,) = connection.execute(OPENER, (guild_id, poll.poll_id)).fetchone()
    return Person(poll.opener_id, name or "")


def _dissent(connection: sqlite3.Connection, guild_id: int, poll_id: int, choice: Choice) -> list[Vote]:
    found = connection.execute(DISSENT, (guild_id, poll_id, choice, DISSENT_KEPT))
    return [Vote(None, choice, owner=False, voted_at=from_text(at), reason=reason) for at, reason in found]


def append_record(
    connection: sqlite3.Connection, guild_id: int, poll: Poll, act: Act, record: OutcomeRecord
) -> LogEntry:
    """Enter what somebody recorded of an outcome; it supersedes the entry that stood for it.

    Raises:
        DomainError: outcomes.superseded, outcomes.void, outcomes.cannot_replace.
    """
    standing, superseded_by, void_by, _ = connection.execute(CURRENT, (guild_id, poll.poll_id)).fetchone()
    check_stands(poll.poll_id, superseded_by, void_by)
    replaced = _replaced(connection, guild_id, poll.poll_id, record.replaces)
    supersedes = [seq for seq in (standing, *replaced) if seq is not None]
    draft = record_entry(poll, record, act, link=link_of(guild_id, poll), supersedes=supersedes)
    entry = log.append(connection, guild_id, draft)
    review = to_text(record.review_at) if record.review_at else None
    connection.execute(RECORD, (entry.seq, record.decider.id, review, guild_id, poll.poll_id))
    if record.replaces is not None:
        connection.execute(SUPERSEDE, (poll.poll_id, guild_id, record.replaces))
    return entry


def _replaced(connection: sqlite3.Connection, guild_id: int, poll_id: int, other: int | None) -> list[int | None]:
    """Return the current entry of the poll that is to be replaced; [] for no poll, [None] for one without an entry.

    Raises:
        DomainError: outcomes.cannot_replace.
    """
    if other is None:
        return []
    found = connection.execute(CURRENT, (guild_id, other)).fetchone()
    if found is None or other == poll_id:
        raise DomainError("outcomes.cannot_replace", poll_id=other)
    seq, superseded_by, void_by, _ = found
    if superseded_by is not None or void_by is not None:
        raise DomainError("outcomes.cannot_replace", poll_id=other)
    return [seq]


def read_outcome(connection: sqlite3.Connection, guild_id: int, poll_id: int) -> PollOutcome:
    """Read a closed poll of the line inside a unit of work.

    Raises:
        DomainError: polls.unknown.
    """
    poll = poll_rows.read_poll(connection, guild_id, poll_id).poll
    seq, *place = connection.execute(CURRENT, (guild_id, poll_id)).fetchone()
    row = connection.execute(log.ENTRY, (guild_id, seq)).fetchone()
    return _outcome(poll, row, place, connection.execute(SUPERSEDED, (guild_id, poll_id)).fetchall())


async def get_outcome(snapshot: Snapshot, guild_id: int, poll_id: int) -> PollOutcome | None:
    """Read a closed poll of the line from a snapshot; None for one that has no outcome.

    Raises:
        DomainError: polls.unknown.
    """
    poll = await poll_rows.get_poll(snapshot, guild_id, poll_id)
    current = await snapshot.one(CURRENT, (guild_id, poll_id))
    if current is None:
        return None
    seq, *place = current
    row = await snapshot.one(log.ENTRY, (guild_id, seq))
    return _outcome(poll, row, place, await snapshot.all(SUPERSEDED, (guild_id, poll_id)))


def _outcome(poll: Poll, entry: Row | None, place: Sequence[int | None], supersedes: Sequence[Row]) -> PollOutcome:
    superseded_by, void_by, restored = place
    others = tuple(poll_id for (poll_id,) in supersedes)
    return PollOutcome(poll, log.entry_of(entry) if entry else None, superseded_by, others, void_by, restored)


async def get_void(snapshot: Snapshot, guild_id: int, poll_ids: Sequence[int]) -> dict[int, int]:
    """Return which of these polls have a void verdict, each with the number of the mark."""
    return dict(await snapshot.all(VOID, (guild_id, json.dumps(poll_ids))))


async def get_judged(snapshot: Snapshot, guild_id: int) -> list[Precedent]:
    """Return the tasks that the crew keeps for people: the newest standing verdicts for judgment."""
    found = await snapshot.all(STANDING_OF_VERDICT, (guild_id, PollVerdict.JUDGMENT, JUDGED_LIMIT))
    return [precedent_of(row) for row in found]


def precedent_of(row: Row) -> Precedent:
    """Return the precedent of a row of `LINE`."""
    task, verdict, poll_id, yes, no, conditions, superseded_by, void_by = row
    return Precedent(
        task,
        PollVerdict(verdict),
        poll_id,
        (yes, no),
        conditions=conditions or "",
        superseded_by=superseded_by,
        void_by=void_by,
    )
