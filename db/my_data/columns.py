"""Where tables name people, and how each column forgets one; for the decision log see `db/decision_log/erasure.py`.

A new column that names a person needs a new line here: `/my-data export` then shows its rows and `/my-data erase`
runs its statement. A test compares this list with the tables.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from db.polls import rows as poll_rows
from domain.my_data import PersonalRow


class PersonalColumn(NamedTuple):
    """A column that names people, and the statement that forgets one (`:guild`, `:person`)."""

    table: str
    column: str
    forget: str


COLUMNS = (
    PersonalColumn(
        "poll_vote",
        "voter",
        """
        UPDATE poll_vote SET voter = 'erased-' || LOWER(HEX(RANDOMBLOB(8))), reason = NULL
        WHERE guild_id = :guild AND voter = :person
        """,  # the vote itself stays: the tally of a closed poll is a recount of its votes
    ),
    PersonalColumn(
        "poll_event",
        "person",
        "UPDATE poll_event SET person = NULL, reason = NULL WHERE guild_id = :guild AND person = :person",
    ),
    PersonalColumn(
        "poll_hold",
        "holder_id",
        """
        UPDATE poll_hold SET holder_id = -event_no, holder_name = NULL, reason = ''
        WHERE guild_id = :guild AND holder_id = :person
        """,
    ),
    PersonalColumn(
        "poll_hold",
        "lifted_by",
        "UPDATE poll_hold SET lifted_by = NULL, lift_reason = NULL WHERE guild_id = :guild AND lifted_by = :person",
    ),
    PersonalColumn(
        "poll",
        "opener_id",
        "UPDATE poll SET opener_id = 0, opener_name = NULL WHERE guild_id = :guild AND opener_id = :person",
    ),
    PersonalColumn(
        "poll",
        "cancelled_by",
        "UPDATE poll SET cancelled_by = 0, cancel_reason = NULL WHERE guild_id = :guild AND cancelled_by = :person",
    ),
    PersonalColumn(
        "poll_outcome",
        "decider_id",
        "UPDATE poll_outcome SET decider_id = NULL WHERE guild_id = :guild AND decider_id = :person",
    ),
    PersonalColumn(
        "faq_change",
        "editor_id",
        "UPDATE faq_change SET editor_id = NULL WHERE guild_id = :guild AND editor_id = :person",
    ),
    PersonalColumn("faq_draft", "author_id", "DELETE FROM faq_draft WHERE guild_id = :guild AND author_id = :person"),
    PersonalColumn("faq_waiting", "user_id", "DELETE FROM faq_waiting WHERE guild_id = :guild AND user_id = :person"),
    PersonalColumn(
        "signoff_draft", "author_id", "DELETE FROM signoff_draft WHERE guild_id = :guild AND author_id = :person"
    ),
    PersonalColumn(
        "erasure_due", "person_id", "DELETE FROM erasure_due WHERE guild_id = :guild AND person_id = :person"
    ),
)
"""In the order in which they run: a vote's reason goes before the event that repeats it."""

OPEN_SECRETS = "SELECT salt FROM poll WHERE guild_id = ? AND salt IS NOT NULL"
FORGET_NAMED_IN_DRAFTS = "DELETE FROM signoff_draft WHERE guild_id = ? AND INSTR(signers, ?) > 0"


def aliases(connection: sqlite3.Connection, guild_id: int, person_id: int) -> list[str]:
    """Return every name of a person in the tables: the id, and what open secret ballots make of it."""
    salts = connection.execute(OPEN_SECRETS, (guild_id,)).fetchall()
    return [str(person_id), *(poll_rows.secret_key(salt, person_id) for (salt,) in salts)]


def personal_rows(connection: sqlite3.Connection, guild_id: int, person_id: int) -> Iterator[PersonalRow]:
    """Yield every row outside the log that names a person."""
    known = aliases(connection, guild_id, person_id)
    seen = set()
    for table, column, _ in COLUMNS:
        for alias in known:
            cursor = connection.execute(f"SELECT * FROM {table} WHERE guild_id = ? AND {column} = ?", (guild_id, alias))  # noqa: S608 - names from above
            names = [name for name, *_ in cursor.description]
            for row in cursor:
                values = tuple(
                    (name, value) for name, value in zip(names, row, strict=True) if name not in {"guild_id", "salt"}
                )
                if (table, values) not in seen:
                    seen.add((table, values))
                    yield PersonalRow(table, values)


def forget(connection: sqlite3.Connection, guild_id: int, person_id: int) -> dict[str, int]:
    """Erase a person from every table but the log's; return how many of their rows each had."""
    counts: dict[str, int] = {}
    for alias in aliases(connection, guild_id, person_id):
        for table, _, statement in COLUMNS:
            changed = connection.execute(statement, {"guild": guild_id, "person": alias}).rowcount
            counts[table] = counts.get(table, 0) + changed
    connection.execute(FORGET_NAMED_IN_DRAFTS, (guild_id, f'"id": "{person_id}"'))
    return counts
