"""Which of the crew's tasks for people are found in what AI did to a cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polls.poll import PollVerdict
from domain.polls.precedents import ESSAY, Precedent
from domain.signoffs.choices import AiUse
from domain.signoffs.human_tasks import WARNINGS_SHOWN, HumanTask, find_human_tasks


def kept(task: str, *uses: AiUse, tools: str = "") -> bool:
    judged = [Precedent(task, PollVerdict.JUDGMENT, 12, (2, 7))]
    found = find_human_tasks(uses, tools, judged)
    assert found in {(), (HumanTask(12, task, judgment=7, execution=2),)}
    return bool(found)


@pytest.mark.parametrize(
    ("task", "use"),
    [
        ("Grading decisions", AiUse.GRADE),
        ("Final colour grade of the hero film", AiUse.GRADE),
        ("Colour correction of the interviews", AiUse.GRADE),
        ("Cut-down versions of the voice-over with a cloned voice", AiUse.LIKENESS),
        ("Digital double for the stunt", AiUse.LIKENESS),
        ("Face swap in shot 12", AiUse.LIKENESS),
        ("The final edit", AiUse.ROUGH_CUT),
        ("Picture lock", AiUse.ROUGH_CUT),
        ("Choosing the best take of each scene", AiUse.ROUGH_CUT),
        ("Dialogue denoise", AiUse.AUDIO),
        ("Transcribe the interviews", AiUse.TRANSCRIPT),
        ("Subtitles in Spanish", AiUse.TRANSCRIPT),
        ("Generate establishing shots of the city", AiUse.BROLL),
        ("Lower thirds and captions", AiUse.GRAPHICS),
        ("Write the treatment", AiUse.CONCEPT),
        ("Storyboard frames", AiUse.REFERENCE),
    ],
)
def test_a_task_is_found_under_its_own_choice_only(task: str, use: AiUse) -> None:
    assert kept(task, use)
    assert not kept(task, AiUse.OTHER)
    assert sum(kept(task, other) for other in AiUse) <= 2


@pytest.mark.parametrize(
    "task", ["Hiring the runner", "Order lunch", "Contract with the talent", "Music for the teaser", "Shot list"]
)
def test_tasks_that_no_choice_names_are_never_found(task: str) -> None:
    assert not kept(task, *AiUse)


def test_typed_tools_are_compared_too() -> None:
    assert kept("Music for the teaser", AiUse.OTHER, tools="Runway 4, music for the teaser")
    assert not kept("Music for the teaser", AiUse.OTHER, tools="Runway 4, ElevenLabs")


def test_the_examples_of_the_essay_are_not_verdicts_of_the_crew() -> None:
    assert find_human_tasks(list(AiUse), "colour grade", ESSAY) == ()


def test_a_card_warns_of_a_few_tasks_newest_first() -> None:
    judged = [Precedent(f"Colour grade of reel {n}", PollVerdict.JUDGMENT, n, (0, 3)) for n in range(9, 0, -1)]
    assert [task.poll for task in find_human_tasks([AiUse.GRADE], "", judged)] == [9, 8, 7][:WARNINGS_SHOWN]


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=80), max_size=5))
def test_any_words_can_be_read(tools: str, tasks: list[str]) -> None:
    judged = [Precedent(task, PollVerdict.JUDGMENT, n) for n, task in enumerate(tasks, 1)]
    assert len(find_human_tasks(list(AiUse), tools, judged)) <= WARNINGS_SHOWN
