"""Tasks that the crew left to people, found in what AI is said to have done to a cut."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from domain.polls.precedents import Precedent, nearest
from domain.ranking.lexical import LexicalRanker
from domain.signoffs.choices import AiUse

WARNINGS_SHOWN = 3
"""A card that warns of everything warns of nothing."""

TOOLS_READ = 5
"""Names in the list of tools that are compared with tasks."""

ALIKE_FROM = 0.32
"""The least score of a task that matches a phrasing below; tasks that share only a side word score less."""

PHRASINGS: dict[AiUse, tuple[str, ...]] = {
    AiUse.CONCEPT: ("write the treatment", "concept development", "pitch ideas", "script draft", "write the script"),
    AiUse.REFERENCE: ("reference images", "mood board", "storyboard", "concept art", "previs"),
    AiUse.AUDIO: ("audio cleanup", "denoise the dialogue", "dialogue clean-up", "remove noise", "sound mix"),
    AiUse.TRANSCRIPT: ("transcribe interviews", "transcription", "sync of sound and picture", "subtitles", "logging"),
    AiUse.BROLL: ("stock footage", "generated b-roll", "cutaways", "establishing shots", "generated background plates"),
    AiUse.ROUGH_CUT: (
        *("first assembly", "string-out", "assemble the edit", "final edit", "picture lock", "pacing"),
        *("take selection", "pick the takes", "choosing the best take"),
    ),
    AiUse.GRAPHICS: ("motion graphics", "lower thirds", "title cards", "captions", "end cards", "logo animation"),
    AiUse.GRADE: ("colour grade", "color grading", "colour correction", "set the look of the scenes", "grade"),
    AiUse.LIKENESS: (
        *("voice clone", "cloned voice", "voice-over", "dubbing with lip sync"),
        *("digital double", "face replacement", "face swap", "de-age the actor", "de-aging"),
    ),
}
"""How crews word the tasks behind a choice when they vote on them."""


@dataclass(frozen=True, slots=True)
class HumanTask:
    """A task that a poll left to people. `task` is "" once it was erased from the log."""

    poll: int
    task: str = ""
    judgment: int = 0
    execution: int = 0


@dataclass(frozen=True, slots=True)
class _Topic:
    """A choice as ranking reads it."""

    question: str
    alternates: tuple[str, ...]
    answer: str = ""


def find_human_tasks(uses: Collection[AiUse], tools: str, precedents: Sequence[Precedent]) -> tuple[HumanTask, ...]:
    """Return tasks that the crew left to people and AI seems to have done: the newest, WARNINGS_SHOWN at most.

    Args:
        uses: What was ticked.
        tools: What was typed about it.
        precedents: The verdicts that stand, all for judgment, newest first; examples without a poll are left out.
    """
    names = [name for name in tools.split(",") if name.strip()][:TOOLS_READ]
    typed = {precedent.task for name in names for precedent in nearest(name, precedents)}
    polls = [item for item in precedents if item.poll_id is not None]
    found = (item for item in polls if item.task in typed or _is_about_any(uses, item.task))
    return tuple(_human_task(item) for item, _ in zip(found, range(WARNINGS_SHOWN), strict=False))


def _is_about_any(uses: Iterable[AiUse], task: str) -> bool:
    """Return whether the task is about a ticked choice."""
    ranker, order = _ranker()
    scores = dict(zip(order, ranker.scores(task), strict=True))
    return any(scores.get(use, 0.0) >= ALIKE_FROM for use in uses)


def _human_task(item: Precedent) -> HumanTask:
    execution, judgment = item.votes
    return HumanTask(item.poll_id or 0, item.task, judgment, execution)


@cache
def _ranker() -> tuple[LexicalRanker, tuple[AiUse, ...]]:
    return LexicalRanker(_Topic(use.label, words) for use, words in PHRASINGS.items()), tuple(PHRASINGS)
