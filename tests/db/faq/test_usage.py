"""Counts and ratings: nobody in particular, and not for ever."""

from datetime import timedelta

from db.engine.database import Database
from db.faq.store import KEPT
from domain.faq.usage import ENOUGH_RATINGS
from domain.ranking.gate import FaqOutcome
from tests.db.faq.acts import ELSEWHERE, HERE, MOD, START, act, rows, stores


async def test_questions_are_counted_by_day_and_outcome(database: Database) -> None:
    faq, _, _ = stores(database)
    for entry_id in ("one", "one", "two"):
        await faq.count(HERE, START, FaqOutcome.ANSWER, entry_id)
    await faq.count(HERE, START, FaqOutcome.UNKNOWN, None)
    await faq.count(HERE, START - timedelta(days=40), FaqOutcome.UNKNOWN, None)
    await faq.count(ELSEWHERE, START, FaqOutcome.CHOOSE, None)
    usage = await faq.usage(HERE, START)
    assert usage.asked == {FaqOutcome.ANSWER: 3, FaqOutcome.UNKNOWN: 1}
    assert usage.most_asked == (("one", 2), ("two", 1))
    assert usage.total == 4


async def test_nothing_of_a_person_or_a_wording_is_kept(database: Database) -> None:
    faq, _, _ = stores(database)
    await faq.count(HERE, START, FaqOutcome.ANSWER, "one")
    await faq.add_feedback(HERE, act(1), "one", helpful=True, message_id=7)
    assert await rows(database, "SELECT * FROM faq_count") == [(HERE, "2026-11-20", "answer", "one", 1)]
    assert not any(MOD.id in row for row in await rows(database, "SELECT * FROM faq_feedback"))


async def test_a_card_counts_once_for_an_entry_however_often_it_is_pressed(database: Database) -> None:
    faq, _, _ = stores(database)
    await faq.add_feedback(HERE, act(1), "one", helpful=True, message_id=7)
    await faq.add_feedback(HERE, act(2), "one", helpful=False, message_id=7)
    await faq.add_feedback(HERE, act(1), "one", helpful=False, message_id=8)
    assert await faq.feedback(HERE, "one") == (1, 1)
    await faq.add_feedback(HERE, act(3), "two", helpful=False, message_id=7)
    await faq.add_feedback(ELSEWHERE, act(4), "one", helpful=False, message_id=7)
    assert (await faq.feedback(HERE, "two"), await faq.feedback(ELSEWHERE, "one")) == ((0, 1), (0, 1))


async def test_little_said_of_an_entry_is_not_called_unhelpful(database: Database) -> None:
    faq, _, _ = stores(database)
    for number in range(ENOUGH_RATINGS):
        await faq.add_feedback(HERE, act(number), "doubted", helpful=number == 0, message_id=number)
        await faq.add_feedback(HERE, act(100 + number), "loved", helpful=True, message_id=number)
    await faq.add_feedback(HERE, act(200), "rare", helpful=False, message_id=200)
    [least] = (await faq.usage(HERE, START)).least_helpful
    assert (least.entry_id, least.helpful, least.rated) == ("doubted", 1, ENOUGH_RATINGS)
    assert (await faq.usage(ELSEWHERE, START)).least_helpful == ()


async def test_counts_and_ratings_go_after_90_days(database: Database) -> None:
    faq, _, _ = stores(database)
    await faq.count(HERE, START, FaqOutcome.ANSWER, "one")
    await faq.add_feedback(HERE, act(1), "one", helpful=True, message_id=7)
    late = KEPT + timedelta(days=1)
    await faq.count(ELSEWHERE, START + late, FaqOutcome.ANSWER, "two")
    await faq.add_feedback(ELSEWHERE, act(2, days=late.days), "two", helpful=True, message_id=8)
    assert [row[3] for row in await rows(database, "SELECT * FROM faq_count")] == ["two"]
    assert [row[2] for row in await rows(database, "SELECT * FROM faq_feedback")] == ["two"]
