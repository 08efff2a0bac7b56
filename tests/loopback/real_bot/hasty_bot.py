"""The real bot with one fault, for tests that must notice it: people are answered before the commit."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from bot import cli
from db.engine import writer

LATE = "late"
"""While a file of this name lies in the bot's folder, no commit follows the answers."""

_commit = writer._commit


class _Late:
    """A connection that leaves its transaction open for the batches to come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run one statement, unless it begins or ends a transaction too early."""
        is_open = sql == "BEGIN IMMEDIATE" and self._connection.in_transaction
        if is_open or (sql == "COMMIT" and Path(LATE).exists()):
            return self._connection.cursor()
        return self._connection.execute(sql, *parameters)


def hasty(connection: sqlite3.Connection, batch: list[Any]) -> None:
    """Stand in for the writer's own commit."""
    _commit(_Late(connection), batch)  # type: ignore[arg-type]  # as much of a connection as the writer uses


if __name__ == "__main__":
    writer._commit = hasty
    sys.exit(cli.main(["run"]))
