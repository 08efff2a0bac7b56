"""A crew that votes: who they are, a poll to vote on, and acts at a given second."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from db.engine.database import Database
from db.polls.store import PollStore
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.polls.poll import Ballot, Poll, PollDraft

GUILD, OTHER_GUILD = 100, 200
GRADING, CREW = 11, 12
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
CLOSES = START + timedelta(hours=1)
ADA = Actor(1, "Ada", frozenset({GRADING, CREW}))
BO = Actor(2, "Bo", frozenset({CREW}))
CY = Actor(3, "Cy", frozenset({CREW}))
MOD = Actor(4, "Mo", frozenset({CREW}), moderator=True)
VISITOR = Actor(5, "Vi")
TABLES = ("poll", "poll_vote", "poll_hold", "poll_event")
WHY = "The sky looks bought."

_interactions = count(1000)


def act(actor: Actor, at: datetime = START) -> Act:
    """Make a new interaction."""
    return Act(next(_interactions), at, actor)


async def open_poll(
    database: Database, *, ballot: Ballot = Ballot.OPEN, quorum: int = 1, closes_at: datetime = CLOSES
) -> Poll:
    """Open a poll that Ada's department owns and the crew may vote on."""
    draft = PollDraft("Rotoscope the crowd", "", closes_at, quorum, ballot, GRADING, CREW)
    return await PollStore(database).open(GUILD, act(ADA), 5, draft)


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is stored of polls."""
    async with database.snapshot() as snapshot:
        return {table: await snapshot.all(f"SELECT * FROM {table}") for table in TABLES}


async def refusal(doing: object) -> str:
    """Return the key with which a call of the store is refused."""
    with pytest.raises(DomainError) as caught:
        await doing  # type: ignore[misc]  # always a call of the store
    return caught.value.key
