"""The moderators' queue on a real file: counts, closing, who is told, other servers."""

import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from db.engine import opening
from db.engine.database import Database
from db.faq.queue_rows import CLOSED_KEPT
from db.migrations import MIGRATIONS
from domain.errors import DomainError
from domain.faq.own_entries import MOST_DECOYS
from domain.faq.queue import MOST_WORDINGS, QUEUE_LENGTH
from tests.db.faq.acts import ELSEWHERE, ESSAYS, HERE, act, entry, rows, stores

PIZZA, CELLO = "best pizza in Naples", "who plays the cello"


async def test_wordings_that_a_ranker_joined_are_one_question(database: Database) -> None:
    _, _, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    await queue.ask(HERE, act(2), "Where is good pizza in Naples?", same_as=1)
    await queue.ask(HERE, act(3), "where is good PIZZA in Naples")
    await queue.ask(HERE, act(4), CELLO)
    pizza, cello = await queue.open(HERE)
    assert (pizza.asked, pizza.wordings) == (3, (PIZZA, "Where is good pizza in Naples?"))
    assert (cello.asked, cello.question_id) == (1, 2)


async def test_a_repeated_interaction_counts_once(database: Database) -> None:
    _, _, queue = stores(database)
    for _ in range(2):
        await queue.ask(HERE, act(1), PIZZA)
    assert [question.asked for question in await queue.open(HERE)] == [1]


async def test_a_group_that_was_closed_meanwhile_or_is_not_there_takes_no_wording(database: Database) -> None:
    _, _, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    await queue.dismiss(HERE, act(2), 1)
    await queue.ask(HERE, act(3), CELLO, same_as=1)
    await queue.ask(HERE, act(4), "who tunes it", same_as=99)
    assert [question.wordings for question in await queue.open(HERE)] == [("who tunes it",), (CELLO,)]


async def test_a_question_keeps_so_many_wordings_and_counts_the_rest(database: Database) -> None:
    _, _, queue = stores(database)
    for number in range(MOST_WORDINGS + 5):
        await queue.ask(HERE, act(number), f"wording {number}", same_as=1)
    [question] = await queue.open(HERE)
    assert (question.asked, len(question.wordings)) == (MOST_WORDINGS + 5, MOST_WORDINGS)


async def test_a_full_queue_says_so_and_closing_makes_room(database: Database) -> None:
    _, _, queue = stores(database)
    for number in range(QUEUE_LENGTH):
        await queue.ask(HERE, act(number), f"question {number}")
    with pytest.raises(DomainError, match=r"faq\.queue_full"):
        await queue.ask(HERE, act(QUEUE_LENGTH), "one more")
    await queue.dismiss(HERE, act(QUEUE_LENGTH + 1), 7)
    await queue.ask(HERE, act(QUEUE_LENGTH + 2), "one more")
    assert len(await queue.open(HERE)) == QUEUE_LENGTH


async def test_not_covered_keeps_every_wording_as_a_decoy(database: Database) -> None:
    faq, entries, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    await queue.ask(HERE, act(2), "Pizza? In Naples?", same_as=1)
    closed = await queue.mark_not_covered(HERE, act(3), 1)
    assert sorted((await faq.knowledge(HERE)).decoys) == ["Pizza? In Naples?", PIZZA]
    with pytest.raises(DomainError, match=r"faq\.not_covered"):
        await queue.ask(HERE, act(4), PIZZA.upper())
    await entries.undo(HERE, act(5), closed.change_id)
    assert (await faq.knowledge(HERE)).decoys == ()
    assert [question.asked for question in await queue.open(HERE)] == [2]


async def test_so_many_decoys_and_no_more(database: Database) -> None:
    faq, _, queue = stores(database)
    for number in range(MOST_DECOYS + 1):
        await queue.ask(HERE, act(2 * number), f"question {number}")
        if number < MOST_DECOYS:
            await queue.mark_not_covered(HERE, act(2 * number + 1), number + 1)
    with pytest.raises(DomainError, match=r"faq\.decoys_full"):
        await queue.mark_not_covered(HERE, act(9999), MOST_DECOYS + 1)
    assert len((await faq.knowledge(HERE)).decoys) == MOST_DECOYS
    assert len(await queue.open(HERE)) == 1


async def test_answering_releases_the_decoys_that_it_answers_and_undo_brings_all_back(database: Database) -> None:
    faq, entries, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    await queue.mark_not_covered(HERE, act(2), 1)
    await queue.ask(HERE, act(3), CELLO)
    answered = await queue.answer(HERE, act(4), 2, entry("Food and music?"), [PIZZA])
    assert answered.released == (PIZZA,)
    assert ((await faq.knowledge(HERE)).decoys, await queue.open(HERE)) == ((), [])
    await entries.undo(HERE, act(5), answered.change_id)
    assert (await faq.knowledge(HERE)).decoys == (PIZZA,)
    assert (await faq.knowledge(HERE)).entries == ESSAYS
    assert [question.wording for question in await queue.open(HERE)] == [CELLO]


async def test_who_waits_is_due_once_it_is_answered_and_forgotten_once_told(database: Database) -> None:
    _, entries, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA, tell_in=70)
    await queue.ask(HERE, act(2), PIZZA, tell_in=71)
    assert [question.waiting for question in await queue.open(HERE)] == [1]
    assert await queue.due() == []
    answered = await queue.answer(HERE, act(3), 1, entry("Pizza?"))
    [due] = await queue.due()
    assert (due.guild_id, due.channel_id, due.entry_id, due.wording) == (HERE, 71, "pizza", PIZZA)
    await entries.undo(HERE, act(4), answered.change_id)
    assert await queue.due() == []
    await queue.answer(HERE, act(5), 1, entry("Pizza here?"))
    [due] = await queue.due()
    assert due.entry_id == "pizza-here"
    await queue.forget_asker(due)
    assert await rows(database, "SELECT * FROM faq_waiting") == []


async def test_alternates_need_an_entry_and_room(database: Database) -> None:
    _, entries, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    with pytest.raises(DomainError, match=r"faq\.unknown_entry"):
        await queue.add_alternates(HERE, act(2), 1, "nothing")
    await entries.add(HERE, act(3), entry("Food?", alternates="\n".join(f"way {n}" for n in range(50))))
    with pytest.raises(DomainError, match=r"faq\.alternates_full"):
        await queue.add_alternates(HERE, act(4), 1, "food")
    await queue.add_alternates(HERE, act(5), 1, ESSAYS[0].id)
    kept = (await entries.own(HERE))[ESSAYS[0].id]
    assert kept is not None
    assert kept.alternates == (*ESSAYS[0].alternates, PIZZA)


async def test_another_servers_questions_are_out_of_reach(database: Database) -> None:
    _, entries, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA, tell_in=70)
    refusals = (
        queue.answer(ELSEWHERE, act(10), 1, entry("Pizza?")),
        queue.add_alternates(ELSEWHERE, act(11), 1, ESSAYS[0].id),
        queue.mark_not_covered(ELSEWHERE, act(12), 1),
        queue.dismiss(ELSEWHERE, act(13), 1),
        queue.get(ELSEWHERE, 1),
    )
    for refusal in refusals:
        with pytest.raises(DomainError, match=r"faq\.question_closed"):
            await refusal
    closed = await queue.dismiss(HERE, act(20), 1)
    with pytest.raises(DomainError, match=r"faq\.unknown_change"):
        await entries.undo(ELSEWHERE, act(21), closed.change_id)
    await queue.ask(ELSEWHERE, act(22), CELLO, same_as=1)
    assert [question.wording for question in await queue.open(ELSEWHERE)] == [CELLO]
    assert await queue.open(HERE) == []


async def test_closed_questions_are_forgotten_after_a_while(database: Database) -> None:
    _, _, queue = stores(database)
    await queue.ask(HERE, act(1), PIZZA)
    await queue.ask(HERE, act(2), CELLO)
    await queue.dismiss(HERE, act(3), 1)
    late = (CLOSED_KEPT + timedelta(days=1)).days
    await queue.ask(ELSEWHERE, act(4, days=late), "anything")
    kept = [wording for (wording,) in await rows(database, "SELECT wording FROM faq_wording WHERE guild_id = 1")]
    assert kept == [CELLO]
    assert len(await queue.open(HERE)) == 1


async def test_what_waited_before_a_server_had_its_own_faq_waits_still(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    first = next(number for number, script in MIGRATIONS.items() if script.stem.endswith("faq_server"))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for number in range(1, first):
            connection.executescript(MIGRATIONS[number].read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id={opening.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={first - 1}")
        connection.execute("INSERT INTO faq_question VALUES (1, 1, 'best pizza in naples', ?)", (PIZZA,))
        connection.execute("INSERT INTO faq_question_ask VALUES (1, 50, 1, '2026-11-20T10:00:00.000Z')")
        connection.execute("INSERT INTO faq_feedback VALUES (1, 60, 'one', 1, '2026-11-20T10:00:00.000Z')")
        connection.commit()
    async with await Database.open(path) as database:
        faq, _, queue = stores(database)
        await queue.ask(HERE, act(1), PIZZA.upper())
        assert [(question.wordings, question.asked) for question in await queue.open(HERE)] == [((PIZZA,), 2)]
        assert await faq.feedback(HERE, "one") == (1, 1)
