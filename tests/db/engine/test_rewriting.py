"""What is erased is gone from every page of the file that its rows were ever on, and from memory."""

import asyncio
import contextlib
import gc
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from db.engine import opening, rewriting
from db.engine.app_state_rows import GET
from db.engine.database import Database
from db.engine.rewriting import MIN_INTERVAL
from db.my_data.store import MyDataStore
from db.polls.store import PollStore
from db.servers import ServerStore
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import LogEntry, Person
from domain.people import Actor
from domain.polls.poll import Choice, PollDraft
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import EDITOR, GUILD, NOON, act, request

LATER = NOON + timedelta(hours=1)
ZELDA = Actor(31, "Zelda Quillwright", frozenset(), ("Direction",))


async def crowd(database: Database, seed: int = 0) -> list[Actor]:
    """People who have voted and said why, then said something else: rows grew, and pages were split in their midst."""
    polls, chance = PollStore(database), random.Random(seed)
    draft = PollDraft.of(task="Roto", details="", opens_at=NOON, closes_at=NOON + timedelta(days=1), quorum=3)
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
        return connection.execute(GET, (rewriting.REQUESTED,)).fetchone() is not None


async def test_whoever_is_erased_is_on_no_page_that_their_rows_were_moved_from(database: Database) -> None:
    crowds = [await crowd(database, seed) for seed in range(3)]
    gone, staying = [one for some in crowds for one in some[:200]], [one for some in crowds for one in some[200:]]
    for person in gone:
        await MyDataStore(database, SignoffStore(database).clear_cache).erase(GUILD, person.id, LATER)
    with contextlib.closing(opening.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert copies(database, gone), "no row was ever moved, so this proves nothing"
    assert await database.rewrite(LATER) is None
    assert copies(database, gone) == []
    assert len(copies(database, staying)) > len(staying), "others are as they were"


async def test_the_file_is_written_anew_for_those_alone_who_were_erased(database: Database) -> None:
    people, store = await crowd(database), MyDataStore(database, SignoffStore(database).clear_cache)
    await store.erase(GUILD, 5, LATER)
    assert not asked(database), "nothing was kept of them"
    for person in people[:3]:
        await store.erase(GUILD, person.id, LATER)
    assert asked(database)
    assert await database.rewrite(LATER) is None
    assert not asked(database)
    before = database.path.read_bytes()
    assert await database.rewrite(LATER + MIN_INTERVAL) is None
    assert database.path.read_bytes() == before


async def test_nobody_keeps_the_file_busy_by_erasing_again_and_again(database: Database) -> None:
    people, store = await crowd(database), MyDataStore(database, SignoffStore(database).clear_cache)
    await store.erase(GUILD, people[0].id, LATER)
    assert await database.rewrite(LATER) is None
    await store.erase(GUILD, people[1].id, LATER)
    assert await database.rewrite(LATER + timedelta(hours=1)) == LATER + MIN_INTERVAL
    assert asked(database)
    assert await database.rewrite(LATER + MIN_INTERVAL) is None
    assert not asked(database)


async def test_a_large_file_is_written_anew_at_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await crowd(database)
    await MyDataStore(database, SignoffStore(database).clear_cache).erase(GUILD, people[0].id, LATER)
    await database.shred()
    monkeypatch.setattr(rewriting, "SERVING_BYTES", database.path.stat().st_size - 1)
    assert await database.rewrite(LATER) is None
    assert asked(database)
    assert await database.rewrite(LATER, serving=False) is None
    assert not asked(database)


async def sign(database: Database) -> SignoffStore:
    """Let Zelda sign what she has asked for herself; the store keeps the rows for the next person who signs."""
    signoffs, asked = SignoffStore(database), replace(request(), opener=Person.of(ZELDA), users=(Person.of(ZELDA),))
    await signoffs.answer(
        GUILD, (await signoffs.open(GUILD, act(ZELDA), asked)).entry.seq, act(ZELDA), SignoffVerdict.SIGNED
    )
    return signoffs


def names_in_memory() -> set[str]:
    """Return the names in entries that the process still has in memory."""
    gc.collect()
    entries = (one for one in gc.get_objects() if isinstance(one, LogEntry))
    return {entry.person.name for entry in entries if entry.person}


async def test_a_person_who_is_erased_is_in_no_cached_row(database: Database) -> None:
    signoffs = await sign(database)
    assert ZELDA.name in names_in_memory()
    await MyDataStore(database, signoffs.clear_cache).erase(GUILD, ZELDA.id, LATER)
    assert ZELDA.name not in names_in_memory()


async def test_a_purged_server_is_in_no_cached_row(database: Database) -> None:
    signoffs = await sign(database)
    assert ZELDA.name in names_in_memory()
    await ServerStore(database, signoffs.clear_cache).purge(GUILD, LATER)
    assert ZELDA.name not in names_in_memory()
