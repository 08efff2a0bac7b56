"""Any sequence of closing, recording, replacing and voiding: the chain holds, and the line is what the log says."""

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.decision_log.voids import VoidStore
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.polls.outcomes import OutcomeStore
from db.polls.store import PollStore
from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.errors import DomainError
from domain.people import Actor
from domain.polls.outcomes import OutcomeRecord, task_key
from domain.polls.poll import Ballot, Choice, PollDraft
from domain.proof.reports import Integrity, Report
from tests.db.polls.acts import ADA, BO, CREW, CY, GRADING, GUILD, MOD, START, act

TASKS = ("Rough cut", "rough CUT", "Grade", "Pick the take")


@dataclass(frozen=True, slots=True)
class Step:
    """An act on `poll`; `other` is a second poll, where it needs one."""

    what: str
    actor: Actor
    task: str
    choice: Choice
    ballot: Ballot
    poll: int
    other: int | None
    days: int | None
    entry: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["open", "close", "due", "record", "record", "void", "void", "review", "restart"]),
        st.sampled_from([ADA, BO, MOD]),
        st.sampled_from(TASKS),
        st.sampled_from(Choice),
        st.sampled_from(Ballot),
        st.integers(1, 5),
        st.none() | st.integers(1, 5),
        st.none() | st.integers(1, 4),
        st.integers(1, 12),
    ),
    max_size=24,
)


class Play:
    """Plays steps on a real file; an hour passes with each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.told: list[tuple[int, int]] = []

    async def do(self, number: int, step: Step) -> None:
        at = START + timedelta(hours=number)
        try:
            await getattr(self, step.what)(step, at)
        except DomainError:
            return

    async def open(self, step: Step, at: datetime) -> None:
        polls = PollStore(self.database)
        draft = PollDraft(step.task, "", at + timedelta(hours=3), 1, step.ballot, GRADING, CREW)
        poll = await polls.open(GUILD, act(step.actor, at), 5, draft)
        for voter in (ADA, BO, CY):
            await polls.vote(GUILD, poll.poll_id, act(voter, at), step.choice)

    async def close(self, step: Step, at: datetime) -> None:
        await PollStore(self.database).close(GUILD, step.poll, act(step.actor, at))

    async def due(self, step: Step, at: datetime) -> None:
        await PollStore(self.database).close_due(at)

    async def record(self, step: Step, at: datetime) -> None:
        review = at + timedelta(hours=2 * step.days) if step.days else None
        made = OutcomeRecord.of(Person(9, "Nik"), at=at, conditions="If lit", review_at=review, replaces=step.other)
        await OutcomeStore(self.database).record(GUILD, step.poll, act(step.actor, at), made)

    async def void(self, step: Step, at: datetime) -> None:
        await VoidStore(self.database, lambda: None).void(GUILD, step.entry, act(MOD, at), "Not this crew's")

    async def review(self, step: Step, at: datetime) -> None:
        store = OutcomeStore(self.database)
        for guild_id, outcome, _ in await store.due_reviews(at):
            assert outcome.entry is not None
            assert outcome.stands
            self.told.append((guild_id, outcome.entry.seq))
            await store.mark_review_told(guild_id, outcome, at)

    async def restart(self, step: Step, at: datetime) -> None:
        await self.database.close()
        self.database = await Database.open(self.database.path)


def recount(entries: Iterable[LogEntry]) -> dict[int, tuple[str, int]]:
    """Return the line by the log alone, as if nothing void had ever been entered: each poll's verdict and entry."""
    log = {entry.seq: entry for entry in entries}
    void = {entry.refs["voids"] for entry in log.values() if entry.type is EntryType.VOID}
    outcomes = [entry for entry in log.values() if entry.type is EntryType.OUTCOME]
    gone = {one.facts["poll"] for one in outcomes if one.seq in void and one.facts["stage"] == "closed"}
    standing: dict[int, LogEntry] = {}
    for entry in outcomes:
        poll = entry.facts["poll"]
        if entry.seq in void or poll in gone:
            continue
        for seq in entry.refs.get("supersedes", ()):
            standing.pop(log[seq].facts["poll"], None)
        if entry.facts["stage"] == "closed":
            same = [one for one, other in standing.items() if task_key(task_of(other)) == task_key(task_of(entry))]
            for one in same:
                del standing[one]
        standing[poll] = entry
    return {poll: (str(entry.verdict), entry.seq) for poll, entry in standing.items()}


def task_of(entry: LogEntry) -> str:
    return entry.subject.task or ""


def check(log: LogReader) -> tuple[Report, dict[int, tuple[str, int]]]:
    return log.verify(), recount(log.entries())


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_chain_holds_and_the_line_is_what_the_log_says(steps: list[Step]) -> None:
    async def play(path: Path) -> None:
        database = await Database.open(path)
        played = Play(database)
        for number, step in enumerate(steps):
            await played.do(number, step)
        async with played.database:
            report, counted = await ExportStore(played.database).read(GUILD, check)
            assert report.status is not Integrity.BROKEN, report.fault
            line = [one for one in await OutcomeStore(played.database).line(GUILD) if one.stands]
            found = await OutcomeStore(played.database).outcomes_of(GUILD, [one.poll_id or 0 for one in line])
            entries = {outcome.poll.poll_id: outcome.entry.seq for outcome in found if outcome.entry}
            assert {one.poll_id: (one.verdict, entries[one.poll_id or 0]) for one in line} == counted
            assert len({one.task.casefold() for one in line}) == len(line)
            assert len(played.told) == len(set(played.told)), "a review was told twice"

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder, "db")))
