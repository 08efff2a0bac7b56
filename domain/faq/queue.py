"""Unanswered questions for the moderators, and which of them ask the same thing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ranking.lexical import LexicalRanker
from domain.text import clean_line

QUESTION_LENGTH = 300
QUEUE_LENGTH = 500
"""The most different questions in a server's queue."""

SAME_FROM = 0.85
"""How well a wording must match another, both ways, as a share of how well it matches itself, to be the same question:
in nearly all of its main words. A missed match costs a moderator a press, a wrong one hides a question."""

MOST_WORDINGS = 20
"""Wordings of one question that are stored; further ones are only counted."""

MOST_COMPARED = 1000
"""Wordings that a new one is compared with: a full queue has ten times as many, for which Discord does not wait."""

_INTERROGATIVES = re.compile(r"\b(who|when|where|why|how)\b")


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """A question that the FAQ did not answer: its wordings, oldest first, and how often it was asked.

    `waiting` is how many people want to be told when it is answered.
    """

    question_id: int
    wordings: tuple[str, ...]
    asked: int
    last_asked_at: datetime
    waiting: int = 0

    @property
    def wording(self) -> str:
        """The first wording."""
        return self.wordings[0]


@dataclass(frozen=True, slots=True)
class WaitingAsker:
    """Somebody who asked to be told once their question is answered; `entry_id` answers it now."""

    guild_id: int
    question_id: int
    user_id: int
    channel_id: int
    entry_id: str
    wording: str


@dataclass(frozen=True, slots=True)
class _Wording:
    """A wording, as ranking reads it."""

    question: str
    alternates: tuple[str, ...] = ()
    answer: str = ""


class TextScorer(Protocol):
    """A ranker that scores topics for a text."""

    def scores(self, question: str) -> list[float]:
        """Return the score of each topic, 0 to 1, in their order."""


MakeRanker = Callable[[Sequence[_Wording]], TextScorer]


def folded(wording: str) -> str:
    """Return the key that literally equal questions share."""
    return clean_line(wording).casefold().strip(" ?!.")


def same_question(
    wording: str, queued: Sequence[QueuedQuestion], ranker: MakeRanker = LexicalRanker
) -> QueuedQuestion | None:
    """Return the queued question that `wording` repeats, or None."""
    known = _compared(queued)
    if not known:
        return None
    scored = ranker([_Wording(text) for text in (wording, *(text for _, text in known))])
    itself, *others = scored.scores(wording)
    for score, place in sorted(((score, -place) for place, score in enumerate(others)), reverse=True)[:3]:
        question, text = known[-place]
        back = scored.scores(text)
        alike = score > 0 and score >= SAME_FROM * itself and back[0] >= SAME_FROM * back[1 - place]
        if alike and not _asks_differently(text, wording):
            return question
    return None


def _compared(queued: Sequence[QueuedQuestion]) -> list[tuple[QueuedQuestion, str]]:
    """Return the wordings to compare with: the first of each question, then the second of each, up to MOST_COMPARED."""
    turns = [(turn, question, text) for question in queued for turn, text in enumerate(question.wordings)]
    turns.sort(key=lambda one: one[0])
    return [(question, text) for _, question, text in turns[:MOST_COMPARED]]


def _asks_differently(one: str, other: str) -> bool:
    """Return whether one asks for a place and the other for a time or person, which ranking by words cannot tell."""
    first, second = (_INTERROGATIVES.search(text.casefold()) for text in (one, other))
    return bool(first and second and first[1] != second[1])
