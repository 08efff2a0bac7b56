"""The rows behind queued questions. A question that has a value in the ledger is closed."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from db.engine.database import Row
from db.faq.ledger import Ledger
from domain.errors import DomainError
from domain.faq.changes import ChangeKind, ChangeSubject
from domain.faq.queue import MOST_WORDINGS, QUEUE_LENGTH, QueuedQuestion
from domain.times import from_text, to_text

CLOSED_KEPT = timedelta(days=90)
"""How long a closed question is kept after it was last asked, so that closing it can be undone."""

_CLOSED = """
    EXISTS (SELECT 1 FROM faq_standing AS standing WHERE standing.guild_id = question.guild_id
            AND standing.subject = 'question' AND standing.key = CAST(question.question_id AS TEXT))
"""
SIZE = f"SELECT COUNT(*) FROM faq_question AS question WHERE guild_id = ? AND NOT {_CLOSED}"  # noqa: S608 - from above
LAST = "SELECT COALESCE(MAX(question_id), 0) FROM faq_question WHERE guild_id = ?"
EXISTS = "SELECT 1 FROM faq_question WHERE guild_id = ? AND question_id = ?"
FIND = "SELECT question_id FROM faq_wording WHERE guild_id = ? AND topic = ?"
ADD_QUESTION = "INSERT INTO faq_question (guild_id, question_id, topic, wording) VALUES (?, ?, ?, ?)"
ADD_WORDING = "INSERT INTO faq_wording (guild_id, topic, question_id, wording) VALUES (?, ?, ?, ?)"
COUNT_WORDINGS = "SELECT COUNT(*) FROM faq_wording WHERE guild_id = ? AND question_id = ?"
WORDINGS_OF = "SELECT wording FROM faq_wording WHERE guild_id = ? AND question_id = ? ORDER BY rowid"
WORDINGS = "SELECT question_id, wording FROM faq_wording WHERE guild_id = ? ORDER BY rowid"
ADD_ASK = """
    INSERT INTO faq_question_ask (guild_id, interaction_id, question_id, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, interaction_id) DO NOTHING
"""
QUEUE = f"""
    SELECT question.question_id, COUNT(*), MAX(ask.at), (
        SELECT COUNT(*) FROM faq_waiting AS waiting
        WHERE waiting.guild_id = question.guild_id AND waiting.question_id = question.question_id
    )
    FROM faq_question AS question
    JOIN faq_question_ask AS ask ON ask.guild_id = question.guild_id AND ask.question_id = question.question_id
    WHERE question.guild_id = ? AND NOT {_CLOSED}
    GROUP BY question.question_id ORDER BY COUNT(*) DESC, MAX(ask.at) DESC, question.question_id
"""  # noqa: S608 - from above
ADD_ASKER = """
    INSERT INTO faq_waiting (guild_id, question_id, user_id, channel_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, question_id, user_id) DO UPDATE SET channel_id = excluded.channel_id, entry_id = NULL
"""
SET_ANSWER = "UPDATE faq_waiting SET entry_id = ? WHERE guild_id = ? AND question_id = ?"
DROP_ASKERS = "DELETE FROM faq_waiting WHERE guild_id = ? AND question_id = ?"
DROP_ASKER = "DELETE FROM faq_waiting WHERE guild_id = ? AND question_id = ? AND user_id = ?"
DUE = """
    SELECT waiting.guild_id, waiting.question_id, user_id, channel_id, entry_id, question.wording
    FROM faq_waiting AS waiting
    JOIN faq_question AS question
    ON question.guild_id = waiting.guild_id AND question.question_id = waiting.question_id
    WHERE entry_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM faq_standing AS standing WHERE standing.guild_id = waiting.guild_id
        AND standing.subject = 'question' AND standing.key = CAST(waiting.question_id AS TEXT)
    ) ORDER BY waiting.guild_id, waiting.question_id, channel_id, user_id
"""
OLD = f"""
    SELECT question.guild_id, question.question_id FROM faq_question AS question
    JOIN faq_question_ask AS ask ON ask.guild_id = question.guild_id AND ask.question_id = question.question_id
    WHERE {_CLOSED} GROUP BY question.guild_id, question.question_id HAVING MAX(ask.at) < ?
"""  # noqa: S608 - from above
DROP_QUESTION = tuple(
    f"DELETE FROM {table} WHERE guild_id = ? AND question_id = ?"  # noqa: S608 - names from here
    for table in ("faq_waiting", "faq_wording", "faq_question_ask", "faq_question")
)


def find(connection: sqlite3.Connection, guild_id: int, topic: str) -> int | None:
    """Return the question that has this folded wording."""
    found = connection.execute(FIND, (guild_id, topic)).fetchone()
    return int(found[0]) if found else None


def is_open(ledger: Ledger, question_id: int) -> bool:
    """Return whether the question exists and waits."""
    exists = ledger.connection.execute(EXISTS, (ledger.guild_id, question_id)).fetchone()
    return bool(exists) and ledger.get(ChangeSubject.QUESTION, str(question_id)) is None


def add_question(connection: sqlite3.Connection, guild_id: int, topic: str, wording: str) -> int:
    """Put a new question on the queue and return its number.

    Raises:
        DomainError: faq.queue_full.
    """
    if connection.execute(SIZE, (guild_id,)).fetchone()[0] >= QUEUE_LENGTH:
        raise DomainError("faq.queue_full", limit=QUEUE_LENGTH)
    number = int(connection.execute(LAST, (guild_id,)).fetchone()[0]) + 1
    connection.execute(ADD_QUESTION, (guild_id, number, topic, wording))
    connection.execute(ADD_WORDING, (guild_id, topic, number, wording))
    return number


def add_wording(connection: sqlite3.Connection, guild_id: int, question_id: int, topic: str, wording: str) -> int:
    """Store another wording of a question, unless it has many, and return the question's number."""
    if connection.execute(COUNT_WORDINGS, (guild_id, question_id)).fetchone()[0] < MOST_WORDINGS:
        connection.execute(ADD_WORDING, (guild_id, topic, question_id, wording))
    return question_id


def wordings_of(ledger: Ledger, question_id: int) -> list[str]:
    """Return a question's wordings, first one first."""
    return [wording for (wording,) in ledger.connection.execute(WORDINGS_OF, (ledger.guild_id, question_id))]


def close(ledger: Ledger, question_id: int, kind: ChangeKind, *, answered_by: str | None = None) -> None:
    """Close a question; those who wait for its answer become due, or are deleted if there is none."""
    ledger.put(ChangeSubject.QUESTION, str(question_id), kind)
    if answered_by is None:
        ledger.connection.execute(DROP_ASKERS, (ledger.guild_id, question_id))
    else:
        ledger.connection.execute(SET_ANSWER, (answered_by, ledger.guild_id, question_id))


def questions_of(counted: Sequence[Row], wordings: Sequence[Row]) -> list[QueuedQuestion]:
    """Return questions from rows of `QUEUE` and `WORDINGS`."""
    texts: dict[int, list[str]] = {}
    for number, wording in wordings:
        texts.setdefault(number, []).append(wording)
    return [
        QueuedQuestion(number, tuple(texts[number]), asked, from_text(at), waiting)
        for number, asked, at, waiting in counted
    ]


def sweep(connection: sqlite3.Connection, at: datetime) -> None:
    """Delete closed questions that nobody has asked for `CLOSED_KEPT`."""
    for old in connection.execute(OLD, (to_text(at - CLOSED_KEPT),)).fetchall():
        for statement in DROP_QUESTION:
            connection.execute(statement, old)
