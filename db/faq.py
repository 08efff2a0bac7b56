"""The FAQ in SQL: feedback on answers and the moderators' queue. Who asked is never stored."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from db.database import Database
from domain.errors import DomainError
from domain.faq import Matcher
from domain.knowledge import load_essays
from domain.people import Act
from domain.text import clean_line
from domain.times import from_text, to_text

QUESTION_LENGTH = 300
QUEUE_LENGTH = 500
"""Different questions that a server's queue holds at most."""

ADD_FEEDBACK = """
    INSERT INTO faq_feedback (guild_id, interaction_id, entry_id, helpful, at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, interaction_id) DO NOTHING
"""
FEEDBACK = """
    SELECT COALESCE(SUM(helpful), 0), COUNT(*) FROM faq_feedback WHERE guild_id = ? AND entry_id = ?
"""
QUEUE_SIZE = "SELECT COUNT(*), COALESCE(MAX(question_id), 0) FROM faq_question WHERE guild_id = ?"
FIND_QUESTION = "SELECT question_id FROM faq_question WHERE guild_id = ? AND topic = ?"
ADD_QUESTION = "INSERT INTO faq_question (guild_id, question_id, topic, wording) VALUES (?, ?, ?, ?)"
ADD_ASK = """
    INSERT INTO faq_question_ask (guild_id, interaction_id, question_id, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, interaction_id) DO NOTHING
"""
QUEUE = """
    SELECT question.question_id, question.wording, COUNT(*), MAX(ask.at)
    FROM faq_question AS question
    JOIN faq_question_ask AS ask ON ask.guild_id = question.guild_id AND ask.question_id = question.question_id
    WHERE question.guild_id = ?
    GROUP BY question.question_id, question.wording ORDER BY COUNT(*) DESC, MAX(ask.at) DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """A question that the FAQ did not answer, and how often it was asked."""

    question_id: int
    wording: str
    asked: int
    last_asked_at: datetime


class FaqStore:
    """What the FAQ knows, and what it keeps for each server.

    Raises:
        KnowledgeError: the essays' entries are malformed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._essays = Matcher(load_essays())

    def matcher(self, _guild_id: int) -> Matcher:
        """What answers questions in a server."""
        return self._essays

    async def add_feedback(self, guild_id: int, act: Act, entry_id: str, *, helpful: bool) -> None:
        """Count that an answer helped or did not; a repeated interaction counts once."""

        def unit(connection: sqlite3.Connection) -> None:
            values = (guild_id, act.interaction_id, entry_id, int(helpful), to_text(act.at))
            connection.execute(ADD_FEEDBACK, values)

        await self._database.write(unit)

    async def feedback(self, guild_id: int, entry_id: str) -> tuple[int, int]:
        """How many found an answer helpful, of how many who said."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(FEEDBACK, (guild_id, entry_id))
        return (int(row[0]), int(row[1])) if row else (0, 0)

    async def queue_question(self, guild_id: int, act: Act, wording: str) -> None:
        """Put a question on the moderators' queue; the same question, however capitalised, is one row with a count.

        Raises:
            DomainError: faq.no_question, faq.queue_full.
        """
        wording = clean_line(wording)[:QUESTION_LENGTH]
        topic = wording.casefold().strip(" ?!.")
        if not topic:
            raise DomainError("faq.no_question")

        def unit(connection: sqlite3.Connection) -> None:
            found = connection.execute(FIND_QUESTION, (guild_id, topic)).fetchone()
            question_id = found[0] if found else _add_question(connection, guild_id, topic, wording)
            connection.execute(ADD_ASK, (guild_id, act.interaction_id, question_id, to_text(act.at)))

        await self._database.write(unit)

    async def queue(self, guild_id: int, limit: int = 20) -> list[QueuedQuestion]:
        """The queue, most asked first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(QUEUE, (guild_id, limit))
        return [QueuedQuestion(number, wording, asked, from_text(at)) for number, wording, asked, at in found]


def _add_question(connection: sqlite3.Connection, guild_id: int, topic: str, wording: str) -> int:
    size, last = connection.execute(QUEUE_SIZE, (guild_id,)).fetchone()
    if size >= QUEUE_LENGTH:
        raise DomainError("faq.queue_full", limit=QUEUE_LENGTH)
    connection.execute(ADD_QUESTION, (guild_id, last + 1, topic, wording))
    return int(last) + 1
