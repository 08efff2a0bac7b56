"""The rows behind sign-offs, and how they become domain objects; for `db/` only."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from db.decision_log import rows as log
from db.engine.database import Row, Snapshot
from domain.decision_log.entries import EntryType, LogEntry
from domain.decision_log.kinds import DecisionEntry, undone_by
from domain.errors import DomainError
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import corrected
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import Opened, Signoff, SignoffState, fold
from domain.text import piece_key

REQUEST_OF = "SELECT request_seq FROM decision_entry WHERE guild_id = ? AND seq = ?"
_OF_PIECE = """
    AND request_seq IN (
        SELECT request_seq FROM decision_entry JOIN decision_part USING (guild_id, seq)
        WHERE guild_id = ? AND piece_key = ? AND type IN ('request', 'correct')
    )
    AND type IN ('request', 'correct', 'void')
"""
CUTS = log.ENTRIES + _OF_PIECE
"""Requests that were ever for a piece, with their corrections and voids."""

_THREAD = """
    AND request_seq IN (
        SELECT ? UNION
        SELECT request.request_seq FROM decision_entry AS own
        JOIN decision_part AS mine ON mine.guild_id = own.guild_id AND mine.seq = own.seq AND mine.part = 'work'
        JOIN decision_part AS other ON other.guild_id = mine.guild_id AND other.piece_key = mine.piece_key
        JOIN decision_entry AS request ON request.guild_id = other.guild_id AND request.seq = other.seq
        WHERE own.guild_id = ? AND own.request_seq = ? AND own.type IN ('request', 'correct')
        AND request.type IN ('request', 'correct')
    )
"""
_NO_ANSWERS = "type IN ('request', 'withdraw', 'void', 'correct')"
_OWN = """
    EXISTS (
        SELECT 1 FROM decision_part AS own
        WHERE own.guild_id = decision.guild_id AND own.seq = decision.seq AND own.part = 'who' AND own.person_id = ?
    )
"""
STATE = f"{log.ENTRIES} {_THREAD} AND (request_seq = ? OR {_NO_ANSWERS})"
"""A request with what followed it, and entries about other cuts of the piece, which may make it stale."""

STATE_FOR = f"{log.ENTRIES} {_THREAD} AND ({_NO_ANSWERS} OR request_seq = ? AND {_OWN})"
"""The same, but with the answers of one person only."""

TO_REDRAW = """
    SELECT guild_id, request_seq, type, body FROM decision_entry
    WHERE at >= ? AND request_seq IS NOT NULL ORDER BY at DESC LIMIT ?
"""
PIECES = """
    SELECT value FROM decision_part JOIN decision_entry USING (guild_id, seq)
    WHERE guild_id = ? AND part = 'work' AND type = 'request' AND value IS NOT NULL
    ORDER BY seq DESC LIMIT 500
"""
CACHED_ROWS = 128
"""Rows that a `RowCache` keeps, and as many requests that were read from them."""


def signoff_of(connection: sqlite3.Connection, guild_id: int, entry: LogEntry) -> Signoff:
    """Read the sign-off that `entry` belongs to inside a unit of work.

    Raises:
        DomainError: signoffs.unknown.
    """
    return Signoff(read_state(connection, guild_id, entry.request or 0).request, entry)


def opened_by(connection: sqlite3.Connection, guild_id: int, entry: LogEntry) -> Opened:
    """Read the sign-off whose request is `entry` inside a unit of work.

    Raises:
        DomainError: signoffs.unknown.
    """
    state = read_state(connection, guild_id, entry.seq)
    return Opened(state.request, entry, state)


def read_state(connection: sqlite3.Connection, guild_id: int, number: int) -> SignoffState:
    """Read a sign-off inside a unit of work.

    Raises:
        DomainError: signoffs.unknown.
    """
    found = connection.execute(STATE, (guild_id, number, guild_id, number, number))
    return state_of(number, [log.entry_of(row) for row in found])


class RowCache:
    """Rows that were read for an answer, kept for the next person who answers.

    Everybody who signs a cut has the same few rows read, and rows do not change. Use it on the writer's thread alone.
    """

    def __init__(self) -> None:
        self._entry_of = lru_cache(maxsize=CACHED_ROWS)(log.entry_of)
        self._read_request = lru_cache(maxsize=CACHED_ROWS)(SignoffRequest.read)

    def read_state_for(self, connection: sqlite3.Connection, guild_id: int, number: int, user_id: int) -> SignoffState:
        """Return what one person's answer is judged by: the sign-off as if nobody else had answered.

        So an answer takes no longer where many others were given.

        Raises:
            DomainError: signoffs.unknown.
        """
        found = connection.execute(STATE_FOR, (guild_id, number, guild_id, number, number, user_id))
        entries = [self._entry_of(row) for row in found]
        return fold(self._read_request(_asked(number, entries)), entries)

    def clear(self) -> None:
        """Forget every row. Units of work that blank or delete rows call it, so that what is erased is gone."""
        self._entry_of.cache_clear()
        self._read_request.cache_clear()


async def get_state(snapshot: Snapshot, guild_id: int, number: int) -> SignoffState:
    """Read a sign-off from a snapshot.

    Raises:
        DomainError: signoffs.unknown.
    """
    found = await snapshot.all(STATE, (guild_id, number, guild_id, number, number))
    return state_of(number, [log.entry_of(row) for row in found])


def state_of(number: int, entries: Sequence[LogEntry]) -> SignoffState:
    """Return the sign-off that its request, what followed it and other cuts of the piece come to.

    Raises:
        DomainError: signoffs.unknown.
    """
    return fold(SignoffRequest.read(_asked(number, entries)), entries)


def _asked(number: int, entries: Iterable[LogEntry]) -> LogEntry:
    """Return the entry of the request itself.

    Raises:
        DomainError: signoffs.unknown.
    """
    request = next((entry for entry in entries if entry.seq == number and entry.type is EntryType.REQUEST), None)
    if request is None:
        raise DomainError("signoffs.unknown", number=number)
    return request


def read_cuts(connection: sqlite3.Connection, guild_id: int, piece: str) -> list[SignoffRequest]:
    """Read the requests for a piece inside a unit of work, newest cut first."""
    return _cuts(piece, connection.execute(CUTS, (guild_id, guild_id, piece_key(piece))).fetchall())


async def get_cuts(snapshot: Snapshot, guild_id: int, piece: str) -> list[SignoffRequest]:
    """Read the requests for a piece from a snapshot, newest cut first."""
    return _cuts(piece, await snapshot.all(CUTS, (guild_id, guild_id, piece_key(piece))))


def _cuts(piece: str, found: Sequence[Row]) -> list[SignoffRequest]:
    entries = [log.entry_of(row) for row in found]
    asked = [entry for entry in entries if entry.type is EntryType.REQUEST]
    every = (corrected(SignoffRequest.read(entry), entries) for entry in asked)
    requests = (request for request in every if piece_key(request.piece) == piece_key(piece))
    return sorted(requests, key=lambda request: (request.cut, request.number), reverse=True)


def first_in_force(connection: sqlite3.Connection, guild_id: int, requests: Iterable[SignoffRequest]) -> int | None:
    """Return the number of the first of the requests that was neither withdrawn nor void.

    Raises:
        DomainError: signoffs.unknown.
    """
    numbers = (request.number for request in requests)
    return next((number for number in numbers if read_state(connection, guild_id, number).in_force), None)


def read_last(connection: sqlite3.Connection, guild_id: int, piece: str) -> SignoffRequest | None:
    """Return the piece's request that was opened last and is in force."""
    latest = sorted(read_cuts(connection, guild_id, piece), key=lambda request: request.number, reverse=True)
    number = first_in_force(connection, guild_id, latest)
    return next((request for request in latest if request.number == number), None)


def request_of(connection: sqlite3.Connection, guild_id: int, seq: int) -> int | None:
    """Return the number of the request that entry `seq` belongs to."""
    row = connection.execute(REQUEST_OF, (guild_id, seq)).fetchone()
    return row[0] if row else None


def verdict_of(entry: LogEntry) -> SignoffVerdict:
    """Return the verdict of a decision, whose entry holds it as text."""
    return next(verdict for verdict in SignoffVerdict if verdict == entry.verdict)


def replaced_by(entry: LogEntry) -> int | None:
    """Return the number of the entry that `entry` withdraws, or of the decision that it supersedes."""
    return DecisionEntry.read(entry).supersedes if entry.type is EntryType.DECISION else undone_by(entry)


def cards_touched(row: Row) -> Iterator[tuple[int, int]]:
    """Yield server and number of the sign-offs whose card an entry changed, from a row of `TO_REDRAW`."""
    guild_id, number, kind, body = row
    yield guild_id, number
    superseded = json.loads(body)["refs"].get("supersedes")
    if kind == EntryType.REQUEST and superseded:
        yield guild_id, superseded


def piece_names(found: Iterable[Row]) -> list[str]:
    """Return each piece by its latest spelling, from rows of `PIECES`."""
    names: dict[str, str] = {}
    for (value,) in found:
        name = str(json.loads(value).get("piece", ""))
        names.setdefault(piece_key(name), name)
    return list(names.values())
