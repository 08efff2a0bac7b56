"""Any sequence of presses, played on a real file and on a model of a few lines."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.engine.database import Database
from db.polls.store import PollStore
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.polls.poll import Ballot, Choice, Poll, PollVerdict, Tally
from tests.db.polls.acts import ADA, BO, CLOSES, CREW, CY, GRADING, GUILD, MOD, START, VISITOR, WHY, act, open_poll

CHANGES = {"cast", "change", "withdraw"}


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody pressed, in which minute, and whether the press arrived twice; `other` is whose hold is lifted."""

    what: str
    actor: Actor
    choice: Choice
    minute: int
    twice: bool
    other: Actor


@dataclass
class Model:
    """What the rules say of one poll."""

    votes: dict[int, tuple[Choice, bool]] = field(default_factory=dict)
    holders: set[int] = field(default_factory=set)
    closed: bool = False
    cancelled: bool = False
    closes_at: datetime = CLOSES

    def press(self, press: Press) -> bool:
        """Apply a press and return whether it is accepted."""
        if press.what == "restart":
            return True
        over = minute(press.minute) >= self.closes_at and press.what != "close"  # by hand may come before the clock
        return not self.closed and not over and bool(getattr(self, f"_{press.what}")(press))

    def _vote(self, press: Press) -> bool:
        if CREW not in press.actor.role_ids:
            return False
        self.votes[press.actor.id] = press.choice, GRADING in press.actor.role_ids
        return True

    def _withdraw(self, press: Press) -> bool:
        return self.votes.pop(press.actor.id, None) is not None

    def _hold(self, press: Press) -> bool:
        if CREW not in press.actor.role_ids or press.actor.id in self.holders:
            return False
        self.holders.add(press.actor.id)
        return True

    def _lift(self, press: Press) -> bool:
        whose = press.other.id
        if whose not in self.holders or (whose != press.actor.id and not press.actor.moderator):
            return False
        self.holders.remove(whose)
        return True

    def _close(self, press: Press) -> bool:
        self.closed = press.actor.id in (ADA.id, MOD.id)
        return self.closed

    def _cancel(self, press: Press) -> bool:
        self.closed = self.cancelled = press.actor.id in (ADA.id, MOD.id)
        return self.closed

    def _extend(self, press: Press) -> bool:
        later = longer(press)
        if press.actor.id not in (ADA.id, MOD.id) or later <= self.closes_at:
            return False
        self.closes_at = later
        return True


def longer(press: Press) -> datetime:
    """Return the deadline that an extension asks for."""
    return minute(press.minute) + timedelta(minutes=30)


PRESSES = st.lists(
    st.builds(
        Press,
        st.sampled_from(
            [*["vote"] * 6, *["hold"] * 2, *["lift"] * 2, "withdraw", "extend", "restart", "cancel", "close"]
        ),
        st.sampled_from(
            [ADA, ADA, BO, CY, MOD, VISITOR, Actor(ADA.id, "Ada, no longer in the department", frozenset({CREW}))]
        ),
        st.sampled_from(Choice),
        st.sampled_from([1, 2, 3, 31, 59, 60, 61, 90]),
        st.booleans(),
        st.sampled_from([ADA, BO, MOD]),
    ),
    max_size=16,
)


async def do(store: PollStore, press: Press, act: Act) -> bool:
    """Press on the real store and return whether it was accepted."""
    calls: dict[str, Callable[[], object]] = {
        "vote": lambda: store.vote(GUILD, 1, act, press.choice),
        "withdraw": lambda: store.withdraw(GUILD, 1, act),
        "hold": lambda: store.hold(GUILD, 1, act, WHY),
        "lift": lambda: store.lift(GUILD, 1, act, press.other.id, WHY),
        "close": lambda: store.close(GUILD, 1, act),
        "cancel": lambda: store.cancel(GUILD, 1, act, WHY),
        "extend": lambda: store.extend(GUILD, 1, act, longer(press)),
    }
    try:
        await calls[press.what]()  # type: ignore[misc]  # each gives something to await
    except DomainError:
        return False
    return True


async def recount(database: Database) -> tuple[Tally, Tally, int]:
    """Return the votes counted one by one, the votes by the history, and the number of events."""
    async with database.snapshot() as snapshot:
        votes = await snapshot.all("SELECT choice, owner FROM poll_vote")
        events = await snapshot.all("SELECT event_no, kind, person, choice, owner FROM poll_event ORDER BY event_no")
    assert [event[0] for event in events] == list(range(1, len(events) + 1))
    told: dict[str, tuple[str | None, int]] = {}
    for _, kind, person, choice, owner in events:
        if kind in CHANGES:
            told[person] = choice, owner
    standing = [(Choice(choice), bool(owner)) for choice, owner in told.values() if choice]
    return Tally.count((Choice(choice), bool(owner)) for choice, owner in votes), Tally.count(standing), len(events)


def minute(n: int) -> datetime:
    return START + timedelta(minutes=n)


@settings(max_examples=80, deadline=None)
@given(PRESSES, st.sampled_from(Ballot))
def test_one_person_has_one_vote_whatever_is_pressed_in_whatever_order(presses: list[Press], ballot: Ballot) -> None:
    async def play(path: Path) -> None:
        model, database = Model(), await Database.open(path)
        try:
            await open_poll(database, ballot=ballot, quorum=2)
            for press in presses:
                if press.what == "restart":
                    await database.close()
                    database = await Database.open(path)
                await check_press(database, model, press)
            await check_end(database, model)
        finally:
            await database.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder, "db")))


async def check_press(database: Database, model: Model, press: Press) -> None:
    store, pressed, expected = PollStore(database), act(press.actor, minute(press.minute)), model.press(press)
    if press.what != "restart":
        assert await do(store, press, pressed) == expected
        if press.twice:
            before = await recount(database)
            await do(store, press, pressed)
            assert (await recount(database))[:2] == before[:2]
    await check(database, model)


async def check(database: Database, model: Model) -> None:
    poll = await PollStore(database).get(GUILD, 1)
    assert poll.tally == Tally.count(model.votes.values())
    assert (await recount(database))[:2] == (poll.tally, poll.tally)
    assert {hold.holder_id for hold in poll.holds} == model.holders
    assert (poll.closed_at is not None, poll.cancelled) == (model.closed, model.cancelled)
    assert poll.draft.closes_at == model.closes_at
    assert (poll.result is not None) == (model.closed and not model.cancelled)


async def check_end(database: Database, model: Model) -> None:
    """Let the clock close what is open: execution wins exactly when every condition holds, never what was cancelled."""
    store, votes = PollStore(database), [choice for choice, _ in model.votes.values()]
    owners = [choice for choice, owner in model.votes.values() if owner]
    await store.close_due(model.closes_at)
    poll = await store.get(GUILD, 1)
    wins = (
        not model.cancelled
        and len(votes) >= 2
        and not model.holders
        and votes.count(Choice.EXECUTION) > votes.count(Choice.JUDGMENT)
        and owners.count(Choice.JUDGMENT) <= owners.count(Choice.EXECUTION)
    )
    assert (poll.result is not None) != model.cancelled
    assert (poll.result is not None and poll.result.verdict is PollVerdict.EXECUTION) == wins
    assert await store.unannounced(START) == [(GUILD, poll)]
    async with database.snapshot() as snapshot:
        assert await snapshot.all("SELECT salt FROM poll") == [(None,)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([ADA, BO, CY]), st.sampled_from([*Choice, None])), max_size=30))
def test_presses_at_the_same_moment_leave_one_vote_for_each_person(presses: list[tuple[Actor, Choice | None]]) -> None:
    async def play(path: Path) -> None:
        async with await Database.open(path) as database:
            store = PollStore(database)
            await open_poll(database)

            async def press(actor: Actor, choice: Choice | None) -> Poll | None:
                pressed = act(actor)
                doing = store.vote(GUILD, 1, pressed, choice) if choice else store.withdraw(GUILD, 1, pressed)
                try:
                    return (await doing)[0]
                except DomainError:  # nothing to withdraw
                    return None

            answers = await asyncio.gather(*(press(actor, choice) for actor, choice in presses))
            votes, history, _ = await recount(database)
            poll = await store.get(GUILD, 1)
            assert poll.tally == votes == history
            assert poll.tally.turnout == len(await store.votes(GUILD, 1)) <= 3
            if answers and answers[-1]:
                assert answers[-1].tally == poll.tally

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder, "db")))
