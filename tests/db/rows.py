"""Small units of work over the table of names and values, and what another connection sees of them."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

PUT = "INSERT INTO app_state (name, value) VALUES (?, ?)"
ORPHAN = """
    INSERT INTO poll_hold (guild_id, poll_id, event_no, holder_id, reason, held_at) VALUES (1, 999, 1, 1, 'Wait', '')
"""

Unit = Callable[[sqlite3.Connection], str]


def put(name: str, value: str = "") -> Unit:
    """A unit that adds a row and returns its name."""

    def unit(connection: sqlite3.Connection) -> str:
        connection.execute(PUT, (name, value))
        return name

    return unit


def put_then_raise(name: str, error: Exception) -> Unit:
    """A unit that adds a row and fails."""

    def unit(connection: sqlite3.Connection) -> str:
        connection.execute(PUT, (name, ""))
        raise error

    return unit


def break_the_commit(connection: sqlite3.Connection) -> str:
    """A unit that succeeds, in a batch whose commit fails: it leaves a reference to no poll for the commit to find."""
    connection.execute("PRAGMA defer_foreign_keys=ON")
    connection.execute(ORPHAN)
    return "unbroken"


class Gate:
    """A unit of work that keeps the writer busy until it is let go."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, _: sqlite3.Connection) -> str:
        self.reached.set()
        self.opened.wait()
        return "gate"

    async def reach(self) -> None:
        await asyncio.to_thread(self.reached.wait)


def names(path: Path) -> set[str]:
    """The names on disk, as a connection of its own sees them."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM app_state")}


def files(folder: Path) -> list[str]:
    """The names of the files in a folder, in order."""
    return sorted(file.name for file in folder.iterdir())
