"""Removing erased data from the pages of the file and of its log.

SQLite overwrites a deleted row (`secure_delete`), but not old copies of it that were left when its page was split or
filled up and rows moved to another page. Those go only when the file is rewritten.
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

MIN_INTERVAL = timedelta(days=1)
"""Time between rewrites while people are served: nobody can keep the file busy by erasing again and again."""

SERVING_BYTES = 200 * 1024 * 1024
"""The largest file that is rewritten then; units wait about a second for 100 MB. Larger ones wait for a restart."""

SHRED_WAIT_MS = 50
"""How long one attempt to shred waits for readers; nobody can write meanwhile."""

SHRED_ATTEMPTS, SHRED_PAUSE = 20, 0.2
"""How often one call tries, and the seconds between attempts, in which others write."""

REQUESTED, LAST = "to be written anew", "written anew at"
"""Names in `app_state`, as stored files have them."""


def request_rewrite(connection: sqlite3.Connection) -> None:
    """Request a rewrite inside the unit of work that erases something, so that a crash does not lose the request."""
    connection.execute(PUT, (REQUESTED, secrets.token_hex(8)))


def rewrite(path: Path, now: datetime, *, serving: bool) -> datetime | None:
    """Rewrite the file if that was requested; it takes as much disk space again while it lasts.

    Args:
        path: The database.
        now: When.
        serving: Whether people are served meanwhile.

    Returns:
        When to call again; None if there is nothing to do before the next start.

    Raises:
        sqlite3.Error: there is no room for it, or somebody writes for too long; the request stays.
    """
    with contextlib.closing(opening.connect(path)) as connection:
        requested = connection.execute(GET, (REQUESTED,)).fetchone()
        if requested is None or (serving and path.stat().st_size > SERVING_BYTES):
            return None
        if serving and (last := _last(connection)) <= now < last + MIN_INTERVAL:
            return last + MIN_INTERVAL
        connection.execute("VACUUM")
        connection.execute(DROP, (REQUESTED, *requested))  # a newer request has another value
        connection.execute(PUT, (LAST, to_text(now)))
        again = connection.execute(GET, (REQUESTED,)).fetchone()
    shred(path)
    return now + MIN_INTERVAL if again else None


def shred(path: Path) -> bool:
    """Move the write-ahead log into the file and empty it; return False if a long read still needs it."""
    try:
        with contextlib.closing(opening.connect(path)) as connection:
            connection.execute(f"PRAGMA busy_timeout={SHRED_WAIT_MS}")
            for attempt in range(SHRED_ATTEMPTS):
                if attempt:
                    time.sleep(SHRED_PAUSE)
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return True
    except sqlite3.Error as error:
        log.warning("what was erased is still on disk: %s", error)
    return False


def _last(connection: sqlite3.Connection) -> datetime:
    row = connection.execute(GET, (LAST,)).fetchone()
    return from_text(row[0] if row else "2015-01-01T00:00:00.000Z")
