from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faq.queue import MOST_COMPARED, MOST_WORDINGS, QUEUE_LENGTH, QueuedQuestion, folded, same_question
from domain.ranking.lexical import LexicalRanker, Topic

AT = datetime(2026, 11, 20, tzinfo=UTC)
WAITING = (
    "where can I park the trucks",
    "when is lunch",
    "best pizza in Naples",
    "who pays for lunch",
    "can we use a drone at the harbour",
    "who signs the invoice",
)


def queued(*wordings: str) -> list[QueuedQuestion]:
    return [QueuedQuestion(number, (wording,), 1, AT) for number, wording in enumerate(wordings)]


@pytest.mark.parametrize(
    ("wording", "same"),
    [
        ("Where do we park the truck?", "where can I park the trucks"),
        ("where can trucks park", "where can I park the trucks"),
        ("what is the best pizza in naples", "best pizza in Naples"),
        ("are drones ok at the harbour", "can we use a drone at the harbour"),
        ("where is lunch", None),
        ("who signs the contract", None),
        ("where can I park my bike", None),
        ("pizza", None),
        ("can I land my drone on the harbour crane", None),
        ("🎬", None),
        ("", None),
    ],
)
def test_only_a_clear_repeat_joins_a_question(wording: str, same: str | None) -> None:
    found = same_question(wording, queued(*WAITING))
    assert (found.wording if found else None) == same


def test_a_short_queue_matches_as_strictly_as_a_long_one() -> None:
    assert same_question("when do we wrap", queued("when is lunch")) is None
    assert same_question("when do we get lunch", queued("when is lunch")) is not None


def test_any_wording_of_a_question_can_match() -> None:
    question = QueuedQuestion(4, ("espresso", "where is the coffee machine"), 2, AT)
    assert same_question("where's the coffee machine?", [question]) == question


def test_any_ranker_may_decide() -> None:
    class Alike:
        def __init__(self, topics: Sequence[object]) -> None:
            self.count = len(topics)

        def scores(self, question: str) -> list[float]:
            return [1.0] * self.count

    assert same_question("anything", queued("else"), Alike) is not None


@given(st.text(), st.lists(st.text(min_size=1), max_size=4))
def test_any_texts_are_compared(wording: str, others: list[str]) -> None:
    found = same_question(wording, queued(*others))
    assert found is None or found.wording in others


def test_literally_equal_questions_fold_to_one() -> None:
    assert folded("  Best\u200b PIZZA\nin Naples?! ") == folded("best pizza in naples")
    assert folded(" ?!. ") == ""


def test_a_full_queue_is_compared_by_the_first_wordings_of_each_question() -> None:
    full = [
        QueuedQuestion(number, tuple(f"{_rambling(number)} {turn}" for turn in range(MOST_WORDINGS)), 1, AT)
        for number in range(QUEUE_LENGTH)
    ]
    compared: list[int] = []

    def ranker(wordings: Sequence[Topic]) -> LexicalRanker:
        compared.append(len(wordings))
        return LexicalRanker(wordings)

    assert same_question(f"{_rambling(QUEUE_LENGTH - 1)} again", full, ranker) == full[-1]
    assert compared == [MOST_COMPARED + 1]  # all ten thousand took longer than Discord waits


def _rambling(number: int) -> str:
    """Return ten words that only this number has."""
    return " ".join(f"{chr(97 + place)}{number:x}q{place}" for place in range(10))
