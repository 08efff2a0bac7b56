"""Any row of acts on sign-offs: what one person's answer is judged by says the same of it as the whole state does."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.decision_log.store import DecisionStore
from db.decision_log.voids import VoidStore
from db.engine import opening
from db.engine.database import Database
from db.my_data.store import MyDataStore
from db.signoffs import rows
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import NewEntry, Person
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import Correction
from domain.signoffs.state import SignoffState, answer_request, tell_client
from tests.db.decision_log.log_world import CAMERA, DP, GUILD, act, request

CREW = (
    replace(DP, moderator=True),
    Actor(21, "Rafi", frozenset({CAMERA}), ("Camera",)),
    Actor(22, "Tove", frozenset(), ("Direction",)),
)
FIRST, LAST = 2, 12
"""The first request, which comes after the question, and the highest number of an entry that anything is done to."""


@dataclass(frozen=True, slots=True)
class Step:
    """A thing done to entry `number` by `actor`; `other` is whoever else it needs."""

    what: str
    actor: Actor
    other: Actor
    number: int
    cut: int
    verdict: SignoffVerdict


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["ask", *["answer"] * 4, "why", "withdraw", "void", "tell", "mend", "leave"]),
        st.sampled_from(CREW),
        st.sampled_from(CREW),
        st.just(FIRST) | st.integers(FIRST, LAST),
        st.integers(1, 3),
        st.sampled_from(SignoffVerdict),
    ),
    min_size=6,
    max_size=24,
)


class Play:
    """The steps on a real file."""

    def __init__(self, database: Database) -> None:
        self.store, self.database = SignoffStore(database), database

    async def do(self, step: Step) -> None:
        with suppress(DomainError):
            await getattr(self, step.what)(step, act(step.actor))

    async def ask(self, step: Step, once: Act) -> None:
        opener, other = Person.of(step.actor), Person.of(step.other)
        asked = replace(request(cut=step.cut, roles=(CAMERA,)), opener=opener, users=(opener, other))
        await self.store.open(GUILD, once, asked)

    async def answer(self, step: Step, once: Act) -> None:
        await self.store.answer(GUILD, step.number, once, step.verdict)

    async def why(self, step: Step, once: Act) -> None:
        await self.store.add_reason(GUILD, step.number, once, f"Look {once.interaction_id}")

    async def withdraw(self, step: Step, once: Act) -> None:
        author = (await DecisionStore(self.database).entry(GUILD, step.number)).person
        actor = next((actor for actor in CREW if author and actor.id == author.id), step.actor)
        await self.store.withdraw(GUILD, step.number, replace(once, actor=actor))

    async def tell(self, step: Step, once: Act) -> None:
        await self.store.tell_client(GUILD, step.number, once)

    async def mend(self, step: Step, once: Act) -> None:
        await self.store.correct(GUILD, step.number, once, Correction("Titles", step.cut, "", ""))

    async def void(self, step: Step, once: Act) -> None:
        await VoidStore(self.database, self.store.clear_cache).void(GUILD, step.number, once, "Test channel")

    async def leave(self, step: Step, once: Act) -> None:
        await MyDataStore(self.database, self.store.clear_cache).erase(GUILD, step.actor.id, once.at)


def judged(read: Callable[[int], SignoffState], number: int, once: Act) -> Iterator[NewEntry | str]:
    """What everything that the person may do would come to: the entry, or the refusal."""
    for do in (
        *(partial(answer_request, act=once, verdict=verdict) for verdict in SignoffVerdict),
        partial(tell_client, act=once),
    ):
        try:
            yield do(read(number))
        except DomainError as error:
            yield str(error)


@settings(max_examples=60)
@given(STEPS)
def test_an_answer_is_judged_as_if_all_had_been_read(steps: list[Step]) -> None:
    async def play(path: Path) -> None:
        async with await Database.open(path) as database:
            played = Play(database)
            await played.ask(Step("ask", CREW[0], CREW[2], 0, 1, SignoffVerdict.SIGNED), act(CREW[0]))
            for step in steps:
                await played.do(step)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "db")
        asyncio.run(play(path))
        with closing(opening.connect(path)) as connection:
            for actor in CREW:
                whole = partial(rows.read_state, connection, GUILD)
                own = partial(rows.RowCache().read_state_for, connection, GUILD, user_id=actor.id)
                for number in range(FIRST, LAST + 1):
                    once = act(actor)
                    assert list(judged(own, number, once)) == list(judged(whole, number, once))
