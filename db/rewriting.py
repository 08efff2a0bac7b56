"""Leaving nothing of what was erased in the pages of the file.

SQLite overwrites a row that is deleted (`secure_delete`), but not the copies of it that stayed behind when its page was
split or filled up and rows moved to another one. Those go only when the file is written anew.
"""

import sqlite3

ASK = """
    INSERT INTO app_state (name, value) VALUES ('to be written anew', HEX(RANDOMBLOB(8)))
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
ASKED = "SELECT value FROM app_state WHERE name = 'to be written anew'"
DONE = "DELETE FROM app_state WHERE name = 'to be written anew' AND value = ?"


def ask(connection: sqlite3.Connection) -> None:
    """Have the file written anew, as part of the unit of work that erases something; a crash does not forget it."""
    connection.execute(ASK)


def rewrite(connection: sqlite3.Connection) -> None:
    """Write the file anew if that was asked for: about a second for 100 MB, in which units of work wait.

    Raises:
        sqlite3.Error: there is no room for it, or somebody writes for too long; what was asked for stands.
    """
    asked = connection.execute(ASKED).fetchone()
    if asked:
        connection.execute("VACUUM")
        connection.execute(DONE, asked)  # what was asked for meanwhile has another value
