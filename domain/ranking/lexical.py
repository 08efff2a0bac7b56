"""Scores of entries for a question by the words they share. `domain.ranking.gate` decides what to answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple, Protocol

from domain.ranking.gate import Ranking, outcome_by_words
from domain.ranking.lexicon import is_filler, is_practical, terms

LONGEST_READ = 600  # characters of a question; the rest would not change its topic

# Chosen together with the thresholds of `domain.faq.matcher`, on the same questions.
_FILLER_WEIGHT = 0.3
_PRACTICAL_WEIGHT = 6.0
_FIELD_WEIGHTS = (3.0, 1.0, 1.0)  # question, alternates, answer
_SATURATION = 1.0
_SHORT_PHRASE = 2.0  # the least weight of a phrasing; a lighter one would match a single word too well
_SHORTEST_TYPO = 5
_LIKE_ENOUGH = 0.7


class Topic(Protocol):
    """The texts of an entry that ranking reads."""

    @property
    def question(self) -> str:
        """The question as it is shown."""

    @property
    def alternates(self) -> tuple[str, ...]:
        """Other ways to ask it."""

    @property
    def answer(self) -> str:
        """The answer's text."""


class WordMatch(NamedTuple):
    """How a question meets an entry, each 0 to 1: its closest phrasing, and how much of the question occurs in it."""

    closeness: float
    coverage: float


class _Asked(NamedTuple):
    """A word of a question as the entries spell it, its weight, and how similar the spelling is (0 if unknown)."""

    term: str
    weight: float
    likeness: float


class LexicalRanker:
    """Scores entries by the words they share with a question, rare words counting most.

    Immutable once built, so threads may share it.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._phrasings: list[tuple[int, dict[str, None]]] = []  # which entry, and its different terms in order
        self._fields: list[dict[str, float]] = []
        for position, topic in enumerate(topics):
            self._fields.append(_weigh_fields(topic))
            for phrasing in (topic.question, *topic.alternates):
                self._phrasings.append((position, dict.fromkeys(terms(phrasing))))
        self._rarity = _rarity(self._fields)
        self._unseen = _idf(0, len(self._fields))
        self._lengths = [sum(self._weight(t) for t in words) for _, words in self._phrasings]
        self._where = _postings(words for _, words in self._phrasings)
        self._near = _postings(_trigrams(word) for word in self._rarity)
        self._words = tuple(self._rarity)

    def matches(self, question: str) -> list[WordMatch]:
        """Return how each entry matches, in the order in which the entries were given."""
        asked = self._asked(question)
        if not any(word.likeness for word in asked):
            return [WordMatch(0.0, 0.0)] * len(self._fields)
        wholes = [_whole(fields, asked) for fields in self._fields]
        closest = self._closest(asked, wholes)
        covered = (_coverage(fields, asked) for fields in self._fields)
        return [WordMatch(near, cover / whole) for near, cover, whole in zip(closest, covered, wholes, strict=True)]

    def scores(self, question: str) -> list[float]:
        """Return the score of each entry, 0 to 1, in the order in which the entries were given."""
        return [_combine(match) for match in self.matches(question)]

    def _weight(self, term: str) -> float:
        return self._rarity.get(term, self._unseen) * (_FILLER_WEIGHT if is_filler(term) else 1.0)

    def _asked(self, question: str) -> list[_Asked]:
        """Return the distinct words of the question; a typo stands for the known word it resembles."""
        asked = []
        for word in dict.fromkeys(terms(question[:LONGEST_READ])):
            term, likeness = (word, 1.0) if word in self._rarity else self._nearest(word)
            asked.append(_Asked(term, self._weight(term if likeness else word), likeness))
        return asked

    def _nearest(self, word: str) -> tuple[str, float]:
        """Return the known word that shares most trigrams with an unknown one, and the similarity (0 for none)."""
        if len(word) < _SHORTEST_TYPO:
            return word, 0.0
        grams = _trigrams(word)
        shared: dict[int, int] = {}
        for gram in grams:
            for number in self._near.get(gram, ()):
                shared[number] = shared.get(number, 0) + 1
        best, number = max(
            ((2 * n / (len(grams) + len(_trigrams(self._words[i]))), -i) for i, n in shared.items()),
            default=(0.0, 0),
        )
        return (self._words[-number], best) if best >= _LIKE_ENOUGH else (word, 0.0)

    def _closest(self, asked: list[_Asked], wholes: list[float]) -> list[float]:
        """Return the best cosine-like match of any phrasing of each entry with the whole question."""
        shared: dict[int, float] = {}
        for word in asked:
            for number in self._where.get(word.term, ()):
                shared[number] = shared.get(number, 0.0) + word.weight * word.likeness
        best = [0.0] * len(self._fields)
        for number, weight in shared.items():
            position = self._phrasings[number][0]
            match = min(1.0, weight / sqrt(wholes[position] * max(self._lengths[number], _SHORT_PHRASE)))
            best[position] = max(best[position], match)
        return best


@dataclass(frozen=True, slots=True)
class Decoy:
    """A question that is not covered, as ranking reads a topic."""

    question: str
    alternates: tuple[str, ...] = ()
    answer: str = ""


class ByWords:
    """Ranks whole questions by shared words alone, where the ranking by meaning is not installed."""

    def __init__(self, topics: Iterable[Topic], decoys: Iterable[str] = ()) -> None:
        self._topics = LexicalRanker(topics)
        self._decoys = LexicalRanker(map(Decoy, decoys))

    def rank(self, question: str) -> Ranking:
        """Rank by words; the sureness is the best score."""
        scores = self._topics.scores(question)
        best, second, *_ = [*sorted(scores, reverse=True), 0.0, 0.0]
        decoy = max(self._decoys.scores(question), default=0.0)
        return Ranking(scores, outcome_by_words(best, second, decoy), best)

    def typed(self, text: str) -> Sequence[float]:
        """Score by words."""
        return self._topics.scores(text)


def _weigh_fields(topic: Topic) -> dict[str, float]:
    """Return the weighted count of each term in an entry; the question counts most (simplified BM25F)."""
    fields = (topic.question, " . ".join(topic.alternates), topic.answer)
    counts: dict[str, float] = {}
    for text, weight in zip(fields, _FIELD_WEIGHTS, strict=True):
        for term in terms(text):
            counts[term] = counts.get(term, 0.0) + weight
    return counts


def _idf(holding: int, total: int) -> float:
    """Return BM25's weight of a term that occurs in `holding` of `total` entries."""
    return log(1 + (total - holding + 0.5) / (holding + 0.5))


def _rarity(fields: list[dict[str, float]]) -> dict[str, float]:
    holding: dict[str, int] = {}
    for counts in fields:
        for term in counts:
            holding[term] = holding.get(term, 0) + 1
    return {term: _idf(count, len(fields)) for term, count in holding.items()}


def _postings(items: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Map each part to the numbers of the items that contain it."""
    where: dict[str, list[int]] = {}
    for number, parts in enumerate(items):
        for part in parts:
            where.setdefault(part, []).append(number)
    return where


def _trigrams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _whole(fields: Mapping[str, float], asked: list[_Asked]) -> float:
    """Return the weight of the question for one entry: practical words it does not contain weigh more."""
    return sum(
        word.weight * (_PRACTICAL_WEIGHT if is_practical(word.term) and word.term not in fields else 1.0)
        for word in asked
    )


def _coverage(fields: Mapping[str, float], asked: list[_Asked]) -> float:
    """Return how much of the question's weight an entry contains; repeated words count more (BM25's saturation)."""
    covered = 0.0
    for word in asked:
        often = fields.get(word.term, 0.0)
        covered += word.weight * word.likeness * often / (often + _SATURATION)
    return covered


def _combine(match: WordMatch) -> float:
    """Return the mean of closeness and coverage, from 0 to 1."""
    return (match.closeness + match.coverage) / 2
