"""Locks that end with the process: one bot for each database file, one shard at a time that identifies.

A claim is SQLite's exclusive lock on a small file. It ends with the process, even by kill -9, and works on every system
that SQLite runs on.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from db.engine import opening
from db.engine.errors import UnusableDatabase
from db.migrations import LATEST


class Claim:
    """A lock file that no other process can claim until this one releases it."""

    def __init__(self, held: sqlite3.Connection) -> None:
        self._held = held

    @classmethod
    def on(cls, path: Path) -> "Claim | None":
        """Claim the file at `path`, which is created if needed; None if another process has it.

        Raises:
            OSError, sqlite3.Error: the file cannot be created or locked.
        """
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return None
            raise
        return cls(connection)

    def release(self) -> None:
        """Release the lock, so that another process can claim the file."""
        self._held.close()


@contextlib.contextmanager
def occupied(path: Path) -> Iterator[None]:
    """Claim the database file at `path` for this process while the block runs.

    Two bots on one file would block each other's writes and answer each press twice. Reading, exporting and backing up
    need no claim.

    Raises:
        UnusableDatabase: another process has it, or the folder cannot be written.
    """
    real = path.resolve()  # a link and its target are one database
    file = real.with_name(f"{real.name}.in-use")
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        claim = Claim.on(file)
    except (OSError, sqlite3.Error) as error:
        raise UnusableDatabase(
            f"{file} cannot be written ({opening.reason(error)}): make it and its folder writable for this user."
        ) from error
    if claim is None:
        raise UnusableDatabase(
            f"{path} is in use by another bot process. Stop that one first, or give this one a "
            "DATABASE_PATH of its own."
        )
    try:
        yield
    finally:
        claim.release()


def occupied_to_upgrade(path: Path) -> contextlib.AbstractContextManager[None]:
    """Claim the file only if opening would migrate it, since a bot of an older version may still use it.

    Raises:
        UnusableDatabase: the file was refused.
    """
    is_old = os.path.lexists(path) and opening.inspect(path) < LATEST
    return occupied(path) if is_old else contextlib.nullcontext()
