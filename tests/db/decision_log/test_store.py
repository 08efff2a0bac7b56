"""The decision log on disk: what it refuses to forget, and how it is read."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.decision_log import rows as decision_rows
from db.decision_log.store import DecisionStore
from db.engine import opening
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.signoffs.store import SignoffStore
from domain.decision_log.chain import GENESIS
from domain.decision_log.entries import EntryType, NewEntry
from domain.errors import DomainError
from domain.export.filters import Filter, Kind
from domain.proof.reports import Integrity, Report
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import CAMERA, DIRECTOR, DP, EDITOR, GUILD, NOON, OTHER_GUILD, act, request

VERDICTS = st.sampled_from(list(SignoffVerdict))


@pytest.fixture
def signoffs(database: Database) -> SignoffStore:
    return SignoffStore(database)


@pytest.fixture
def log(database: Database) -> DecisionStore:
    return DecisionStore(database)


@pytest.fixture
def exports(database: Database) -> ExportStore:
    return ExportStore(database)


async def _fill(signoffs: SignoffStore, guild_id: int = GUILD, *, answers: int = 3) -> None:
    opened = await signoffs.open(guild_id, act(EDITOR), request(roles=(CAMERA,)))
    for turn in range(answers):
        verdict = (SignoffVerdict.REVISE, SignoffVerdict.SIGNED)[turn % 2]
        await signoffs.answer(guild_id, opened.entry.seq, act(DIRECTOR), verdict)


def _verify(log: LogReader) -> Report:
    return log.verify()


async def test_an_empty_log_has_no_head(log: DecisionStore) -> None:
    assert await log.head(GUILD) == (0, GENESIS)
    assert (await log.entries(GUILD)).entries == ()


async def test_the_question_is_kept_once_before_the_first_answer(signoffs: SignoffStore, log: DecisionStore) -> None:
    await _fill(signoffs)
    await signoffs.open(GUILD, act(EDITOR), request(cut=2))
    kinds = [entry.type for entry in (await log.entries(GUILD)).entries]
    assert kinds.count(EntryType.QUESTION) == 1
    assert kinds[-1] is EntryType.QUESTION


async def test_what_is_stored_is_a_sound_chain(
    signoffs: SignoffStore, log: DecisionStore, exports: ExportStore
) -> None:
    await _fill(signoffs)
    report = await exports.read(GUILD, _verify)
    total, head = await log.head(GUILD)
    assert (report.status, report.total, report.head) == (Integrity.INTACT_UNPINNED, total, head)
    assert report.warnings == ()


async def test_each_server_has_a_log_of_its_own(
    signoffs: SignoffStore, log: DecisionStore, exports: ExportStore
) -> None:
    await _fill(signoffs)
    await _fill(signoffs, OTHER_GUILD, answers=1)
    assert (await log.head(GUILD))[0] == 5
    assert (await log.head(OTHER_GUILD))[0] == 3
    mine = await exports.read(GUILD, lambda reader: reader.log_id)
    assert mine != await exports.read(OTHER_GUILD, lambda reader: reader.log_id)
    for guild_id in (GUILD, OTHER_GUILD):
        assert (await exports.read(guild_id, _verify)).fault is None
    with pytest.raises(DomainError, match=r"decision_log\.unknown"):
        await log.entry(OTHER_GUILD, 5)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE decision_entry SET verdict = 'signed' WHERE seq = 3",
        "UPDATE decision_entry SET hash = 'x'",
        "DELETE FROM decision_entry WHERE seq = 5",
        (
            "INSERT INTO decision_entry SELECT guild_id, 9, type, at, NULL, verdict, request_seq, body, hash"
            " FROM decision_entry WHERE seq = 5"
        ),
        (
            "INSERT OR REPLACE INTO decision_entry"
            " SELECT guild_id, seq, type, at, NULL, 'signed', request_seq, body, hash FROM decision_entry WHERE seq = 3"
        ),
        "UPDATE decision_part SET value = '{}' WHERE seq = 3 AND part = 'who'",
        "UPDATE decision_part SET person_id = 1 WHERE seq = 3 AND part = 'who'",
        "UPDATE decision_part SET seq = 4 WHERE seq = 3 AND part = 'who'",
        "UPDATE decision_part SET salt = NULL WHERE seq = 3",
        "DELETE FROM decision_part",
        "INSERT INTO decision_part VALUES (100000000000000001, 3, 'text', '00', '{}', NULL, NULL)",
        (
            "INSERT OR REPLACE INTO decision_part SELECT guild_id, seq, part, salt, '{}', person_id, piece_key"
            " FROM decision_part WHERE seq = 5 AND part = 'who'"
        ),
    ],
)
async def test_the_database_refuses_to_change_the_log(
    database: Database, signoffs: SignoffStore, exports: ExportStore, tampering: str
) -> None:
    await _fill(signoffs)
    before = await exports.read(GUILD, lambda reader: list(reader.entries()))
    with closing(opening.connect(database.path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(tampering)
    assert await exports.read(GUILD, lambda reader: list(reader.entries())) == before


async def test_a_part_can_be_erased_and_the_chain_holds(
    database: Database, signoffs: SignoffStore, log: DecisionStore, exports: ExportStore
) -> None:
    await _fill(signoffs)

    def erase(connection: sqlite3.Connection) -> None:
        where = "guild_id = ? AND seq = 3 AND part = 'who'"
        connection.execute(
            f"UPDATE decision_part SET salt = NULL, value = NULL, person_id = NULL WHERE {where}", (GUILD,)
        )
        decision_rows.append(connection, GUILD, NewEntry(EntryType.ERASED, NOON, refs={"erases": [[3, "who"]]}))

    await database.write(erase)
    entry = await log.entry(GUILD, 3)
    assert entry.is_erased("who")
    assert entry.who is None
    assert (await exports.read(GUILD, _verify)).erased == 1


async def test_a_refused_act_leaves_no_entry_not_even_the_question(signoffs: SignoffStore, log: DecisionStore) -> None:
    with pytest.raises(DomainError):
        await signoffs.open(GUILD, act(EDITOR), request(cut=0))
    assert await log.head(GUILD) == (0, GENESIS)


async def test_a_page_holds_the_newest_and_says_whether_there_are_more(
    signoffs: SignoffStore, log: DecisionStore
) -> None:
    await _fill(signoffs, answers=6)
    first = await log.entries(GUILD, limit=5)
    assert ([entry.seq for entry in first.entries], first.more) == ([8, 7, 6, 5, 4], True)
    last = await log.entries(GUILD, before=4, limit=5)
    assert ([entry.seq for entry in last.entries], last.more) == ([3, 2, 1], False)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(piece="HARBOUR 30S"),
        Filter(person=DIRECTOR.id),
        Filter(verdict="signed"),
        Filter(piece="Teaser", person=DP.id, verdict="declined"),
        Filter(kind=Kind.SIGNOFFS),
        Filter(kind=Kind.POLLS),
        Filter(since=NOON, until=NOON),
        Filter(piece="no such piece"),
    ],
)
async def test_pages_hold_exactly_what_the_filter_matches(
    signoffs: SignoffStore, log: DecisionStore, exports: ExportStore, wanted: Filter
) -> None:
    await _fill(signoffs, answers=60)
    teaser = await signoffs.open(GUILD, act(EDITOR), request("Teaser", roles=(CAMERA,)))
    await signoffs.answer(GUILD, teaser.entry.seq, act(DP), SignoffVerdict.DECLINED)
    everything = await exports.read(GUILD, lambda reader: list(reader.entries()))
    expected = [entry.seq for entry in reversed(everything) if wanted.matches(entry)]
    found: list[int] = []
    page = await log.entries(GUILD, wanted, limit=7)
    while page.entries:
        found += [entry.seq for entry in page.entries]
        page = await log.entries(GUILD, wanted, before=found[-1], limit=7)
    assert found == expected


async def test_a_repeated_export_is_one_entry(log: DecisionStore, signoffs: SignoffStore) -> None:
    await _fill(signoffs)
    once = act(EDITOR)
    draft = NewEntry(EntryType.EXPORT, once.at, once.interaction_id, facts={"format": "csv"})
    first = await log.record(GUILD, draft)
    assert await log.record(GUILD, draft) == first
    assert (await log.head(GUILD))[0] == first.seq


async def test_a_reader_sees_one_moment_of_the_log(database: Database, signoffs: SignoffStore) -> None:
    await _fill(signoffs)
    log = DecisionStore(database)

    def read_twice(reader: LogReader) -> tuple[int, int]:
        first = sum(1 for _ in reader.entries())
        with closing(opening.connect(database.path)) as other:
            other.execute("BEGIN IMMEDIATE")
            decision_rows.append(other, GUILD, NewEntry(EntryType.ANCHOR, NOON))
            other.execute("COMMIT")
        return first, sum(1 for _ in reader.entries())

    assert await ExportStore(database).read(GUILD, read_twice) == (5, 5)
    assert (await log.head(GUILD))[0] == 6


@given(presses=st.lists(st.tuples(st.sampled_from([DIRECTOR, DP]), VERDICTS), max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_row_of_presses_leaves_a_sound_chain(
    signoffs: SignoffStore, exports: ExportStore, presses: list[tuple[object, SignoffVerdict]]
) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request(roles=(CAMERA,)))
    for actor, verdict in presses:
        try:
            await signoffs.answer(GUILD, opened.entry.seq, act(actor), verdict)  # type: ignore[arg-type]  # an Actor
        except DomainError as refusal:
            assert refusal.key == "signoffs.already"  # noqa: PT017 - the refusal is one of two right outcomes
    report = await exports.read(GUILD, _verify)
    assert report.fault is None
