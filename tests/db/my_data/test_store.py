"""What is stored about a person, and what is left of it after an erasure."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from db.decision_log.store import DecisionStore
from db.engine import opening
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.my_data import columns as personal
from db.my_data.store import MyDataStore
from db.polls.store import PollStore
from db.signoffs.drafts import SignoffDraftStore
from db.signoffs.store import SignoffStore
from domain.decision_log.chain import canon
from domain.decision_log.entries import EntryType, NewEntry, Person, seal
from domain.export.filters import Filter, Survey, record_export
from domain.my_data import as_json
from domain.people import Actor
from domain.polls.poll import Ballot, Choice, PollDraft
from domain.proof.reports import Integrity, Report
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.state import Status
from domain.times import to_text
from tests.db.decision_log.log_world import CAMERA, EDITOR, GUILD, NOON, OTHER_GUILD, act, request
from tests.db.filler import columns, fill, tables
from tests.db.my_data.remains import remains

WANDA = Actor(987_654_321_098_765_432, "Wanda Zylberstein", frozenset({CAMERA}), ("Quillwright",))
YORICK = Actor(876_543_210_987_654_321, "Yorick Umbral", frozenset({CAMERA}), ("Lanternist",))
WHY = "The heron in shot four has six toes."
LATER = NOON + timedelta(days=3)
CLOSES = NOON + timedelta(days=1)
PERSONAL = re.compile(r"person|voter|(opener|holder|author|editor|decider|signer|user|member|owner)_(id|name)|_by")
NOT_PEOPLE = {
    ("decision_part", "person_id"),
    ("poll_outcome", "superseded_by"),
    ("poll_outcome", "void_by"),
    ("poll_outcome", "restored_by"),
    ("poll_outcome", "changed_by"),
    ("poll", "opener_name"),
    ("poll_hold", "holder_name"),
}
"""The log has its own erasure, `superseded_by` is a poll, marks are entries, and names go with the ids next to them."""


@pytest.fixture
def store(database: Database) -> MyDataStore:
    return MyDataStore(database, SignoffStore(database).clear_cache)


@pytest.fixture
def connection(database: Database) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(opening.connect(database.path)) as opened:
        yield opened


async def open_poll(database: Database, opener: Actor, ballot: Ballot = Ballot.OPEN, guild_id: int = GUILD) -> int:
    draft = PollDraft("Clean the location sound", "", CLOSES, 1, ballot)
    return (await PollStore(database).open(guild_id, act(opener), 5, draft)).poll_id


async def live(database: Database, guild_id: int = GUILD) -> None:
    """Give Wanda a part in everything: entries 1 to 8, an open poll, a closed one, a secret one, a draft, a hold."""
    signoffs, polls = SignoffStore(database), PollStore(database)
    mine = request("Harbour 30s", roles=(CAMERA,))
    mine = replace(mine, opener=Person.of(WANDA), users=(Person.of(YORICK),))
    opened = await signoffs.open(guild_id, act(WANDA), mine)
    await signoffs.answer(guild_id, opened.entry.seq, act(YORICK), SignoffVerdict.SIGNED)
    await signoffs.answer(guild_id, opened.entry.seq, act(WANDA), SignoffVerdict.REVISE)
    await signoffs.add_reason(guild_id, opened.entry.seq, act(WANDA), WHY)
    theirs = replace(request("Titles"), users=(Person.of(WANDA), Person.of(YORICK)))
    await signoffs.open(guild_id, act(EDITOR), theirs)
    export = record_export(
        act(YORICK), Filter(person=WANDA.id), Survey(1, 0, 6, "ab" * 32), file_format="csv", sha256=""
    )
    await DecisionStore(database).record(guild_id, export)
    drafts = SignoffDraftStore(database)
    await drafts.keep(guild_id, act(WANDA), request("Trailer"))
    await drafts.keep(guild_id, act(EDITOR), replace(request("Teaser"), users=(Person.of(WANDA),)))
    for ballot in Ballot:
        poll_id = await open_poll(database, WANDA, ballot, guild_id)
        await polls.vote(guild_id, poll_id, act(WANDA), Choice.EXECUTION)
        await polls.vote(guild_id, poll_id, act(YORICK), Choice.EXECUTION)
    await polls.add_reason(guild_id, 1, act(WANDA), WHY)
    await polls.hold(guild_id, 1, act(WANDA), WHY)
    await polls.hold(guild_id, 2, act(WANDA), WHY)
    await polls.close(guild_id, 1, act(WANDA))


async def verify(database: Database, *pins: str, guild_id: int = GUILD) -> Report:
    def work(log: LogReader) -> Report:
        return log.verify(pins)

    return await ExportStore(database).read(guild_id, work)


async def pins_of(database: Database) -> list[str]:
    found = (await DecisionStore(database).entries(GUILD, limit=1000)).entries
    return [f"{entry.seq}:{entry.hash}" for entry in found]


def recount(connection: sqlite3.Connection, poll_id: int) -> tuple[int, ...]:
    counted = [
        connection.execute("SELECT COUNT(*) FROM poll_vote WHERE poll_id = ? AND choice = ?", (poll_id, choice))
        for choice in ("execution", "judgment", "abstain")
    ]
    return tuple(row.fetchone()[0] for row in counted)


async def test_an_erased_person_is_on_no_page_of_the_disk(database: Database, store: MyDataStore) -> None:
    await live(database)
    assert len(remains(database.path, WANDA.name, "Quillwright", WHY, person_id=WANDA.id)) >= 4
    await store.request_erasure([GUILD], WANDA.id, LATER)
    await store.erase(GUILD, WANDA.id, NOON + timedelta(hours=1))
    assert await database.shred()
    assert remains(database.path, WANDA.name, "Quillwright", WHY, person_id=WANDA.id) == []
    assert remains(database.path, YORICK.name, "Lanternist") != [], "others are as they were"


async def test_the_log_verifies_against_every_receipt_given_before(database: Database, store: MyDataStore) -> None:
    await live(database)
    pins = await pins_of(database)
    await store.erase(GUILD, WANDA.id, LATER)
    report = await verify(database, *pins)
    assert (report.status, report.fault, report.warnings) == (Integrity.INTACT_PINNED, None, ())
    assert report.erased == 8, "who of four entries, a reason, the filter of an export, who and words of an outcome"


async def test_others_keep_their_place_and_can_still_sign(database: Database, store: MyDataStore) -> None:
    await live(database)
    await store.erase(GUILD, WANDA.id, LATER)
    signoffs = SignoffStore(database)
    titles = await signoffs.status(GUILD, "Titles")
    assert [user.name for user in titles.request.users] == ["", YORICK.name]
    assert titles.request.opener.name == EDITOR.name
    await signoffs.answer(GUILD, titles.request.number, act(YORICK), SignoffVerdict.SIGNED)
    assert (await signoffs.get(GUILD, titles.request.number)).signed == 1
    harbour = await signoffs.status(GUILD, "Harbour 30s")
    assert (harbour.status, harbour.request.opener.id) == (Status.REVISE, 0)
    assert [user.name for user in harbour.request.users] == [YORICK.name]


async def test_the_account_names_nobody(database: Database, store: MyDataStore) -> None:
    await live(database)
    await store.erase(GUILD, WANDA.id, LATER)
    entries = (await DecisionStore(database).entries(GUILD, limit=50)).entries
    [account] = [entry for entry in entries if entry.type is EntryType.ERASED]
    assert (account.who, account.text, account.interaction) == (None, None, None)
    again = [entry for entry in entries if entry.type is EntryType.CORRECT]
    assert len(again) == 2, "what the two requests said of others is said again"


async def test_open_votes_are_withdrawn_and_closed_ones_stay_as_numbers(
    database: Database, store: MyDataStore, connection: sqlite3.Connection
) -> None:
    await live(database)
    await store.erase(GUILD, WANDA.id, NOON + timedelta(hours=1))
    polls = [await PollStore(database).get(GUILD, number) for number in (1, 2, 3)]
    assert [poll.tally.everyone[Choice.EXECUTION] for poll in polls] == [2, 1, 1]
    assert [poll.tally.turnout for poll in polls] == [sum(recount(connection, number)) for number in (1, 2, 3)]
    assert [len(poll.holds) for poll in polls] == [1, 0, 0]
    assert [poll.opener_id for poll in polls] == [0, 0, 0]
    votes = await PollStore(database).votes(GUILD, 1)
    assert sorted((vote.voter_id or 0, vote.reason) for vote in votes) == [(0, None), (YORICK.id, None)]


async def test_a_poll_past_its_deadline_keeps_the_vote_that_decides_it(database: Database, store: MyDataStore) -> None:
    await live(database)
    await store.erase(GUILD, WANDA.id, CLOSES)
    closed = dict(await PollStore(database).close_due(CLOSES + timedelta(seconds=1)))
    assert closed[GUILD].tally.turnout == 2


async def test_two_people_who_hold_one_poll_can_both_leave(database: Database, store: MyDataStore) -> None:
    poll_id = await open_poll(database, EDITOR)
    for actor in (WANDA, YORICK):
        await PollStore(database).hold(GUILD, poll_id, act(actor), WHY)
    await PollStore(database).close(GUILD, poll_id, act(EDITOR))
    for actor in (WANDA, YORICK):
        await store.erase(GUILD, actor.id, LATER)
    assert len((await PollStore(database).get(GUILD, poll_id)).holds) == 2


async def test_erasing_again_changes_nothing(database: Database, store: MyDataStore) -> None:
    await live(database)
    first = await store.erase(GUILD, WANDA.id, LATER)
    head = await DecisionStore(database).head(GUILD)
    assert (first.entries, first.votes, first.empty) == (6, 3, False)
    assert (await store.erase(GUILD, WANDA.id, LATER)).empty
    assert await DecisionStore(database).head(GUILD) == head


async def test_one_server_forgets_and_another_remembers(database: Database, store: MyDataStore) -> None:
    await live(database)
    await live(database, OTHER_GUILD)
    assert await store.servers_of(WANDA.id) == [GUILD, OTHER_GUILD]
    before = await store.data_of(OTHER_GUILD, WANDA.id)
    await store.erase(GUILD, WANDA.id, LATER)
    assert await store.servers_of(WANDA.id) == [OTHER_GUILD]
    assert await store.data_of(OTHER_GUILD, WANDA.id) == before


async def test_a_secret_vote_alone_leads_to_its_server_while_it_can_be_told(
    database: Database, store: MyDataStore
) -> None:
    poll_id = await open_poll(database, EDITOR, Ballot.SECRET)
    await PollStore(database).vote(GUILD, poll_id, act(WANDA), Choice.ABSTAIN)
    assert await store.servers_of(WANDA.id) == [GUILD]
    assert {record.table for record in (await store.data_of(GUILD, WANDA.id)).records} == {"poll_vote", "poll_event"}
    await PollStore(database).close(GUILD, poll_id, act(EDITOR))
    assert await store.servers_of(WANDA.id) == []


async def test_a_persons_data_is_everything_that_names_them_and_nothing_after_an_erasure(
    database: Database, store: MyDataStore
) -> None:
    await live(database)
    share = await store.data_of(GUILD, WANDA.id)
    assert [entry.type.value for entry in share.own] == ["request", "decision", "decision", "outcome"]
    assert [entry.type.value for entry in share.named] == ["request", "export"]
    text = as_json([share], WANDA.id, LATER).decode()
    for expected in (WHY, WANDA.name, f'"{WANDA.id}"', "Harbour 30s", "Trailer", '"poll_hold"', '"signoff_draft"'):
        assert expected in text
    await store.erase(GUILD, WANDA.id, LATER)
    assert (await store.data_of(GUILD, WANDA.id)).empty


async def test_a_requested_erasure_survives_a_restart(database: Database, store: MyDataStore) -> None:
    await live(database)
    await store.request_erasure([GUILD, OTHER_GUILD], WANDA.id, LATER)
    await store.request_erasure([GUILD], WANDA.id, LATER)
    async with await Database.open(database.path) as second:
        again = MyDataStore(second, SignoffStore(second).clear_cache)
        assert await again.due() == [(GUILD, WANDA.id), (OTHER_GUILD, WANDA.id)]
        for guild_id, person_id in await again.due():
            await again.erase(guild_id, person_id, LATER)
        assert await again.due() == []
        assert {(todo.kind, todo.number) for todo in await again.follow_ups()} == {
            ("poll", 1),
            ("poll", 2),
            ("poll", 3),
            ("signoff", 2),
            ("signoff", 6),
            ("notice", 9),
        }


async def test_moderators_learn_which_entries_and_which_copies(database: Database, store: MyDataStore) -> None:
    await live(database)
    await store.erase(GUILD, WANDA.id, LATER)
    notice = await store.notice(GUILD, 9)
    assert notice.entries == (2, 4, 5, 6, 7, 8)
    assert [entry.seq for entry in notice.exports] == [7]


def test_every_column_that_names_people_is_known(connection: sqlite3.Connection) -> None:
    known = {(table, column) for table, column, _ in personal.COLUMNS} | NOT_PEOPLE
    found = {
        (table, column)
        for table in tables(connection)
        for column in columns(connection, table)
        if PERSONAL.search(column) and "role" not in column
    }
    assert found - known == set()
    assert {(table, column) for table, column, _ in personal.COLUMNS} <= found


async def test_a_row_in_any_table_that_names_a_person_is_forgotten(
    database: Database, store: MyDataStore, connection: sqlite3.Connection
) -> None:
    who = canon(Person.of(WANDA).value())
    named: dict[str, Any] = {column: WANDA.id for _, column, _ in personal.COLUMNS}
    named["decision_part.value"] = who
    entry = seal(NewEntry(EntryType.ANCHOR, NOON), log_id="ab" * 16, seq=1)
    fill(connection, GUILD, **named, closed_at=to_text(NOON), verdict=None, body=entry.body, hash=entry.hash)
    assert remains(database.path, person_id=WANDA.id) != []
    await store.erase(GUILD, WANDA.id, LATER)
    await database.shred()
    assert remains(database.path, person_id=WANDA.id) == []
