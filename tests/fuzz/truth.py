"""What must hold in a database after anything that was thrown at the bot."""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.export.log_reader import read_log
from domain.polls.poll import Choice

Rows = Counter[tuple[Any, ...]]

SWEPT = ("_draft", "faq_count", "faq_feedback", "faq_question_ask")
"""Suffixes of tables whose rows expire, no matter who sweeps them."""

EVENTS = """
    SELECT guild_id, poll_id, person, choice FROM poll_event WHERE kind IN ('cast', 'change', 'withdraw')
    ORDER BY guild_id, poll_id, event_no
"""
VOTES = "SELECT guild_id, poll_id, choice, owner FROM poll_vote"


def inconsistencies(path: Path, guild_ids: Iterable[int]) -> list[str]:
    """Find contradictions in the file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = [f"integrity: {row}" for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        found += [f"a key without its row: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
        found += _miscounted(connection)
        known = {*guild_ids}
        for table in _tables(connection):
            strangers = {row[0] for row in connection.execute(f'SELECT DISTINCT guild_id FROM "{table}"')} - known
            found += [f"{table} has rows of server {one}" for one in strangers]
    for guild_id in known:
        report = read_log(path, guild_id, lambda log: log.verify())
        found += [f"the log of {guild_id}: {report.fault}"] if report.fault else []
    return found


def _miscounted(connection: sqlite3.Connection) -> list[str]:
    """Find polls whose counters differ from their current votes or their histories."""
    standing = Counter(row[:3] for row in connection.execute(VOTES))
    owners = Counter(row[:3] for row in connection.execute(VOTES) if row[3])
    last = {row[:3]: row[3] for row in connection.execute(EVENTS)}
    history = Counter((guild_id, poll_id, choice) for (guild_id, poll_id, _), choice in last.items() if choice)
    found = [] if standing == history else [f"votes {standing} but history {history}"]
    for choice in Choice:
        counted = f"SELECT guild_id, poll_id, '{choice}', {choice}, own_{choice} FROM poll"
        for *key, votes, own in connection.execute(counted):
            if (votes, own) != (standing[tuple(key)], owners[tuple(key)]):
                found.append(
                    f"poll {key} counts {votes} and {own}, not {standing[tuple(key)]} and {owners[tuple(key)]}"
                )
    return found


def _tables(connection: sqlite3.Connection) -> list[str]:
    """List the tables with a column guild_id: all but the program's own."""
    query = """
        SELECT kept.name FROM sqlite_schema AS kept WHERE kept.type = 'table'
        AND EXISTS (SELECT 1 FROM pragma_table_info(kept.name) AS info WHERE info.name = 'guild_id')
    """
    return [name for (name,) in connection.execute(query)]


class Watch:
    """Compares the rows of one server, to see whether something done in another changed them."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._tables = _tables(self._connection)

    def rows(self, guild_id: int) -> dict[str, Rows]:
        """Return all rows of a server by table."""
        return {
            table: Counter(self._connection.execute(f'SELECT * FROM "{table}" WHERE guild_id = ?', (guild_id,)))
            for table in self._tables
        }

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def touched(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """Return the rows that were added, changed, or removed without being due for removal."""
    found = []
    for table, rows in after.items():
        gone = before[table] - rows
        if rows - before[table] or (gone and not table.endswith(SWEPT)):
            found.append(f"{table}: {[*gone]} became {[*(rows - before[table])]}")
    return found
