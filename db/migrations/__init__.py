"""Numbered SQL files, each applied once and in one transaction that also sets `user_version`."""

import re
import sqlite3
from pathlib import Path

_NAME = re.compile(r"(\d{3})_\w+\.sql")


def _numbered() -> dict[int, Path]:
    files = {int(match[1]): path for path in Path(__file__).parent.iterdir() if (match := _NAME.fullmatch(path.name))}
    if sorted(files) != list(range(1, len(files) + 1)):
        raise RuntimeError(f"migrations must be numbered from 001 without gaps, found {sorted(files)}")
    return files


MIGRATIONS = _numbered()
LATEST = len(MIGRATIONS)
"""The schema version that this program reads and writes."""


def apply_migrations(connection: sqlite3.Connection) -> int:
    """Bring an open database up to `LATEST` and return how many migrations that took.

    A migration that fails leaves the database as it was before it.

    Raises:
        sqlite3.Error: a migration failed.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number in range(version + 1, LATEST + 1):
        script = MIGRATIONS[number].read_text(encoding="utf-8")
        try:
            # executescript commits whatever is open, so the transaction has to be part of the script
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version={number};\nCOMMIT;")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return max(0, LATEST - version)
