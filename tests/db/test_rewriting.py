"""Rows move from page to page as a table grows; what is erased is to be gone from every page that they were on."""

import asyncio
import contextlib
import random
from datetime import timedelta

from db import opening, rewriting
from db.database import Database
from db.my_data import MyDataStore
from db.polls import PollStore
from domain.people import Actor
from domain.polls import Choice, Draft
from tests.db.log_world import EDITOR, GUILD, NOON, act

LATER = NOON + timedelta(hours=1)


async def crowd(database: Database, seed: int = 0) -> list[Actor]:
    """People who have voted and said why, then said something else: rows grew, and pages were split in their midst."""
    polls, chance = PollStore(database), random.Random(seed)
    draft = Draft.of(task="Roto", details="", opens_at=NOON, closes_at=NOON + timedelta(days=1), quorum=3)
    poll_id = (await polls.open(GUILD, act(EDITOR), 5, draft)).poll_id
    people = [Actor(chance.randrange(10**17, 10**18), f"Extra {seed} {number}") for number in range(250)]
    await asyncio.gather(*(polls.vote(GUILD, poll_id, act(person), Choice.ABSTAIN) for person in people))
    for _ in range(3):
        told = chance.sample(people, len(people))
        whys = {person: f"{person.name} says {'so ' * chance.randrange(1, 90)}" for person in told}
        await asyncio.gather(*(polls.add_reason(GUILD, poll_id, act(person), whys[person]) for person in told))
    return people


def copies(database: Database, people: list[Actor]) -> list[str]:
    """What is left of people on disk."""
    files = [file.read_bytes() for file in database.path.parent.glob(f"{database.path.name}*")]
    names = [word for person in people for word in (f"{person.name} says", str(person.id))]
    return [name for name in names if any(name.encode() in data for data in files)]


def asked(database: Database) -> bool:
    """Whether the file has yet to be written anew."""
    with contextlib.closing(opening.connect(database.path)) as connection:
        return connection.execute(rewriting.ASKED).fetchone() is not None


async def test_whoever_is_erased_is_on_no_page_that_their_rows_were_moved_from(database: Database) -> None:
    crowds = [await crowd(database, seed) for seed in range(3)]
    gone, staying = [one for some in crowds for one in some[:200]], [one for some in crowds for one in some[200:]]
    for person in gone:
        await MyDataStore(database).erase(GUILD, person.id, LATER)
    with contextlib.closing(opening.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert copies(database, gone), "no row was ever moved, so this proves nothing"
    assert await database.shred()
    assert copies(database, gone) == []
    assert len(copies(database, staying)) > len(staying), "others are as they were"


async def test_the_file_is_written_anew_for_those_alone_who_were_erased(database: Database) -> None:
    people, store = await crowd(database), MyDataStore(database)
    await store.erase(GUILD, 5, LATER)
    assert not asked(database), "nothing was kept of them"
    for person in people[:3]:
        await store.erase(GUILD, person.id, LATER)
    assert asked(database)
    await database.shred()
    assert not asked(database)
    before = database.path.read_bytes()
    await database.shred()
    assert database.path.read_bytes() == before
