"""Any sequence of changes and undos, played on a real file and beside it on a model of a few lines."""

import asyncio
import contextlib
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.engine.database import Database
from db.faq.entries import FaqEntryStore
from domain.errors import DomainError
from domain.faq.changes import Change
from domain.faq.entry_files import read_file, write_file
from domain.faq.knowledge import KnowledgeError, parse_entries
from domain.faq.matcher import FaqEntry
from tests.db.faq.acts import ESSAYS, HERE, act, entry, rows, stores

QUESTIONS = ("Lunch?", "Parking?", "Wrap?")
ESSAY = ESSAYS[0]
State = dict[str, FaqEntry | None]


@dataclass(frozen=True, slots=True)
class Step:
    """What a moderator does: to which entry, with which text, or to which earlier change."""

    what: str
    place: int
    text: str
    back: int


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(["add", "edit", "remove", "undo", "undo"]),
        st.integers(0, len(QUESTIONS)),
        st.sampled_from(["One.", "Two."]),
        st.integers(1, 4),
    ),
    max_size=14,
)


@dataclass
class Model:
    """The states that the changes left, the first one empty, and which entry each one touched."""

    states: list[State] = field(default_factory=lambda: [{}])
    changes: list[dict[str, tuple[FaqEntry | str | None, FaqEntry | str | None]]] = field(default_factory=list)
    undoes: list[int | None] = field(default_factory=list)

    @property
    def now(self) -> State:
        return self.states[-1]

    def apply(self, after: State, undoes: int | None = None) -> bool:
        """Note a change, if it is one."""
        names = {*self.now, *after}
        touched = {n: (self.now.get(n, "none"), after.get(n, "none")) for n in names}
        touched = {n: pair for n, pair in touched.items() if pair[0] != pair[1]}
        if not touched:
            return False
        self.states.append(after)
        self.changes.append(touched)
        self.undoes.append(undoes)
        return True

    def undo(self, number: int) -> bool:
        """Undo the change of that number, counted from 1, if nothing that stands came after it on its entries."""
        touched = self.changes[number - 1]
        for name in touched:
            history = [n for n, change in enumerate(self.changes, 1) if name in change]
            standing: list[int] = []
            for n in history:
                if standing and self.undoes[n - 1] == standing[-1]:
                    standing.pop()
                else:
                    standing.append(n)
            if number not in {history[-1], *standing[-1:]}:
                return False
        after = {name: entry for name, entry in self.now.items() if name not in touched}
        for name, (before, _) in touched.items():
            if not isinstance(before, str):
                after[name] = before
        return self.apply(after, number)

    def step(self, step: Step) -> bool:
        """Whether the step is let through."""
        subject = subject_of(step)
        if step.what == "undo":
            number = len(self.changes) + 1 - step.back
            return number >= 1 and self.undo(number)
        stands, essay = subject.id in self.now, subject.id == ESSAY.id
        if step.what == "add":
            return not stands and not essay and self.apply({**self.now, subject.id: subject})
        if not (stands or essay):
            return False
        if step.what == "edit":
            return self.apply({**self.now, subject.id: subject})
        after = {name: entry for name, entry in self.now.items() if name != subject.id}
        return self.apply(after if stands else {**after, subject.id: None})


def subject_of(step: Step) -> FaqEntry:
    if step.place == len(QUESTIONS):
        return replace(entry("Ours?", step.text), id=ESSAY.id)
    return entry(QUESTIONS[step.place], step.text)


async def do(store: FaqEntryStore, step: Step, number: int, changes: list[Change]) -> bool:
    """The step on the real thing; whether it was let through."""
    subject = subject_of(step)
    try:
        if step.what == "undo":
            if len(changes) < step.back:
                return False
            changes.append(await store.undo(HERE, act(number), changes[-step.back].change_id))
        elif step.what == "add":
            if subject.id == ESSAY.id:
                return False  # an essay's entry is edited; adding makes another id
            changes.append(await store.add(HERE, act(number), subject))
        elif step.what == "edit":
            base = await store.last_change_of(HERE, subject.id)
            changes.append(await store.edit(HERE, act(number), subject, base))
        else:
            changes.append(await store.remove(HERE, act(number), subject.id))
    except DomainError:
        return False
    return True


async def folded(database: Database) -> dict[str, str]:
    """What the revisions come to, one after the other."""
    told: dict[str, str] = {}
    for key, before, after in await rows(database, "SELECT key, before, after FROM faq_revision ORDER BY change_id"):
        assert told.get(key) == before
        told.pop(key, None)
        if after is not None:
            told[key] = after
    return told


async def play(steps: list[Step], folder: Path) -> None:
    async with await Database.open(folder / "faq.sqlite3") as database:
        _, store, _ = stores(database)
        model, changes = Model(), list[Change]()
        for number, step in enumerate(steps):
            assert await do(store, step, number + 1, changes) == model.step(step), step
            assert await store.own(HERE) == model.now
        assert dict(await rows(database, "SELECT key, value FROM faq_standing")) == await folded(database)
        assert [change.change_id for change in changes] == list(range(1, len(changes) + 1))


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_any_sequence_of_changes_and_undos_folds_to_what_stands(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(steps, Path(folder)))


LINES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
IMPORTS = st.lists(
    st.fixed_dictionaries(
        {"question": LINES, "answer": st.text(min_size=1, max_size=200)},
        optional={"alternates": st.lists(LINES, max_size=3), "source": LINES | st.fixed_dictionaries({"title": LINES})},
    ),
    max_size=4,
)


@given(IMPORTS)
def test_what_was_read_and_written_is_read_again_the_same(data: list[dict[str, object]]) -> None:
    entries: dict[str, FaqEntry] = {}
    for number, item in enumerate(data):
        with contextlib.suppress(KnowledgeError):
            [read] = parse_entries([{**item, "id": f"entry-{number}"}])
            entries.setdefault(read.question.casefold(), read)
    assert parse_entries(read_file("x.json", write_file(entries.values()))) == tuple(entries.values())
