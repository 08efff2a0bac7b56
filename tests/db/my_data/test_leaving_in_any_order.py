"""Anybody may leave at any point of any row of acts: the chain, the tallies and the disk must bear it."""

import tempfile
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db.decision_log.store import DecisionStore
from db.decision_log.voids import VoidStore
from db.engine import opening
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.my_data.store import MyDataStore
from db.polls.store import PollStore
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.polls.poll import Ballot, Choice, PollDraft
from domain.proof.reports import Report
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import Correction
from tests.db.decision_log.log_world import CAMERA, GUILD, NOON, request
from tests.db.my_data.remains import remains

CREW = tuple(
    Actor(700_000_000_000_000_001 + 7 * number, f"Zq{name}", frozenset({CAMERA}), ("Camera",), moderator=True)
    for number, name in enumerate(("Amber", "Birch", "Cedar"))
)
PEOPLE = st.sampled_from(CREW)
POLLS = st.integers(1, 3)
TITLES = Correction("Titles", 2, "", "")
NUMBERS = st.one_of(st.just(2), st.integers(2, 9))
EPOCH_MS = 1_420_070_400_000


@dataclass
class Run:
    """A server in the middle of a row of acts."""

    database: Database
    left: set[Actor] = field(default_factory=set)
    pins: list[str] = field(default_factory=list)
    turns: Any = field(default_factory=lambda: count(1))

    def act(self, actor: Actor) -> Act:
        """A new interaction; whoever left and acts again is there again."""
        self.left.discard(actor)
        at = NOON + timedelta(seconds=next(self.turns))
        return Act((round(at.timestamp() * 1000) - EPOCH_MS) << 22, at, actor)

    def why(self, actor: Actor) -> str:
        """A reason that nobody else gives."""
        return f"{actor.name} says no, number {next(self.turns)}"


Step = Callable[[Run], Coroutine[Any, Any, Any]]


async def _signoff(run: Run, actor: Actor, others: list[Actor]) -> None:
    asked = replace(request(roles=(CAMERA,)), opener=Person.of(actor), users=tuple(map(Person.of, others)))
    run.left -= set(others)
    await SignoffStore(run.database).open(GUILD, run.act(actor), asked)


async def _poll(run: Run, actor: Actor, ballot: Ballot) -> None:
    draft = PollDraft("Conform the edit", "", NOON + timedelta(days=9), 1, ballot)
    await PollStore(run.database).open(GUILD, run.act(actor), 5, draft)


async def _vote(run: Run, actor: Actor, poll_id: int, choice: Choice) -> None:
    await PollStore(run.database).vote(GUILD, poll_id, run.act(actor), choice)
    await PollStore(run.database).add_reason(GUILD, poll_id, run.act(actor), run.why(actor))


async def _decide(run: Run, actor: Actor, number: int, verdict: SignoffVerdict) -> None:
    await SignoffStore(run.database).answer(GUILD, number, run.act(actor), verdict)
    await SignoffStore(run.database).add_reason(GUILD, number, run.act(actor), run.why(actor))


async def _leave(run: Run, actor: Actor) -> None:
    await MyDataStore(run.database, SignoffStore(run.database).clear_cache).erase(GUILD, actor.id, run.act(actor).at)
    run.left.add(actor)


def _leaving(actor: Actor) -> Step:
    return lambda run: _leave(run, actor)


def _opening(ballot: Ballot) -> Step:
    return lambda run: _poll(run, CREW[1], ballot)


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda a, o: lambda run: _signoff(run, a, o), PEOPLE, st.lists(PEOPLE, max_size=3, unique=True)),
    st.builds(lambda a, b: lambda run: _poll(run, a, b), PEOPLE, st.sampled_from(Ballot)),
    st.builds(lambda a, p, c: lambda run: _vote(run, a, p, c), PEOPLE, POLLS, st.sampled_from(Choice)),
    st.builds(
        lambda a, n, v: lambda run: _decide(run, a, n, v), PEOPLE, NUMBERS, st.sampled_from(list(SignoffVerdict))
    ),
    st.builds(lambda a, p: lambda run: PollStore(run.database).hold(GUILD, p, run.act(a), run.why(a)), PEOPLE, POLLS),
    st.builds(lambda a, p: lambda run: PollStore(run.database).close(GUILD, p, run.act(a)), PEOPLE, POLLS),
    st.builds(
        lambda a, n: (
            lambda run: VoidStore(run.database, SignoffStore(run.database).clear_cache).void(
                GUILD, n, run.act(a), run.why(a)
            )
        ),
        PEOPLE,
        st.integers(1, 9),
    ),
    st.builds(
        lambda a, n: lambda run: SignoffStore(run.database).correct(GUILD, n, run.act(a), TITLES),
        PEOPLE,
        NUMBERS,
    ),
    st.builds(_leaving, PEOPLE),
)


PROLOGUE: tuple[Step, ...] = (
    lambda run: _signoff(run, CREW[0], list(CREW)),
    *map(_opening, Ballot),
)
"""Something to act on: sign-off 2 and a poll of each kind."""


@given(st.lists(STEPS, min_size=4, max_size=24), PEOPLE)
@settings(max_examples=40, deadline=None)
async def test_anyone_may_leave_at_any_point(steps: list[Step], last: Actor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "db"
        async with await Database.open(path) as database:
            run = Run(database)
            for step in [*PROLOGUE, *steps, _leaving(last)]:
                with suppress(DomainError):
                    await step(run)
                total, head = await DecisionStore(database).head(GUILD)
                run.pins += [f"{total}:{head}"] if total else []
            await _check(run, path)


async def _check(run: Run, path: Path) -> None:
    def verify(log: LogReader) -> Report:
        return log.verify(run.pins)

    report = await ExportStore(run.database).read(GUILD, verify)
    assert report.fault is None
    assert await run.database.shred()
    for actor in run.left:
        assert remains(path, actor.name, person_id=actor.id) == []
        assert (await MyDataStore(run.database, SignoffStore(run.database).clear_cache).data_of(GUILD, actor.id)).empty
    with closing(opening.connect(path)) as connection:
        for (poll_id,) in connection.execute("SELECT poll_id FROM poll").fetchall():
            _recount(connection, poll_id)


def _recount(connection: Any, poll_id: int) -> None:
    kept = connection.execute("SELECT execution, judgment, abstain FROM poll WHERE poll_id = ?", (poll_id,)).fetchone()
    counted = dict(
        connection.execute("SELECT choice, COUNT(*) FROM poll_vote WHERE poll_id = ? GROUP BY choice", (poll_id,))
    )
    assert kept == tuple(counted.get(choice, 0) for choice in ("execution", "judgment", "abstain"))
