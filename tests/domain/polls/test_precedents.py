"""Precedents: the earlier decisions shown with a new poll."""

import pytest

from domain.polls.poll import PollVerdict
from domain.polls.precedents import ESSAY, PRECEDENTS_SHOWN, Precedent, nearest


def test_the_author_gives_five_tasks_to_ai_and_keeps_five() -> None:
    verdicts = [precedent.verdict for precedent in ESSAY]
    assert verdicts.count(PollVerdict.EXECUTION) == verdicts.count(PollVerdict.JUDGMENT) == 5
    assert all(precedent.poll_id is None for precedent in ESSAY)


@pytest.mark.parametrize(
    ("task", "expected", "verdict"),
    [
        ("Transcript sync of the interviews", "syncing transcripts", PollVerdict.EXECUTION),
        ("clean up the location audio", "a first clean-up of audio", PollVerdict.EXECUTION),
        ("stock b-roll of the harbour", "B-roll where stock would do", PollVerdict.EXECUTION),
        ("final edit of the 30s spot", "the final edit", PollVerdict.JUDGMENT),
        ("color grading", "grading decisions", PollVerdict.JUDGMENT),
        ("pick the best take of scene 4", "choosing the take that moves people", PollVerdict.JUDGMENT),
        ("framing of the hero shots", "framing hero shots", PollVerdict.JUDGMENT),
    ],
)
def test_a_task_finds_what_the_author_does_with_it(task: str, expected: str, verdict: PollVerdict) -> None:
    found = nearest(task, ESSAY)
    assert (found[0].task, found[0].verdict) == (expected, verdict)


@pytest.mark.parametrize("task", ["catering", "book the hotel for the crew", "🎬", ""])
def test_a_task_like_nothing_before_has_no_precedent(task: str) -> None:
    assert nearest(task, ESSAY) == ()


def test_the_crews_own_verdicts_on_the_same_task_come_first_and_few_are_shown() -> None:
    own = [Precedent("Rough cut of the spot", PollVerdict.JUDGMENT, number, (1, 4)) for number in range(1, 6)]
    found = nearest("rough cut of the spot", [*own, *ESSAY])
    assert len(found) == PRECEDENTS_SHOWN
    assert [precedent.poll_id for precedent in found] == [1, 2, 3]
