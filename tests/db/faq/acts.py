"""What the tests of the FAQ's stores share: moderators, acts, entries."""

from datetime import UTC, datetime, timedelta
from typing import Any

from db.engine.database import Database
from db.faq.entries import FaqEntryStore
from db.faq.queue import FaqQueueStore
from db.faq.store import FaqStore
from domain.faq.knowledge import load_essays
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import FormText, entry_from_form
from domain.people import Act, Actor

HERE, ELSEWHERE = 1, 2
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
MOD, OTHER_MOD = Actor(5, "Mo", moderator=True), Actor(6, "Ola", moderator=True)
ESSAYS = load_essays()


def act(interaction_id: int, actor: Actor = MOD, *, days: float = 0) -> Act:
    """An interaction, one second after the last."""
    return Act(interaction_id, START + timedelta(seconds=interaction_id, days=days), actor)


def entry(question: str = "Where can trucks park?", answer: str = "Behind hall 4.", **text: str) -> FaqEntry:
    """An entry as a form makes it."""
    return entry_from_form(FormText(question, answer, **text))


def stores(database: Database) -> tuple[FaqStore, FaqEntryStore, FaqQueueStore]:
    """The three stores of a database."""
    return FaqStore(database), FaqEntryStore(database), FaqQueueStore(database)


async def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    async with database.snapshot() as snapshot:
        return await snapshot.all(sql)
