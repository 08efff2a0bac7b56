import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import opening

EVENT = """
    INSERT INTO poll_event (guild_id, poll_id, event_no, interaction_id, at, kind, person, choice, owner, reason)
    VALUES (1, 1, 1, 9, '2026-11-20T10:00:00.000Z', 'cast', '7', 'abstain', 0, NULL)
"""
POLL = """
    INSERT INTO poll (guild_id, poll_id, interaction_id, channel_id, opener_id, task, details, quorum, ballot,
                      opened_at, closes_at, events)
    VALUES (1, 1, 1, 1, 1, 'Grade', '', 1, 'open', '2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z', 1)
"""


@pytest.fixture
def history(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Open a connection to a file with one event of one poll."""
    opening.prepare(tmp_path / "db")
    with contextlib.closing(opening.connect(tmp_path / "db")) as connection:
        connection.execute(POLL)
        connection.execute(EVENT)
        yield connection


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM poll_event",
        EVENT.replace("INSERT", "INSERT OR REPLACE").replace("'abstain'", "'judgment'"),
        EVENT.replace("INSERT", "REPLACE").replace("'abstain'", "'judgment'"),
        EVENT.replace("INSERT", "INSERT OR REPLACE").replace("1, 1, 1, 9", "1, 1, 2, 9"),  # the unique interaction
        "UPDATE OR REPLACE poll_event SET event_no = 2",
        *(
            f"UPDATE poll_event SET {column} = {value}"
            for column, value in {
                "guild_id": "2",
                "poll_id": "2",
                "event_no": "2",
                "interaction_id": "NULL",
                "at": "'2026-11-20T10:00:00.001Z'",
                "kind": "'change'",
                "person": "'8'",
                "choice": "NULL",
                "owner": "1",
                "reason": "'Because.'",
            }.items()
        ),
    ],
)
def test_the_history_of_a_poll_is_never_rewritten(history: sqlite3.Connection, sql: str) -> None:
    before = history.execute("SELECT * FROM poll_event").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        history.execute(sql)
    assert history.execute("SELECT * FROM poll_event").fetchall() == before


def test_a_person_can_be_blanked_out_of_the_history(history: sqlite3.Connection) -> None:
    history.execute("UPDATE poll_event SET person = NULL, reason = NULL")
    assert history.execute("SELECT person, kind, choice FROM poll_event").fetchall() == [(None, "cast", "abstain")]
