"""The rows behind sign-offs, and how they become domain objects; used by `db/signoffs.py` alone."""

import json
import sqlite3
from collections.abc import Iterator, Sequence

from db import decision_rows as log
from db.database import Row, Snapshot
from domain.choices import Verdict
from domain.corrections import corrected
from domain.decisions import Entry, EntryType, Person
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs import SignoffRequest, SignoffState, fold
from domain.slate import piece_key
from domain.times import from_text, to_text

REQUEST_OF = "SELECT request_seq FROM decision_entry WHERE guild_id = ? AND seq = ?"
_OF_PIECE = """
    AND request_seq IN (
        SELECT request_seq FROM decision_entry JOIN decision_part USING (guild_id, seq)
        WHERE guild_id = ? AND piece_key = ? AND type IN ('request', 'correct')
    )
    AND type IN ('request', 'correct', 'void')
"""
CUTS = log.ENTRIES + _OF_PIECE
"""Requests that were ever for a piece, with what corrects them."""

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
    AND (request_seq = ? OR type IN ('request', 'withdraw', 'void', 'correct'))
"""
STATE = log.ENTRIES + _THREAD
"""A request with what followed it, and what there is of other cuts of the piece that may make it stale."""

TO_REDRAW = """
    SELECT guild_id, request_seq, type, body FROM decision_entry
    WHERE at >= ? AND request_seq IS NOT NULL ORDER BY at DESC LIMIT ?
"""
DRAFT = """
    SELECT author_id, at, piece, cut, link, signers FROM signoff_draft WHERE guild_id = ? AND interaction_id = ?
"""


def read_state(connection: sqlite3.Connection, guild_id: int, number: int) -> SignoffState:
    """The sign-off as the running unit of work sees it.

    Raises:
        DomainError: signoffs.unknown.
    """
    return _state(number, connection.execute(STATE, (guild_id, number, guild_id, number, number)).fetchall())


async def get_state(snapshot: Snapshot, guild_id: int, number: int) -> SignoffState:
    """The sign-off as a snapshot sees it.

    Raises:
        DomainError: signoffs.unknown.
    """
    return _state(number, await snapshot.all(STATE, (guild_id, number, guild_id, number, number)))


def _state(number: int, found: Sequence[Row]) -> SignoffState:
    entries = [log.entry_of(row) for row in found]
    request = next((entry for entry in entries if entry.seq == number and entry.type is EntryType.REQUEST), None)
    if request is None:
        raise DomainError("signoffs.unknown", number=number)
    return fold(SignoffRequest.read(request), entries)


def read_cuts(connection: sqlite3.Connection, guild_id: int, piece: str) -> list[SignoffRequest]:
    """The requests for a piece as the running unit of work sees them, the newest cut first."""
    return _cuts(piece, connection.execute(CUTS, (guild_id, guild_id, piece_key(piece))).fetchall())


async def get_cuts(snapshot: Snapshot, guild_id: int, piece: str) -> list[SignoffRequest]:
    """The requests for a piece as a snapshot sees them, the newest cut first."""
    return _cuts(piece, await snapshot.all(CUTS, (guild_id, guild_id, piece_key(piece))))


def _cuts(piece: str, found: Sequence[Row]) -> list[SignoffRequest]:
    entries = [log.entry_of(row) for row in found]
    asked = [entry for entry in entries if entry.type is EntryType.REQUEST]
    every = (corrected(SignoffRequest.read(entry), entries) for entry in asked)
    requests = (request for request in every if piece_key(request.piece) == piece_key(piece))
    return sorted(requests, key=lambda request: (request.cut, request.number), reverse=True)


def request_of(connection: sqlite3.Connection, guild_id: int, seq: int) -> int | None:
    """The number of the request that entry `seq` belongs to."""
    row = connection.execute(REQUEST_OF, (guild_id, seq)).fetchone()
    return row[0] if row else None


def verdict_of(entry: Entry) -> Verdict:
    """The verdict of a decision."""
    return next(verdict for verdict in Verdict if verdict == entry.verdict)


def replaced_by(entry: Entry) -> int | None:
    """The number of the entry that `entry` takes back, or of the decision that it supersedes."""
    replaced: int | None = entry.refs.get("supersedes" if entry.type is EntryType.DECISION else "withdraws")
    return replaced


def cards_touched(row: Row) -> Iterator[tuple[int, int]]:
    """Server and number of the sign-offs whose card an entry changed, from a row of `TO_REDRAW`."""
    guild_id, number, kind, body = row
    yield guild_id, number
    superseded = json.loads(body)["refs"].get("supersedes")
    if kind == EntryType.REQUEST and superseded:
        yield guild_id, superseded


def piece_in(value: str) -> str:
    """The piece that a stored `work` part names."""
    return str(json.loads(value).get("piece", ""))


def draft_row(guild_id: int, act: Act, request: SignoffRequest) -> Row:
    """The values of a new row of `signoff_draft`, in the order of `KEEP_DRAFT`."""
    signers = {"users": [user.value() for user in request.users], "roles": request.roles}
    what = (request.piece, request.cut, request.link, json.dumps(signers))
    return (guild_id, act.interaction_id, act.actor.id, to_text(act.at), *what)


def read_draft(connection: sqlite3.Connection, guild_id: int, draft_id: int, act: Act) -> SignoffRequest:
    """What the command of a form said.

    Raises:
        DomainError: signoffs.draft_gone, signoffs.not_your_draft.
    """
    row = connection.execute(DRAFT, (guild_id, draft_id)).fetchone()
    if row is None:
        raise DomainError("signoffs.draft_gone")
    author_id, at, piece, cut, link, signers = row
    if author_id != act.actor.id:
        raise DomainError("signoffs.not_your_draft")
    named = json.loads(signers)
    users = tuple(map(Person.read, named["users"]))
    opener = Person.of(act.actor)
    return SignoffRequest(0, from_text(at), piece, cut, opener, link=link, users=users, roles=tuple(named["roles"]))
