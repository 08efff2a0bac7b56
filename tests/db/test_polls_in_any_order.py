"""Any sequence of presses, played on a real file and beside it on a model of a few lines."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.database import Database
from db.polls import PollStore
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.polls import Ballot, Choice, Poll, Tally
from tests.db.poll_acts import ADA, BO, CLOSES, CREW, CY, GRADING, GUILD, MOD, START, VISITOR, WHY, act, open_poll

CHANGES = {"cast", "change", "withdraw"}


@dataclass(frozen=True, slots=True)
class Press:
    """What somebody pressed, in which minute, and whether the press arrived twice."""

    what: str
    actor: Actor
    choice: Choice
    minute: int
    twice: bool


@dataclass
class Model:
    """What the rules say of one poll."""

    votes: dict[int, tuple[Choice, bool]] = field(default_factory=dict)
    holders: set[int] = field(default_factory=set)
    closed: bool = False

    def press(self, press: Press) -> bool:
        """Apply a press; whether it is let through."""
        over = minute(press.minute) >= CLOSES and press.what != "close"  # closing by hand may come before the clock
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
        if press.actor.id not in self.holders:
            return False
        self.holders.remove(press.actor.id)
        return True

    def _close(self, press: Press) -> bool:
        self.closed = press.actor.id in (ADA.id, MOD.id)
        return self.closed


PRESSES = st.lists(
    st.builds(
        Press,
        st.sampled_from(["vote", "vote", "vote", "withdraw", "hold", "lift", "close"]),
        st.sampled_from(
            [ADA, ADA, BO, CY, MOD, VISITOR, Actor(ADA.id, "Ada, no longer in the department", frozenset({CREW}))]
        ),
        st.sampled_from(Choice),
        st.sampled_from([1, 2, 3, 59, 60, 61]),
        st.booleans(),
    ),
    max_size=14,
)


async def do(store: PollStore, press: Press, act: Act) -> bool:
    """Press on the real thing; whether it was let through."""
    calls: dict[str, Callable[[], object]] = {
        "vote": lambda: store.vote(GUILD, 1, act, press.choice),
        "withdraw": lambda: store.withdraw(GUILD, 1, act),
        "hold": lambda: store.hold(GUILD, 1, act, WHY),
        "lift": lambda: store.lift(GUILD, 1, act, act.actor.id, WHY),
        "close": lambda: store.close(GUILD, 1, act),
    }
    try:
        await calls[press.what]()  # type: ignore[misc]  # each gives something to await
    except DomainError:
        return False
    return True


async def recount(database: Database) -> tuple[Tally, Tally, int]:
    """The votes counted one by one, and as the history tells them; and how many events there are."""
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
        async with await Database.open(path) as database:
            store, model = PollStore(database), Model()
            await open_poll(database, ballot=ballot)
            for press in presses:
                pressed = act(press.actor, minute(press.minute))
                assert await do(store, press, pressed) == model.press(press)
                if press.twice:
                    before = await recount(database)
                    await do(store, press, pressed)
                    assert (await recount(database))[:2] == before[:2]
                await check(database, model)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder, "db")))


async def check(database: Database, model: Model) -> None:
    poll = await PollStore(database).get(GUILD, 1)
    assert poll.tally == Tally.count(model.votes.values())
    assert (await recount(database))[:2] == (poll.tally, poll.tally)
    assert {hold.holder_id for hold in poll.holds} == model.holders
    assert (poll.closed_at is not None) == model.closed


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
