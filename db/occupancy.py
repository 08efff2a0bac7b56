"""One bot to a file: a second process that would write to the same database is refused."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from db.errors import UnusableDatabase


@contextlib.contextmanager
def occupied(path: Path) -> Iterator[None]:
    """Keep the database file at `path` to this process while the block runs.

    Two bots on one file would starve each other of the write lock and answer each press twice. The claim is SQLite's
    own exclusive lock on a small file beside the database, which ends with the process however that ends, kill -9
    included, and holds on every system that SQLite runs on. Reading, exporting and backing up need no claim.

    Raises:
        UnusableDatabase: another process holds it, or the folder cannot be written.
    """
    claim = path.with_name(f"{path.name}.in-use")
    try:
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(claim, timeout=0, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise UnusableDatabase(f"{claim} cannot be created: its folder is not writable for this user.") from error
    with contextlib.closing(connection):
        _claim(connection, path)
        yield


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UnusableDatabase(
                f"{path} is in use by another bot process. Stop that one first, or give this one a DATABASE_PATH of "
                "its own."
            ) from error
        raise UnusableDatabase(f"{path} cannot be claimed for this process ({error}).") from error
