"""The rows behind the decision log, and how they become entries; used inside the units of work of `db/`."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from db.engine.database import Row, Snapshot
from domain.decision_log import chain
from domain.decision_log.entries import PARTS, EntryType, LogEntry, NewEntry, Question, ask_question, seal
from domain.text import piece_key
from domain.times import to_text

LOG_ID = "SELECT log_id FROM decision_log WHERE guild_id = ?"
NEW_LOG = "INSERT INTO decision_log (guild_id, log_id) VALUES (?, ?)"
HEAD = "SELECT seq, hash FROM decision_entry WHERE guild_id = ? ORDER BY seq DESC LIMIT 1"
QUESTIONS = "SELECT body FROM decision_entry WHERE guild_id = ? AND type = 'question'"
ADD = """
    INSERT INTO decision_entry (guild_id, seq, type, at, interaction_id, verdict, request_seq, body, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_PART = """
    INSERT INTO decision_part (guild_id, seq, part, salt, value, person_id, piece_key) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
ENTRIES = """
    SELECT body, hash, prev, who_salt, who_value, work_salt, work_value, text_salt, text_value
    FROM decision WHERE guild_id = ?
"""
"""The entries of one server; other queries say which of them."""

REPEATED = ENTRIES + "AND interaction_id = ? AND type || '' = ?"
"""The empty text keeps SQLite from weighing its indexes on single types: it would prepare this anew each time."""

ENTRY = ENTRIES + "AND seq = ?"


def append(connection: sqlite3.Connection, guild_id: int, draft: NewEntry) -> LogEntry:
    """Put `draft` at the end of the server's log, as part of the running unit of work.

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
    what = (entry.type, to_text(entry.at), entry.interaction, entry.verdict, entry.request, entry.body, entry.hash)
    connection.execute(ADD, (guild_id, entry.seq, *what))
    keys = {"who": _key(draft.who, "id", int), "work": _key(draft.work, "piece", piece_key)}
    for name in PARTS:
        if part := entry.part(name):
            key = keys.get(name)
            found_by = (key, None) if name == "who" else (None, key)
            connection.execute(ADD_PART, (guild_id, entry.seq, name, part.salt, part.value, *found_by))
    return entry


def _key(values: Mapping[str, object] | None, name: str, read: Any) -> Any:
    return read(values[name]) if values and name in values else None


def repeated(
    connection: sqlite3.Connection, guild_id: int, interaction_id: int | None, kind: EntryType
) -> LogEntry | None:
    """The entry that this very interaction has left already."""
    row = connection.execute(REPEATED, (guild_id, interaction_id, kind)).fetchone()
    return entry_of(row) if row else None


async def get_entry(snapshot: Snapshot, guild_id: int, seq: int) -> LogEntry | None:
    """One entry as a snapshot sees it."""
    row = await snapshot.one(ENTRY, (guild_id, seq))
    return entry_of(row) if row else None


def entry_of(row: Row) -> LogEntry:
    """An entry from a row of the view `decision`: body, hash, prev, then salt and value of who, work and text."""
    body, hash_, prev = row[:3]
    pairs = zip(PARTS, zip(row[3::2], row[4::2], strict=True), strict=True)
    parts = {name: chain.Part(salt, value) if salt is not None else None for name, (salt, value) in pairs}
    return LogEntry.read(body, hash=hash_, prev=prev or chain.GENESIS, **parts)
