"""Leaving nothing of what was erased in the pages of the file and of its log.

SQLite overwrites a row that is deleted (`secure_delete`), but not the copies of it that stayed behind when its page was
split or filled up and rows moved to another one. Those go only when the file is written anew.
"""

import contextlib
import logging
import secrets
import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

from db.engine import opening
from db.engine.app_state_rows import DROP, GET, PUT
from domain.times import from_text, to_text

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""How often the file is written anew while people are served: nobody keeps it busy by erasing again and again."""

SERVING_BYTES = 200 * 1024 * 1024
"""The largest file that is written anew then; units of work wait about a second for 100 MB. Others wait for a start."""

SHRED_WAIT_MS = 50
"""How long shredding waits for readers at a time: meanwhile nobody can write, and votes of all servers wait."""

SHRED_TURNS, SHRED_REST = 20, 0.2
"""How often one call tries, and the seconds between, in which others write."""

ASKED, LAST = "to be written anew", "written anew at"
"""What the program remembers of it, by name (`db/engine/app_state.py`)."""


def ask(connection: sqlite3.Connection) -> None:
    """Have the file written anew, as part of the unit of work that erases something; a crash does not forget it."""
    connection.execute(PUT, (ASKED, secrets.token_hex(8)))


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
        asked = connection.execute(GET, (ASKED,)).fetchone()
        if asked is None or (serving and path.stat().st_size > SERVING_BYTES):
            return None
        if serving and (last := _last(connection)) <= now < last + EVERY:
            return last + EVERY
        connection.execute("VACUUM")
        connection.execute(DROP, (ASKED, *asked))  # one that was asked for meanwhile has another value
        connection.execute(PUT, (LAST, to_text(now)))
        again = connection.execute(GET, (ASKED,)).fetchone()
    shred(path)
    return now + EVERY if again else None


def shred(path: Path) -> bool:
    """Move the write-ahead log into the file and cut it to nothing; False if a long read still needs it."""
    try:
        with contextlib.closing(opening.connect(path)) as connection:
            connection.execute(f"PRAGMA busy_timeout={SHRED_WAIT_MS}")
            for turn in range(SHRED_TURNS):
                if turn:
                    time.sleep(SHRED_REST)
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return True
    except sqlite3.Error as error:
        log.warning("what was erased is still on disk: %s", error)
    return False


def _last(connection: sqlite3.Connection) -> datetime:
    row = connection.execute(GET, (LAST,)).fetchone()
    return from_text(row[0] if row else "2015-01-01T00:00:00.000Z")
