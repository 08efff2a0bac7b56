"""Ranking by shared words alone: what answers where the ranking by meaning is not installed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.ranking.gate import Ranking, outcome_by_words
from domain.ranking.lexical import LexicalRanker, Topic


@dataclass(frozen=True, slots=True)
class Decoy:
    """A question that is not covered, as ranking reads a topic."""

    question: str
    alternates: tuple[str, ...] = ()
    answer: str = ""


class ByWords:
    """The `Ranker` of `domain.ranking.lexical` alone: needs nothing but Python."""

    def __init__(self, topics: Iterable[Topic], decoys: Iterable[str] = ()) -> None:
        self._topics = LexicalRanker(topics)
        self._decoys = LexicalRanker(map(Decoy, decoys))

    def rank(self, question: str) -> Ranking:
        """Rank by words; `sureness` is the best score."""
        scores = self._topics.scores(question)
        best, second, *_ = [*sorted(scores, reverse=True), 0.0, 0.0]
        decoy = max(self._decoys.scores(question), default=0.0)
        return Ranking(scores, outcome_by_words(best, second, decoy), best)

    def typed(self, text: str) -> Sequence[float]:
        """Score by words."""
        return self._topics.scores(text)
