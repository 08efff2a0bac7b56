"""Leaving nothing of what was erased in the pages of the file.

SQLite overwrites a row that is deleted (`secure_delete`), but not the copies of it that stayed behind when its page was
split or filled up and rows moved to another one. Those go only when the file is written anew.
"""

import contextlib
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from db import opening
from domain.times import from_text, to_text

EVERY = timedelta(days=1)
"""How often the file is written anew while people are served: nobody keeps it busy by erasing again and again."""

SERVING_BYTES = 200 * 1024 * 1024
"""The largest file that is written anew then; units of work wait about a second for 100 MB. Others wait for a start."""

ASK = """
    INSERT INTO app_state (name, value) VALUES ('to be written anew', HEX(RANDOMBLOB(8)))
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
ASKED = "SELECT value FROM app_state WHERE name = 'to be written anew'"
DONE = "DELETE FROM app_state WHERE name = 'to be written anew' AND value = ?"
LAST = "SELECT value FROM app_state WHERE name = 'written anew at'"
NOTE = """
    INSERT INTO app_state (name, value) VALUES ('written anew at', ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def ask(connection: sqlite3.Connection) -> None:
    """Have the file written anew, as part of the unit of work that erases something; a crash does not forget it."""
    connection.execute(ASK)


def rewrite(path: Path, now: datetime, *, serving: bool) -> datetime | None:
    """Write the file anew if that was asked for; it takes as much room again while it lasts.

    Args:
        path: The database.
        now: When.
        serving: Whether people are served meanwhile.

    Returns:
        When to call again; None if there is nothing to do before the next start.

    Raises:
        sqlite3.Error: there is no room for it, or somebody writes for too long; what was asked for stands.
    """
    with contextlib.closing(opening.connect(path)) as connection:
        asked = connection.execute(ASKED).fetchone()
        if asked is None or (serving and path.stat().st_size > SERVING_BYTES):
            return None
        if serving and (next_turn := _last(connection) + EVERY) > now:
            return next_turn
        connection.execute("VACUUM")
        connection.execute(DONE, asked)  # one that was asked for meanwhile has another value
        connection.execute(NOTE, (to_text(now),))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return now + EVERY if connection.execute(ASKED).fetchone() else None


def _last(connection: sqlite3.Connection) -> datetime:
    row = connection.execute(LAST).fetchone()
    return from_text(row[0] if row else "2015-01-01T00:00:00.000Z")
