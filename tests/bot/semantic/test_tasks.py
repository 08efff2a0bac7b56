"""Tasks that were decided before are found by their meaning."""

import pytest

from bot.semantic.engine import Engine
from domain.polls.poll import PollVerdict
from domain.polls.precedents import ESSAY, PRECEDENTS_SHOWN, Precedent, nearest


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("clean up the location sound", "a first clean-up of audio"),
        ("denoise dialogue", "a first clean-up of audio"),
        ("subtitle timing from the interview transcripts", "syncing transcripts"),
        ("who picks the takes", "choosing the take that moves people"),
        ("colour correction of the whole film", "grading decisions"),
        ("write the first treatment", "drafts of concepts and treatments"),
        ("images for the mood board", "reference frames to show a client"),
        ("assemble the final cut", "the final edit"),
    ],
)
def test_a_task_in_other_words_finds_what_the_author_does_with_it(engine: Engine, task: str, expected: str) -> None:
    assert engine.nearest(task, ESSAY)[0].task == expected


@pytest.mark.parametrize(
    "task",
    ["catering", "book the hotel for the crew", "hiring a runner", "order pizza", "insurance for the van", "🎬", ""],
)
def test_a_task_unlike_any_before_has_no_precedent(engine: Engine, task: str) -> None:
    assert engine.nearest(task, ESSAY) == ()


def test_precedents_that_share_words_are_found_as_well(engine: Engine) -> None:
    own = [Precedent("Rough cut of the spot", PollVerdict.JUDGMENT, number, (1, 4)) for number in range(1, 6)]
    found = engine.nearest("rough cut of the spot", [*own, *ESSAY])
    assert [one.poll_id for one in found] == [1, 2, 3]
    assert len(found) == PRECEDENTS_SHOWN


def test_in_a_long_list_the_oldest_are_still_found_by_their_words(engine: Engine) -> None:
    line = [Precedent(f"Plate {number} of the harbour", PollVerdict.EXECUTION, number) for number in range(300, 0, -1)]
    oldest = Precedent("Lip sync of the dubbed puppets", PollVerdict.JUDGMENT, 301)
    found = engine.nearest("lip sync of the puppets", [*line, oldest, *ESSAY], 5)
    assert found[0] == oldest
    assert nearest("lip sync of the puppets", [*line, oldest])[0] == oldest
