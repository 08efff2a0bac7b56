"""What exports read: which entries a filter matches, and their rows as tables and proofs need them."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from domain.decision_log import chain
from domain.export.filters import Filter, Survey
from domain.export.tables import TableRow
from domain.proof.lines import ProofRow
from domain.text import piece_key
from domain.times import to_text

BLOCK_ROWS = 500
"""Rows fetched at a time: all of a long log would not fit into memory, and one by one is slow."""

_CONDITIONS = {
    "types": "entry.type IN (SELECT value FROM json_each(:types))",
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
_HEAD = "SELECT seq, hash FROM decision_entry WHERE guild_id = ? ORDER BY seq DESC LIMIT 1"
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
_IN_ORDER = " ORDER BY entry.seq"


def _asked(wanted: Filter) -> tuple[str, dict[str, Any]]:
    """The condition that `wanted` is in SQL, and its values; the same rule as `Filter.matches`."""
    values = {
        "types": json.dumps(sorted(wanted.types)) if wanted.types else None,
        "since": wanted.since and to_text(wanted.since),
        "until": wanted.until and to_text(wanted.until),
        "verdict": wanted.verdict,
        "person": wanted.person,
        "piece": None if wanted.piece is None else piece_key(wanted.piece),
    }
    given = {name: value for name, value in values.items() if value is not None}
    asked = " AND ".join(map(_CONDITIONS.__getitem__, given)) or "TRUE"
    return asked, given | ({"polls": json.dumps(sorted(wanted.polls))} if "person" in given else {})


def survey(connection: sqlite3.Connection, guild_id: int, wanted: Filter) -> Survey:
    """Count what an export under `wanted` will hold."""
    total, head = connection.execute(_HEAD, (guild_id,)).fetchone() or (0, chain.GENESIS)
    asked, values = _asked(wanted)
    if not values:
        return Survey(total, 0, total, head)
    values["guild_id"] = guild_id
    (shown,) = connection.execute(f"{_COUNT}{_FROM} AND {asked}", values).fetchone()
    (accounts,) = connection.execute(f"{_COUNT}{_FROM} AND {_ACCOUNTS.format(asked=asked)}", values).fetchone()
    return Survey(shown, accounts, total, head)


def weigh(connection: sqlite3.Connection, guild_id: int, wanted: Filter) -> tuple[int, int]:
    """How many characters the bodies and the parts of the entries have that `wanted` matches."""
    asked, values = _asked(wanted)
    query = f"{_WEIGH}{_FROM} AND {asked}"
    bodies, parts = connection.execute(query, values | {"guild_id": guild_id}).fetchone()
    return int(bodies), int(parts)


def span(connection: sqlite3.Connection, guild_id: int, wanted: Filter) -> tuple[str, str] | None:
    """The times of the earliest and the latest entry that `wanted` matches; None if it matches none."""
    asked, values = _asked(wanted)
    first, last = connection.execute(f"{_SPAN}{_FROM} AND {asked}", values | {"guild_id": guild_id}).fetchone()
    return (first, last) if first else None


def proof_rows(connection: sqlite3.Connection, guild_id: int, wanted: Filter) -> Iterator[ProofRow]:
    """Every entry in order, those in full that a proof under `wanted` shows; at most a block in memory."""
    asked, values = _asked(wanted)
    query = _PROOF.format(asked=asked) + _FROM + _IN_ORDER
    return map(ProofRow._make, _blocks(connection, query, values | {"guild_id": guild_id}))


def table_rows(connection: sqlite3.Connection, guild_id: int, wanted: Filter) -> Iterator[TableRow]:
    """The entries that `wanted` matches, in order; at most a block in memory."""
    asked, values = _asked(wanted)
    query = f"{_TABLE}{_FROM} AND {asked}{_IN_ORDER}"
    return map(TableRow._make, _blocks(connection, query, values | {"guild_id": guild_id}))


def _blocks(connection: sqlite3.Connection, query: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    cursor = connection.execute(query, values)
    while block := cursor.fetchmany(BLOCK_ROWS):
        yield from block
