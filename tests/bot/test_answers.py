"""Each server's matcher is built once for each version, off the event loop, from vectors that survive a restart."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot import answers as answering
from bot.answers import FaqAnswers
from bot.semantic import Unavailable
from bot.semantic.engine import Engine
from db.engine.database import Database
from db.engine.errors import StorageError
from db.faq.vectors import VectorStore
from domain.faq.matcher import Answer
from domain.polls.precedents import ESSAY
from domain.ranking.gate import FaqOutcome
from tests.db.faq.acts import ELSEWHERE, HERE, act, entry, rows, stores

ASKED = "somewhere to leave the lorries"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep words from answering because the machine is busy."""
    monkeypatch.setattr(answering, "WAIT_FOR_MODEL", None)


async def add_parking(database: Database) -> None:
    _, entries, _ = stores(database)
    await entries.add(HERE, act(1), entry("Where can trucks park?", "Behind hall 4, never in front of the gate."))


def answers(database: Database, **options: Any) -> FaqAnswers:
    return FaqAnswers(stores(database)[0], VectorStore(database), **options)


async def ask(asking: FaqAnswers, guild_id: int, question: str) -> Answer:
    answer, _ = await asking.ask(guild_id, question)
    return answer


async def test_servers_without_their_own_entries_share_one_matcher(database: Database, engine: Engine) -> None:
    asking = answers(database)
    first, second = await asyncio.gather(asking.matcher(HERE), asking.matcher(ELSEWHERE))
    assert first is second
    await add_parking(database)
    assert await asking.matcher(HERE) is not first
    assert await asking.matcher(HERE) is await asking.matcher(HERE)
    assert await asking.matcher(ELSEWHERE) is first


async def test_an_entry_answers_at_once_in_its_server_and_nowhere_else(database: Database, engine: Engine) -> None:
    asking = answers(database)
    await add_parking(database)
    assert (await ask(asking, HERE, ASKED)).ranked[0].question == "Where can trucks park?"
    assert (await ask(asking, ELSEWHERE, "Where can trucks park?")).outcome is FaqOutcome.UNKNOWN
    assert (await asking.suggest(HERE, "truck"))[0].question == "Where can trucks park?"


async def test_a_restart_computes_no_vector_again(
    database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_parking(database)
    before = await ask(answers(database), HERE, ASKED)
    read: list[str] = []
    monkeypatch.setattr(engine, "read", read.extend)
    after = await ask(answers(database), HERE, ASKED)
    assert (after, read) == (before, [])
    assert len(await rows(database, "SELECT 1 FROM faq_vector")) == 2


async def test_vectors_of_a_removed_entry_are_removed_too(database: Database, engine: Engine) -> None:
    await add_parking(database)
    asking = answers(database)
    await asking.matcher(HERE)
    _, entries, _ = stores(database)
    await entries.undo(HERE, act(2), 1)
    await asking.matcher(HERE)
    assert await rows(database, "SELECT 1 FROM faq_vector") == []


async def test_questions_are_answered_even_if_vectors_cannot_be_stored(database: Database, engine: Engine) -> None:
    class Broken(VectorStore):
        async def load(self, *_: object) -> dict[bytes, bytes]:
            raise StorageError("disk full")

        async def keep(self, *_: object) -> None:
            raise StorageError("disk full")

    await add_parking(database)
    asking = FaqAnswers(stores(database)[0], Broken(database))
    assert (await ask(asking, HERE, ASKED)).ranked[0].question == "Where can trucks park?"


async def test_while_hundreds_of_entries_are_read_questions_are_answered_by_words(
    database: Database, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "WAIT_FOR_MODEL", 0)
    await add_parking(database)
    asking = answers(database)
    meanwhile = await asking.matcher(HERE)
    assert meanwhile.ask("Where can trucks park?").entry
    while (matcher := await asking.matcher(HERE)) is meanwhile:  # noqa: ASYNC110 - a thread builds it, which sets no event
        await asyncio.sleep(0.01)
    assert matcher.ask(ASKED).ranked[0].question == "Where can trucks park?"
    assert matcher.ask(ASKED).score != meanwhile.ask(ASKED).score


async def test_no_more_servers_are_kept_than_fit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "SERVERS_KEPT", 1)
    asking = answers(database, by_meaning=False)
    shared = await asking.matcher(ELSEWHERE)
    await add_parking(database)
    await asking.matcher(HERE)
    assert await asking.matcher(ELSEWHERE) is not shared


@pytest.mark.parametrize("fault", [ImportError("onnxruntime"), Unavailable("another model"), OSError("gone")])
async def test_without_the_model_words_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    def fail() -> Engine:
        raise fault

    monkeypatch.setattr(answering, "load_engine", fail)
    asking = answers(database, by_meaning=True)
    assert (await ask(asking, HERE, "what are happy accidents?")).ranked[0].id == "happy-accidents"
    assert (await asking.nearest("denoise dialogue", ESSAY))[0].task == "a first clean-up of audio"
    assert len([record for record in caplog.records if "by words alone" in record.message]) == 1


async def test_a_fault_while_building_is_not_kept(database: Database, engine: Engine) -> None:
    asking = answers(database)
    await add_parking(database)
    whole = engine.matcher

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("once")

    engine.matcher = fail  # type: ignore[assignment]  # a fault that no input can cause
    try:
        with pytest.raises(sqlite3.OperationalError):
            await ask(asking, HERE, ASKED)
    finally:
        engine.matcher = whole  # type: ignore[method-assign]
    assert (await ask(asking, HERE, ASKED)).ranked[0].question == "Where can trucks park?"


def test_nothing_that_answers_touches_the_network(engine: Engine) -> None:
    folder = Path(answering.__file__).parent / "semantic"
    words = ("socket", "urllib", "http", "requests", "aiohttp")
    assert not [path for path in folder.glob("*.py") if any(f"import {word}" in path.read_text() for word in words)]
