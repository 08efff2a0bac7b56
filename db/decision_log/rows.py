"""The rows behind the decision log, and how they become entries; for `db/` only."""

import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

from db.engine.database import Row, Snapshot
from domain.decision_log import chain
from domain.decision_log.entries import PARTS, EntryType, LogEntry, NewEntry, Question, ask_question, seal
from domain.text import piece_key
from domain.times import to_text


class EntryRow(NamedTuple):
    """A row of the view `decision`, as `ENTRIES` reads it."""

    body: str
    hash: str
    prev: str | None
    who_salt: str | None
    who_value: str | None
    work_salt: str | None
    work_value: str | None
    text_salt: str | None
    text_value: str | None


LOG_ID = "SELECT log_id FROM decision_log WHERE guild_id = ?"
NEW_LOG = "INSERT INTO decision_log (guild_id, log_id) VALUES (?, ?)"
HEAD = "SELECT seq, hash FROM decision_entry WHERE guild_id = ? ORDER BY seq DESC LIMIT 1"
QUESTIONS = "SELECT body FROM decision_entry WHERE guild_id = ? AND type = 'question'"
ADD = """
    INSERT INTO decision_entry (guild_id, seq, type, at, interaction_id, verdict, request_seq, body, hash)
    VALUES (:guild_id, :seq, :type, :at, :interaction_id, :verdict, :request_seq, :body, :hash)
"""
ADD_PART = """
    INSERT INTO decision_part (guild_id, seq, part, salt, value, person_id, piece_key)
    VALUES (:guild_id, :seq, :part, :salt, :value, :person_id, :piece_key)
"""
ENTRIES = f"""
    SELECT {", ".join(EntryRow._fields)} FROM decision WHERE guild_id = ?
"""  # noqa: S608 - names from above
"""The entries of one server; other queries add which of them."""

REPEATED = ENTRIES + "AND interaction_id = ? AND type || '' = ?"
"""The empty text keeps SQLite from considering indexes on single types: it would prepare this again each time."""

ENTRY = ENTRIES + "AND seq = ?"


def append(connection: sqlite3.Connection, guild_id: int, draft: NewEntry) -> LogEntry:
    """Append `draft` to the server's log inside a unit of work.

    The first entry makes the log; the first answer to a question is preceded by the entry that keeps its wording.

    Raises:
        TypeError, ValueError: what `domain.decision_log.entries.seal` refuses.
    """
    log_id = _log_id(connection, guild_id)
    if draft.question is not None and not _was_asked(connection, guild_id, draft.question):
        _add(connection, guild_id, log_id, ask_question(draft.at, draft.question))
    return _add(connection, guild_id, log_id, draft)


def _log_id(connection: sqlite3.Connection, guild_id: int) -> str:
    row = connection.execute(LOG_ID, (guild_id,)).fetchone()
    if row:
        return str(row[0])
    log_id = chain.new_log_id()
    connection.execute(NEW_LOG, (guild_id, log_id))
    return log_id


def _was_asked(connection: sqlite3.Connection, guild_id: int, question: Question) -> bool:
    return any(question.sha256 in body for (body,) in connection.execute(QUESTIONS, (guild_id,)))


def _add(connection: sqlite3.Connection, guild_id: int, log_id: str, draft: NewEntry) -> LogEntry:
    last, prev = connection.execute(HEAD, (guild_id,)).fetchone() or (0, chain.GENESIS)
    entry = seal(draft, log_id=log_id, seq=last + 1, prev=prev)
    row = {
        "guild_id": guild_id,
        "seq": entry.seq,
        "type": entry.type,
        "at": to_text(entry.at),
        "interaction_id": entry.interaction,
        "verdict": entry.verdict,
        "request_seq": entry.request,
        "body": entry.body,
        "hash": entry.hash,
    }
    connection.execute(ADD, row)
    for name in PARTS:
        if part := entry.part(name):
            row = {
                "guild_id": guild_id,
                "seq": entry.seq,
                "part": name,
                "salt": part.salt,
                "value": part.value,
                "person_id": _key(draft.who, "id", int) if name == "who" else None,
                "piece_key": _key(draft.work, "piece", piece_key) if name == "work" else None,
            }
            connection.execute(ADD_PART, row)
    return entry


def _key(values: Mapping[str, object] | None, name: str, read: Any) -> Any:
    return read(values[name]) if values and name in values else None


def repeated(
    connection: sqlite3.Connection, guild_id: int, interaction_id: int | None, kind: EntryType
) -> LogEntry | None:
    """Return the entry of this kind that the interaction has left already, if it has."""
    row = connection.execute(REPEATED, (guild_id, interaction_id, kind)).fetchone()
    return entry_of(row) if row else None


async def get_entry(snapshot: Snapshot, guild_id: int, seq: int) -> LogEntry | None:
    """Read one entry from a snapshot."""
    row = await snapshot.one(ENTRY, (guild_id, seq))
    return entry_of(row) if row else None


def entry_of(row: Row) -> LogEntry:
    """Return the entry of a row of `ENTRIES`."""
    found = EntryRow._make(row)
    return LogEntry.read(
        found.body,
        hash=found.hash,
        prev=found.prev or chain.GENESIS,
        who=_part(found.who_salt, found.who_value),
        work=_part(found.work_salt, found.work_value),
        text=_part(found.text_salt, found.text_value),
    )


def _part(salt: str | None, value: str | None) -> chain.Part | None:
    return None if salt is None or value is None else chain.Part(salt, value)
