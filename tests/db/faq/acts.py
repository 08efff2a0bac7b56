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
    """Make an interaction, as many seconds after `START` as its id says."""
    return Act(interaction_id, START + timedelta(seconds=interaction_id, days=days), actor)


def entry(question: str = "Where can trucks park?", answer: str = "Behind hall 4.", **text: str) -> FaqEntry:
    """Make an entry as a form does."""
    return entry_from_form(FormText(question, answer, **text))


def stores(database: Database) -> tuple[FaqStore, FaqEntryStore, FaqQueueStore]:
    """Return the three stores of a database."""
    return FaqStore(database), FaqEntryStore(database), FaqQueueStore(database)


async def rows(database: Database, sql: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    async with database.snapshot() as snapshot:
        return await snapshot.all(sql)


async def ratings(database: Database, guild_id: int, entry_id: str) -> tuple[int, int]:
    """Return how many people found an answer helpful, of how many who rated it."""
    sql = "SELECT helpful FROM faq_feedback WHERE guild_id = ? AND entry_id = ?"
    async with database.snapshot() as snapshot:
        found = [helpful for (helpful,) in await snapshot.all(sql, (guild_id, entry_id))]
    return sum(found), len(found)
