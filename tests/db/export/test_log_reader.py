"""What exports read from the database follows the rules over entries, whatever the filter."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.decision_log.store import DecisionStore
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import EntryType, NewEntry, Person
from domain.export.filters import EVERYTHING, Filter, Kind
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import CAMERA, DIRECTOR, DP, EDITOR, GUILD, NOON, OTHER_GUILD, act, request

TIMES = st.none() | st.integers(-2, 40).map(lambda minutes: NOON + timedelta(seconds=minutes * 10))
FILTERS = st.builds(
    Filter,
    since=TIMES,
    until=TIMES,
    piece=st.sampled_from([None, "Harbour 30s", "  HARBOUR   30S", "Teaser ß", "no such piece", "'; DROP TABLE x"]),
    person=st.sampled_from([None, DIRECTOR.id, DP.id, EDITOR.id, 99]),
    verdict=st.sampled_from([None, *SignoffVerdict, "judgment"]),
    kind=st.sampled_from(Kind),
    polls=st.sampled_from([frozenset(), frozenset({1}), frozenset({2, 3})]),
)


@pytest.fixture
async def exports(database: Database) -> ExportStore:
    """Fill a log with every kind of entry, one of them partly erased, and another server's log."""
    signoffs, store = SignoffStore(database), DecisionStore(database)
    for guild in (GUILD, OTHER_GUILD):
        opened = await signoffs.open(guild, act(EDITOR), request(roles=(CAMERA,)))
        for verdict in (SignoffVerdict.REVISE, SignoffVerdict.SIGNED, SignoffVerdict.DECLINED):
            await signoffs.answer(guild, opened.entry.seq, act(DIRECTOR), verdict)
        teaser = await signoffs.open(guild, act(EDITOR), request("Teaser SS", roles=(CAMERA,)))
        await signoffs.answer(guild, teaser.entry.seq, act(DP), SignoffVerdict.SIGNED)
        for poll, decider in ((1, DP), (2, DIRECTOR), (3, None)):
            who = Person.of(EDITOR).value() | ({"decider": Person.of(decider).value()} if decider else {})
            facts, work = {"poll": poll, "stage": "closed"}, {"task": "Voices"}
            at = NOON + timedelta(minutes=poll)
            await store.record(
                guild, NewEntry(EntryType.OUTCOME, at, None, "judgment", facts=facts, who=who, work=work)
            )
        await store.record(guild, NewEntry(EntryType.EXPORT, NOON, who=Person.of(DP).value(), work={"filter": {}}))
        await store.record(guild, NewEntry(EntryType.ERASED, NOON, refs={"erases": []}))
    return ExportStore(database)


@given(wanted=FILTERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_filter_in_sql_matches_what_the_filter_itself_does(exports: ExportStore, wanted: Filter) -> None:
    def compare(reader: LogReader) -> None:
        entries = list(reader.entries())
        asked = [entry.seq for entry in entries if wanted.matches(entry)]
        accounts = [entry.seq for entry in entries if entry.type is EntryType.ERASED and entry.seq not in asked]
        found = reader.survey(wanted)
        assert (found.shown, found.accounts, found.total) == (len(asked), len(accounts), len(entries))
        assert found.head == entries[-1].hash
        assert [int(row.seq) for row in reader.table_rows(wanted)] == asked
        rows = list(reader.proof_rows(wanted))
        assert [row.seq for row in rows] == [entry.seq for entry in entries]
        assert [row.seq for row in rows if row.shown] == sorted(asked + accounts)
        times = sorted(entry.at for entry in entries if entry.seq in asked)
        span = reader.span(wanted)
        assert (span is None) == (not times)

    await exports.read(GUILD, compare)


async def test_rows_are_the_stored_bytes(exports: ExportStore) -> None:
    def compare(reader: LogReader) -> None:
        for entry, row in zip(reader.entries(), reader.proof_rows(EVERYTHING), strict=True):
            assert (row.body.decode(), row.hash.decode()) == (entry.body, entry.hash)
            for name, salt, value in parts(row):
                part = entry.part(name)
                assert (salt, value) == ((part.salt.encode(), part.value.encode()) if part else (None, None))

    await exports.read(GUILD, compare)


def parts(row: object) -> Iterable[tuple[str, bytes | None, bytes | None]]:
    for name in ("who", "work", "text"):
        yield name, getattr(row, f"{name}_salt"), getattr(row, name)


async def test_the_weight_is_that_of_what_was_asked_for(exports: ExportStore) -> None:
    wanted = Filter(verdict=SignoffVerdict.SIGNED)

    def compare(reader: LogReader) -> None:
        asked = [entry for entry in reader.entries() if wanted.matches(entry)]
        bodies = sum(len(entry.body) for entry in asked)
        held = sum(len(part.value) for entry in asked for part in (entry.who, entry.work, entry.text) if part)
        assert reader.weigh(wanted) == (bodies, held)
        assert reader.weigh(Filter(piece="no such piece")) == (0, 0)

    await exports.read(GUILD, compare)


async def test_an_empty_log_has_nothing_to_read(exports: ExportStore) -> None:
    def compare(reader: LogReader) -> None:
        assert reader.survey(EVERYTHING).total == 0
        assert reader.survey(Filter(verdict="signed")).total == 0
        assert [*reader.proof_rows(), *reader.table_rows()] == []
        assert reader.span() is None

    await exports.read(7, compare)
