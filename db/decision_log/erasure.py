"""Erasing parts of the decision log inside a unit of work: blanks, what is entered again, and the record of both."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from db.decision_log import rows
from db.engine import rewriting
from domain.decision_log.entries import PARTS, LogEntry
from domain.decision_log.erasure import account, blanks_of, say_again
from domain.decision_log.kinds import Blank
from domain.people import Act

_NAMING = """
    AND seq IN (
        SELECT seq FROM decision_part WHERE guild_id = ? AND part = 'who' AND INSTR(value, ?) > 0
        UNION SELECT seq FROM decision_part WHERE guild_id = ? AND part = 'work' AND INSTR(value, ?) > 0
    ) ORDER BY seq
"""
NAMING = rows.ENTRIES + _NAMING
"""Entries that name a person in `who`, and exports filtered by them; canonical JSON has one spelling."""

OF_POLL = rows.ENTRIES + "AND type IN ('outcome', 'correct') AND JSON_EXTRACT(body, '$.facts.poll') = ? ORDER BY seq"
BLANK = """
    UPDATE decision_part SET salt = NULL, value = NULL, person_id = NULL, piece_key = NULL
    WHERE guild_id = ? AND seq = ? AND part = ?
"""


class Erased(NamedTuple):
    """What left the log: how many entries lost something, their sign-offs, and the first entry that records it."""

    entries: int
    signoffs: frozenset[int]
    accounted_by: int | None


def naming(connection: sqlite3.Connection, guild_id: int, person_id: int) -> list[LogEntry]:
    """Return every entry that names a person, their own included."""
    quoted = (f'"id":"{person_id}"', f'"person":"{person_id}"')
    found = connection.execute(NAMING, (guild_id, guild_id, quoted[0], guild_id, quoted[1]))
    return [rows.entry_of(row) for row in found]


def erase_person(
    connection: sqlite3.Connection, guild_id: int, person_id: int, at: datetime, words: Mapping[int, set[str]]
) -> Erased:
    """Erase a person and what they typed from the log; `words` are their reasons in polls, by poll."""
    gone = {entry.seq: (entry, blanks_of(entry, person_id)) for entry in naming(connection, guild_id, person_id)}
    for poll_id, reasons in words.items():
        for entry in map(rows.entry_of, connection.execute(OF_POLL, (guild_id, poll_id)).fetchall()):
            gone[entry.seq] = (entry, blanks_of(entry, person_id, reasons))
    return erase(connection, guild_id, [gone[seq] for seq in sorted(gone)], at)


def erase(
    connection: sqlite3.Connection,
    guild_id: int,
    gone: Iterable[tuple[LogEntry, Mapping[str, Any]]],
    at: datetime,
    moderator: Act | None = None,
) -> Erased:
    """Blank parts of entries, enter again what is left of each, and record it; with nothing to blank, do nothing."""
    gone = [(entry, left) for entry, left in gone if left]
    blanks: list[Blank] = [(entry.seq, name) for entry, left in gone for name in PARTS if name in left]
    if not blanks:
        return Erased(0, frozenset(), None)
    connection.executemany(BLANK, [(guild_id, *blank) for blank in blanks])
    rewriting.request_rewrite(connection)
    again = [say_again(entry, left, at) for entry, left in gone]
    accounts = [rows.append(connection, guild_id, draft) for draft in account(blanks, at, moderator)]
    for draft in filter(None, again):
        rows.append(connection, guild_id, draft)
    numbers = (entry.request for entry, _ in gone)
    return Erased(len(gone), frozenset(number for number in numbers if number is not None), accounts[0].seq)
