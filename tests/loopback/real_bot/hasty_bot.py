"""The real bot with one fault, for tests that must notice it: people are answered before the commit."""

import sqlite3
import sys
import time
from typing import Any

from bot import cli
from db.engine import writer

LATE = 0.1
"""Seconds by which each commit follows its answers."""

_commit = writer._commit


class _Late:
    """A connection that delivers the results of a batch before it commits them."""

    def __init__(self, connection: sqlite3.Connection, batch: list[Any]) -> None:
        self._connection, self._batch = connection, batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """Run one statement; a commit late."""
        if sql == "COMMIT":
            writer._deliver(self._batch)
            time.sleep(LATE)
        return self._connection.execute(sql, *parameters)


def hasty(connection: sqlite3.Connection, batch: list[Any]) -> None:
    """Stand in for the writer's own commit."""
    _commit(_Late(connection, batch), batch)  # type: ignore[arg-type]  # as much of a connection as the writer uses


if __name__ == "__main__":
    writer._commit = hasty
    sys.exit(cli.main(["run"]))
