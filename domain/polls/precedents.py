"""Precedents: earlier decisions on similar tasks, by the crew's polls and by the essay's author."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.polls.poll import PollVerdict
from domain.ranking.lexical import LexicalRanker

PRECEDENTS_SHOWN = 3
ALIKE_FROM = 0.34
"""The least score of a similar task: its main words have to match."""

MEANT_FROM = 0.505
"""The same for meaning: the cosine plus a fifth of the score by words. Chosen on the made-up tasks of
tests/bot/semantic/test_tasks.py, so that those without a similar precedent get none."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decided task.

    Attributes:
        poll_id: None if the essay's author decided.
        votes: For execution and for judgment, if a poll decided.
        conditions: What the crew recorded with it.
        superseded_by: The poll that replaced it, if one did.
        void_by: The entry that marks it as void, if one does.
    """

    task: str
    verdict: PollVerdict
    poll_id: int | None = None
    votes: tuple[int, int] = (0, 0)
    alternates: tuple[str, ...] = ()
    conditions: str = ""
    superseded_by: int | None = None
    void_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether it is neither superseded nor void."""
        return self.superseded_by is None and self.void_by is None

    @property
    def question(self) -> str:
        """The task, as ranking reads it."""
        return self.task

    @property
    def answer(self) -> str:
        """Empty: a task has no answer for ranking to read."""
        return ""


def _uses(task: str, *alternates: str) -> Precedent:
    return Precedent(task, PollVerdict.EXECUTION, alternates=alternates)


def _refuses(task: str, *alternates: str) -> Precedent:
    return Precedent(task, PollVerdict.JUDGMENT, alternates=alternates)


ESSAY = (
    _uses("drafts of concepts and treatments", "write a treatment", "concept ideas", "first draft of the pitch"),
    _uses("reference frames to show a client", "mood board frames", "look frames for the pitch", "storyboard images"),
    _uses("a first clean-up of audio", "audio cleanup", "remove noise from location sound", "denoise dialogue"),
    _uses("syncing transcripts", "transcript sync", "transcribe the interviews", "transcription"),
    _uses("B-roll where stock would do", "stock footage b-roll", "generate b-roll", "cutaways from stock"),
    _refuses("the final edit", "lock the picture", "final cut of the film", "picture lock"),
    _refuses("grading decisions", "colour grade", "color grading", "set the look of the grade"),
    _refuses("choosing the take that moves people", "pick the best take", "take selection", "select takes"),
    _refuses("framing hero shots", "hero shot composition", "compose the frame of the hero shot"),
    _refuses("pacing", "rhythm of the edit", "decide the pacing of the cut"),
)
"""Five tasks that the author gives to AI and five that he does by hand, from the second essay, in our words."""


def nearest(task: str, precedents: Sequence[Precedent], limit: int = PRECEDENTS_SHOWN) -> tuple[Precedent, ...]:
    """Return the precedents most similar to `task`, best first; ties keep their order."""
    scores = LexicalRanker(precedents).scores(task)
    alike = [(-score, place) for place, score in enumerate(scores) if score >= ALIKE_FROM]
    return tuple(precedents[place] for _, place in sorted(alike)[:limit])


def nearest_by_meaning(
    precedents: Sequence[Precedent], words: Sequence[float], likeness: Sequence[float], limit: int = PRECEDENTS_SHOWN
) -> tuple[Precedent, ...]:
    """Return the same from the scores of each precedent by words and by meaning (the cosine of its best phrasing)."""
    scores = [meant + 0.2 * worded for worded, meant in zip(words, likeness, strict=True)]
    near = [
        (-round(score, 6), place)
        for place, (score, worded) in enumerate(zip(scores, words, strict=True))
        if score >= MEANT_FROM or worded >= ALIKE_FROM
    ]
    return tuple(precedents[place] for _, place in sorted(near)[:limit])


FindNearest = Callable[[str, Sequence[Precedent], int], Awaitable[tuple[Precedent, ...]]]
"""Calls `nearest`, or its counterpart by meaning, off the event loop."""
