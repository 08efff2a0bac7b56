"""The FAQ: its entries, and the matcher that answers questions from them.

A `Ranker` scores each entry and decides whether that is enough (`domain.ranking.gate`); `Matcher` turns its result into
an answer.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.ranking.gate import FaqOutcome, Ranker
from domain.ranking.lexical import LONGEST_READ, ByWords
from domain.ranking.lexicon import normal, terms

SUGGEST_FROM = 0.15
LONGEST_RANKED = 10


@dataclass(frozen=True, slots=True)
class FaqSource:
    """The source of an answer: the essay's slug, its title, and the section's readable name."""

    essay: str
    title: str
    section: str


class Origin(StrEnum):
    """Who wrote an answer: the essays, a server, or a server in place of the essays."""

    ESSAY = "essay"
    SERVER = "server"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """One topic of the FAQ; `source` is None for a server's own entry without one."""

    id: str
    question: str
    answer: str
    source: FaqSource | None
    alternates: tuple[str, ...]
    related: tuple[str, ...]
    origin: Origin = Origin.ESSAY


@dataclass(frozen=True, slots=True)
class Answer:
    """The FAQ's answer: `ranked` is best first, at least three if there are three; `score` is 0 to 1."""

    question: str
    outcome: FaqOutcome
    score: float
    ranked: tuple[FaqEntry, ...]

    @property
    def entry(self) -> FaqEntry | None:
        """The entry to answer with; None unless the outcome is `answer`."""
        return self.ranked[0] if self.outcome is FaqOutcome.ANSWER else None


class Matcher:
    """Answers questions from a fixed set of entries; immutable, so threads may share it.

    Args:
        entries: The entries it can answer with.
        ranker: Built over the same entries in the same order; by words alone if left out.
    """

    def __init__(self, entries: Iterable[FaqEntry], ranker: Ranker | None = None) -> None:
        self._entries = tuple(entries)
        self._by_id = {entry.id: entry for entry in self._entries}
        self._ranker = ranker or ByWords(self._entries)
        self._spellings = [_spellings(entry) for entry in self._entries]
        self._exact = {
            spelling: n for n, spellings in reversed(list(enumerate(self._spellings))) for spelling in spellings
        }

    def ask(self, question: str) -> Answer:
        """Rank every entry for `question`, which may be any text, and decide whether to answer."""
        scores, outcome, sureness = self._ranker.rank(question)
        if (known := self._exact.get(_spelling(question))) is not None:
            return Answer(question, FaqOutcome.ANSWER, 1.0, self._ranked(scores, first=known))
        return Answer(question, outcome, round(sureness, 6), self._ranked(scores))

    def suggest(self, text: str, limit: int = 25) -> tuple[FaqEntry, ...]:
        """Return at most `limit` entries for what has been typed so far; before that, some of every source.

        Entries with a phrasing that starts with the text come first, then those where each typed word starts a word of
        one phrasing, then those where each telling word does, then by score.
        """
        typed = _spelling(text)
        if not typed:
            return self._spread()[:limit]
        scores, telling = self._ranker.typed(typed), _telling(typed)
        keys = [(_begins(typed, telling, spellings), scores[n]) for n, spellings in enumerate(self._spellings)]
        fitting = [n for n, (begun, score) in enumerate(keys) if begun or score >= SUGGEST_FROM]
        fitting.sort(key=lambda n: keys[n], reverse=True)
        return tuple(self._entries[n] for n in fitting[:limit])

    @property
    def entries(self) -> tuple[FaqEntry, ...]:
        """All entries, in their original order."""
        return self._entries

    def get(self, entry_id: str) -> FaqEntry | None:
        """Return the entry with this id, or None."""
        return self._by_id.get(entry_id)

    def _ranked(self, scores: Sequence[float], first: int | None = None) -> tuple[FaqEntry, ...]:
        order = sorted(range(len(scores)), key=lambda n: (n != first, -scores[n], n))
        return tuple(self._entries[n] for n in order[:LONGEST_RANKED])

    def _spread(self) -> tuple[FaqEntry, ...]:
        """Return all entries, alternating between sources: the first of each, then the second of each."""
        turns: dict[str | None, int] = {}
        keyed = []
        for position, entry in enumerate(self._entries):
            essay = entry.source.essay if entry.source else None
            turns[essay] = turns.get(essay, 0) + 1
            keyed.append((turns[essay], position))
        return tuple(self._entries[position] for _, position in sorted(keyed))


def _spelling(text: str) -> str:
    """Return `text` for literal comparison: only its words, in lower case, with single spaces."""
    return " ".join(re.findall(r"[^\W_]+", normal(text[:LONGEST_READ]).replace("'", "")))


def _spellings(entry: FaqEntry) -> tuple[str, ...]:
    return tuple(filter(None, map(_spelling, (entry.question, *entry.alternates, entry.id))))


def _telling(typed: str) -> list[str]:
    """Return the words that carry a topic, and the last one, which may be unfinished."""
    *words, last = typed.split()
    return [*filter(terms, words), last]


def _begins(typed: str, telling: list[str], spellings: Iterable[str]) -> int:
    """Rate how well typed text is the beginning of a phrasing.

    3 if a phrasing starts with it, 2 if each typed word starts a word of one, 1 if each telling word does, else 0.
    """
    words, best = typed.split(), 0
    for spelling in spellings:
        if spelling.startswith(typed):
            return 3
        best = max(best, 2 * _starts_words(words, spelling), _starts_words(telling, spelling))
    return best


def _starts_words(words: Iterable[str], spelling: str) -> bool:
    return all(f" {word}" in f" {spelling}" for word in words)
