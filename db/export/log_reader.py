"""What exports and checks read: a consistent view of one server's log, and which of its entries a filter matches."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from db.decision_log import rows
from db.engine.database import Database, read_file
from db.export import ballots
from domain.decision_log import chain
from domain.decision_log.entries import LogEntry
from domain.export.columns import CastBallot
from domain.export.filters import EVERYTHING, Filter, Kind, Manifest, Survey
from domain.export.tables import TableRow
from domain.proof.lines import ProofRow, proof_blocks
from domain.proof.reports import Report
from domain.text import piece_key
from domain.times import to_text

Result = TypeVar("Result")

BLOCK_ROWS = 500
"""Rows fetched at a time: all of a long log would not fit into memory, and one by one is slow."""

NO_LOG = "0" * 32
NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""Name and date of a log that is only checked: nothing that carries them leaves the process."""

_CONDITIONS = {
    "types": "entry.type IN (SELECT value FROM json_each(:types))",
    "of_polls": ":of_polls AND (entry.type <> 'void' OR entry.request_seq IS NULL)",
    "since": "entry.at >= :since",
    "until": "entry.at < :until",
    "verdict": "entry.verdict = :verdict",
    "person": """(
        who.person_id = :person OR entry.type = 'outcome' AND (
            entry.body ->> '$.facts.poll' IN (SELECT value FROM json_each(:polls))
            OR who.value ->> '$.decider.id' = CAST(:person AS TEXT)
        )
    )""",
    "piece": "work.piece_key = :piece",
}
_FROM = """
    FROM decision_entry AS entry
    LEFT JOIN decision_part AS who ON who.guild_id = entry.guild_id AND who.seq = entry.seq AND who.part = 'who'
    LEFT JOIN decision_part AS work ON work.guild_id = entry.guild_id AND work.seq = entry.seq AND work.part = 'work'
    LEFT JOIN decision_part AS text ON text.guild_id = entry.guild_id AND text.seq = entry.seq AND text.part = 'text'
    WHERE entry.guild_id = :guild_id
"""
_COUNT = "SELECT COUNT(*)"
_ACCOUNTS = "entry.type = 'erased' AND ({asked}) IS NOT TRUE"
_WEIGH = """
    SELECT
        TOTAL(LENGTH(entry.body)),
        TOTAL(IFNULL(LENGTH(who.value), 0) + IFNULL(LENGTH(work.value), 0) + IFNULL(LENGTH(text.value), 0))
"""
_SPAN = "SELECT MIN(entry.at), MAX(entry.at)"

# a part is NULL where there never was one; what is left of an erased one is ''
_PROOF = """
    SELECT
        entry.seq, entry.type = 'erased' OR ({asked}), CAST(entry.body AS BLOB), CAST(entry.hash AS BLOB),
        CAST(IIF(who.part IS NULL, NULL, IFNULL(who.salt, '')) AS BLOB), CAST(who.value AS BLOB),
        CAST(IIF(work.part IS NULL, NULL, IFNULL(work.salt, '')) AS BLOB), CAST(work.value AS BLOB),
        CAST(IIF(text.part IS NULL, NULL, IFNULL(text.salt, '')) AS BLOB), CAST(text.value AS BLOB)
"""
_TABLE = """
    SELECT
        CAST(entry.seq AS TEXT), entry.type, entry.at, IFNULL(entry.verdict, ''),
        IFNULL(entry.body ->> '$.question.id', ''), entry.hash, entry.body -> 'refs', entry.body -> 'facts',
        IIF(who.part IS NULL, NULL, IFNULL(who.value, '')),
        IIF(work.part IS NULL, NULL, IFNULL(work.value, '')),
        IIF(text.part IS NULL, NULL, IFNULL(text.value, ''))
"""
_ANY = "TRUE"
_IN_ORDER = " ORDER BY entry.seq"
_WHOLE_LOG = rows.ENTRIES + "ORDER BY seq"
_OUTCOMES = rows.ENTRIES + "AND type = 'outcome' ORDER BY seq"
_HASH = "SELECT hash FROM decision_entry WHERE guild_id = ? AND seq = ?"


class LogReader:
    """A consistent view of one server's log, for work on another thread.

    Whatever it yields is read lazily, with at most `BLOCK_ROWS` in memory.
    """

    def __init__(self, connection: sqlite3.Connection, guild_id: int) -> None:
        self._connection = connection
        self._guild_id = guild_id

    @property
    def log_id(self) -> str:
        """The log's random name; "" if the server has no entry yet."""
        row = self._connection.execute(rows.LOG_ID, (self._guild_id,)).fetchone()
        return str(row[0]) if row else ""

    def entries(self) -> Iterator[LogEntry]:
        """Yield every entry in order; may be called again."""
        return map(rows.entry_of, self._blocks(_WHOLE_LOG, (self._guild_id,)))

    def hash_of(self, seq: int) -> str | None:
        """Return the hash of entry `seq`, if there is one."""
        row = self._connection.execute(_HASH, (self._guild_id, seq)).fetchone()
        return str(row[0]) if row else None

    def survey(self, wanted: Filter = EVERYTHING) -> Survey:
        """Count what an export under `wanted` will hold."""
        total, head = self._connection.execute(rows.HEAD, (self._guild_id,)).fetchone() or (0, chain.GENESIS)
        condition, values = self._condition(wanted)
        if condition == _ANY:
            return Survey(total, 0, total, head)
        (shown,) = self._connection.execute(f"{_COUNT}{_FROM} AND {condition}", values).fetchone()
        query = f"{_COUNT}{_FROM} AND {_ACCOUNTS.format(asked=condition)}"
        (accounts,) = self._connection.execute(query, values).fetchone()
        return Survey(shown, accounts, total, head)

    def weigh(self, wanted: Filter = EVERYTHING) -> tuple[int, int]:
        """Count the characters in the bodies and in the parts of the entries that `wanted` matches."""
        condition, values = self._condition(wanted)
        bodies, parts = self._connection.execute(f"{_WEIGH}{_FROM} AND {condition}", values).fetchone()
        return int(bodies), int(parts)

    def span(self, wanted: Filter = EVERYTHING) -> tuple[str, str] | None:
        """Return the times of the earliest and the latest entry that `wanted` matches; None if it matches none."""
        condition, values = self._condition(wanted)
        first, last = self._connection.execute(f"{_SPAN}{_FROM} AND {condition}", values).fetchone()
        return (first, last) if first else None

    def proof_rows(self, wanted: Filter = EVERYTHING) -> Iterator[ProofRow]:
        """Yield every entry in order, and those in full that a proof under `wanted` shows."""
        condition, values = self._condition(wanted)
        query = _PROOF.format(asked=condition) + _FROM + _IN_ORDER
        return map(ProofRow._make, self._blocks(query, values))

    def table_rows(self, wanted: Filter = EVERYTHING) -> Iterator[TableRow]:
        """Yield the entries that `wanted` matches, in order."""
        condition, values = self._condition(wanted)
        query = f"{_TABLE}{_FROM} AND {condition}{_IN_ORDER}"
        return map(TableRow._make, self._blocks(query, values))

    def verify(self, pins: Iterable[str] = ()) -> Report:
        """Recompute the chain of the log as it is stored; for `pins` see `verify_lines`.

        Raises:
            DomainError: verify.bad_pin.
        """
        from domain.proof.verifier import verify_lines  # a megabyte with all that it needs, and seldom asked for

        manifest = Manifest(self.log_id or NO_LOG, self.survey(), NEVER, "")
        blocks = proof_blocks(self.proof_rows(), manifest)
        return verify_lines((line for _, block in blocks for line in block.splitlines(keepends=True)), pins)

    def asked(self, wanted: Filter) -> Filter:
        """Return `wanted` with the polls that its person took part in, which entries alone do not tell."""
        if wanted.person is None:
            return wanted
        return replace(wanted, polls=ballots.took_part(self._connection, self._guild_id, wanted.person))

    def ballots(self, wanted: Filter) -> Iterator[CastBallot]:
        """Yield the ballots of the polls whose outcomes `wanted` matches."""
        outcomes = map(rows.entry_of, self._connection.execute(_OUTCOMES, (self._guild_id,)))
        polls = ballots.polls_of(outcomes, self.asked(wanted))
        return ballots.ballots(self._connection, self._guild_id, polls)

    def _condition(self, wanted: Filter) -> tuple[str, dict[str, Any]]:
        """Return the condition that `wanted` is in SQL, and its values; the same rule as `Filter.matches`."""
        values = {
            "types": json.dumps(sorted(wanted.types)) if wanted.types else None,
            "of_polls": 1 if wanted.kind is Kind.POLLS else None,
            "since": wanted.since and to_text(wanted.since),
            "until": wanted.until and to_text(wanted.until),
            "verdict": wanted.verdict,
            "person": wanted.person,
            "piece": None if wanted.piece is None else piece_key(wanted.piece),
        }
        given = {name: value for name, value in values.items() if value is not None}
        condition = " AND ".join(map(_CONDITIONS.__getitem__, given)) or _ANY
        polls = {"polls": json.dumps(sorted(wanted.polls))} if "person" in given else {}
        return condition, given | polls | {"guild_id": self._guild_id}

    def _blocks(self, query: str, values: Any) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.execute(query, values)
        while block := cursor.fetchmany(BLOCK_ROWS):
            yield from block


class ExportStore:
    """Every method takes the server first and never reaches another's log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, guild_id: int, work: Callable[[LogReader], Result]) -> Result:
        """Run `work` over a consistent view of the log, on its own thread and connection."""
        return await self._database.read(lambda connection: work(LogReader(connection, guild_id)))


def read_log(path: Path, guild_id: int, work: Callable[[LogReader], Result]) -> Result:
    """Run `work` over a server's log in the database at `path`, while others may write. Blocks."""
    return read_file(path, lambda connection: work(LogReader(connection, guild_id)))
