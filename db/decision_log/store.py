"""The decision log in SQL: reading entries and pages, and passing over a whole log in constant memory."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from db.decision_log import rows
from db.engine import opening
from db.engine.database import Database, Snapshot
from db.export import ballots as poll_export
from db.export import log_reader as exports
from domain.decision_log import chain
from domain.decision_log.entries import LogEntry, NewEntry
from domain.errors import DomainError
from domain.export.columns import CastBallot
from domain.export.filters import EVERYTHING, Filter, Manifest, Survey
from domain.export.tables import TableRow
from domain.proof.lines import ProofRow, proof_blocks
from domain.proof.reports import Report
from domain.text import piece_key

Result = TypeVar("Result")

NEWEST = rows.ENTRIES + "AND seq < ? ORDER BY seq DESC LIMIT ?"
_OF_PIECE = """
    AND seq IN (
        SELECT seq FROM decision_part WHERE guild_id = ? AND piece_key = ? AND seq < ? ORDER BY seq DESC LIMIT ?
    ) ORDER BY seq DESC
"""
NEWEST_OF_PIECE = rows.ENTRIES + _OF_PIECE
_BY_PERSON = """
    AND seq IN (
        SELECT seq FROM decision_part WHERE guild_id = ? AND person_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?
    ) ORDER BY seq DESC
"""
NEWEST_BY_PERSON = rows.ENTRIES + _BY_PERSON
NEWEST_OF_VERDICT = rows.ENTRIES + "AND verdict = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
WHOLE_LOG = rows.ENTRIES + "ORDER BY seq"
HASH = "SELECT hash FROM decision_entry WHERE guild_id = ? AND seq = ?"
LOOK_AHEAD = 50
BLOCK_ROWS = 1000
"""Rows fetched at a time: all of a long log would not fit into memory, and one by one is slow."""

LAST = 2**62
NO_LOG = "0" * 32
NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""Stand where a log that is only checked, and never leaves, needs no name and no date."""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and whether older ones match as well."""

    entries: tuple[LogEntry, ...]
    more: bool


class LogReader:
    """One server's log as it stood at one moment, for work on a thread of its own."""

    def __init__(self, connection: sqlite3.Connection, guild_id: int) -> None:
        self._connection = connection
        self._guild_id = guild_id

    @property
    def log_id(self) -> str:
        """The log's random name; "" if the server has no entry yet."""
        row = self._connection.execute(rows.LOG_ID, (self._guild_id,)).fetchone()
        return str(row[0]) if row else ""

    def entries(self) -> Iterator[LogEntry]:
        """Every entry in order; at most `BLOCK_ROWS` in memory, and as often as wanted."""
        cursor = self._connection.execute(WHOLE_LOG, (self._guild_id,))
        while block := cursor.fetchmany(BLOCK_ROWS):
            yield from map(rows.entry_of, block)

    def survey(self, wanted: Filter = EVERYTHING) -> Survey:
        """What an export under `wanted` will hold."""
        return exports.survey(self._connection, self._guild_id, wanted)

    def weigh(self, wanted: Filter = EVERYTHING) -> tuple[int, int]:
        """How many characters the bodies and the parts of the entries have that `wanted` matches."""
        return exports.weigh(self._connection, self._guild_id, wanted)

    def span(self, wanted: Filter = EVERYTHING) -> tuple[str, str] | None:
        """The times of the earliest and the latest entry that `wanted` matches; None if it matches none."""
        return exports.span(self._connection, self._guild_id, wanted)

    def proof_rows(self, wanted: Filter = EVERYTHING) -> Iterator[ProofRow]:
        """Every entry in order, those in full that a proof under `wanted` shows; read lazily."""
        return exports.proof_rows(self._connection, self._guild_id, wanted)

    def table_rows(self, wanted: Filter = EVERYTHING) -> Iterator[TableRow]:
        """The entries that `wanted` matches, in order; read lazily."""
        return exports.table_rows(self._connection, self._guild_id, wanted)

    def verify(self, pins: Iterable[str] = ()) -> Report:
        """Recompute the chain of the log as it is stored; `pins` and what is raised are as `verify_lines` says."""
        from domain.proof.verifier import verify_lines  # a megabyte with all that it needs, for what is seldom asked

        manifest = Manifest(self.log_id or NO_LOG, self.survey(), NEVER, "")
        blocks = proof_blocks(self.proof_rows(), manifest)
        return verify_lines((line for _, block in blocks for line in block.splitlines(keepends=True)), pins)

    def asked(self, wanted: Filter) -> Filter:
        """`wanted` with the polls that its person took part in, which entries alone do not tell."""
        if wanted.person is None:
            return wanted
        return replace(wanted, polls=poll_export.took_part(self._connection, self._guild_id, wanted.person))

    def ballots(self, wanted: Filter) -> Iterator[CastBallot]:
        """The ballots of the polls whose outcomes `wanted` matches."""
        outcomes = self._connection.execute(rows.ENTRIES + poll_export.OUTCOMES_ONLY, (self._guild_id,))
        polls = poll_export.polls_of(map(rows.entry_of, outcomes), self.asked(wanted))
        return poll_export.ballots(self._connection, self._guild_id, polls)

    def hash_of(self, seq: int) -> str | None:
        """The hash of entry `seq`, if there is one."""
        row = self._connection.execute(HASH, (self._guild_id, seq)).fetchone()
        return str(row[0]) if row else None


def read_log(path: Path, guild_id: int, work: Callable[[LogReader], Result]) -> Result:
    """Run `work` over a server's log in the database at `path`, while others may write. Blocks."""
    with contextlib.closing(opening.connect(path)) as connection:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        return work(LogReader(connection, guild_id))


class DecisionStore:
    """Every method takes the server first and never reaches another's log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entry(self, guild_id: int, seq: int) -> LogEntry:
        """One entry.

        Raises:
            DomainError: decision_log.unknown.
        """
        async with self._database.snapshot() as snapshot:
            entry = await rows.get_entry(snapshot, guild_id, seq)
        if entry is None:
            raise DomainError("decision_log.unknown", number=seq)
        return entry

    async def head(self, guild_id: int) -> tuple[int, str]:
        """How many entries there are, and the hash of the last; 0 and GENESIS for an empty log."""
        async with self._database.snapshot() as snapshot:
            return await snapshot.one(rows.HEAD, (guild_id,)) or (0, chain.GENESIS)

    async def entries(
        self, guild_id: int, wanted: Filter = EVERYTHING, *, before: int | None = None, limit: int = 10
    ) -> Page:
        """The newest `limit` entries that `wanted` matches, numbered below `before`."""
        found: list[LogEntry] = []
        least = before or LAST
        async with self._database.snapshot() as snapshot:
            while len(found) <= limit and (block := await _newest(snapshot, guild_id, wanted, least)):
                found += filter(wanted.matches, block)
                least = block[-1].seq
        return Page(tuple(found[:limit]), len(found) > limit)

    async def read(self, guild_id: int, work: Callable[[LogReader], Result]) -> Result:
        """Run `work` over the log as it stands, on a thread and a connection of its own."""
        return await asyncio.to_thread(read_log, self._database.path, guild_id, work)

    async def record(self, guild_id: int, draft: NewEntry) -> LogEntry:
        """Append an entry that no rule stands before, an export say; a repeated interaction gets its first entry."""

        def unit(connection: sqlite3.Connection) -> LogEntry:
            done = rows.repeated(connection, guild_id, draft.interaction, draft.type)
            return done or rows.append(connection, guild_id, draft)

        return await self._database.write(unit)


async def _newest(snapshot: Snapshot, guild_id: int, wanted: Filter, before: int) -> list[LogEntry]:
    """A block of entries among which all that `wanted` matches below `before` come first, newest first."""
    if wanted.piece is not None:
        found = await snapshot.all(NEWEST_OF_PIECE, (guild_id, guild_id, piece_key(wanted.piece), before, LOOK_AHEAD))
    elif wanted.person is not None:
        found = await snapshot.all(NEWEST_BY_PERSON, (guild_id, guild_id, wanted.person, before, LOOK_AHEAD))
    elif wanted.verdict is not None:
        found = await snapshot.all(NEWEST_OF_VERDICT, (guild_id, wanted.verdict, before, LOOK_AHEAD))
    else:
        found = await snapshot.all(NEWEST, (guild_id, before, LOOK_AHEAD))
    return [rows.entry_of(row) for row in found]
