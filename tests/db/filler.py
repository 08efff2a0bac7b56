"""A row in every table that keeps something of servers, made by looking at the tables: new ones are covered unasked."""

import sqlite3
from typing import Any

from db.servers import TABLES, _children_first

CHOICES = {"part": "who", "kind": "poll", "subject": "entry"}
"""Columns that take only certain words."""

TIMES = ("at", "_at")


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables, each after those that it refers to."""
    return _children_first(connection, [name for (name,) in connection.execute(TABLES)])[::-1]


def columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """The columns of a table, with their types."""
    return {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}


def fill(connection: sqlite3.Connection, guild_id: int, **values: Any) -> None:
    """Put a row of the server into every table; `values` go into the columns of their names, or `table.column`."""
    for table in tables(connection):
        found = columns(connection, table)
        row = {name: _value(name, kind, guild_id) for name, kind in found.items()}
        row |= {name: value for name in found for key, value in values.items() if key in {name, f"{table}.{name}"}}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def _value(name: str, kind: str, guild_id: int) -> Any:
    if name == "guild_id":
        return guild_id
    if name in CHOICES:
        return CHOICES[name]
    if name in {"log_id", "interaction_id"}:  # unique in all servers
        return guild_id if kind == "INTEGER" else str(guild_id)
    if name.endswith(TIMES):
        return "2026-11-20T10:00:00.000Z"
    return {"INTEGER": 1, "TEXT": "{}", "BLOB": b"x"}[kind]
