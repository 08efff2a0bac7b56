"""Ranking by meaning: MaxSim over token vectors, a ridge head over sentence vectors, and the words that are shared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.semantic.bank import Joined, Shared, Weights
from bot.semantic.heads import RidgeHead
from bot.semantic.model import LONGEST, Model, Read
from bot.semantic.vectors import Floats, Vectors, sentences
from domain.ranking.gate import MatchFeatures, Ranking, outcome_by_meaning
from domain.ranking.lexical import LONGEST_READ, LexicalRanker, Topic

# Weights of the ridge head and of shared words beside MaxSim; see benchmarks/calibrate.py.
_RIDGE = 0.4
_WORDS = 0.3
_ANSWERS_DECOY = 0.55  # cosine from which a server's own entry answers a decoy, which is then none
_COHORT = 100  # questions over which an entry's usual score is taken
_DECIMALS = 6  # of every score: what two processors may differ in is cut off


@dataclass(frozen=True, slots=True)
class Studied:
    """A topic, and the phrasings known from practice that it does not show.

    Shared words are counted over what is shown alone: with practice the essays' entries would hold most words there
    are, and win over a server's own whatever is asked.
    """

    shown: Topic
    practice: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Each phrasing, and each sentence of the answer."""
        return (self.shown.question, *self.shown.alternates, *self.practice, *parts(self.shown.answer))


def parts(answer: str) -> list[str]:
    """The sentences of an answer."""
    return [part for part in re.split(r"(?<=[.!?])\s+", answer) if len(part) > 2]


class SemanticRanker:
    """A `domain.ranking.gate.Ranker` by meaning.

    Args:
        model: reads the questions.
        topics: what to rank.
        decoys: questions that are not covered; those that a server's own topic answers are left out.
        vectors: of each of these texts.
        refused: how many decoys, the last ones, are a server's own: one that is nearer than any topic settles it.
        shared: banks of topics and of decoys, of which this ranker uses what it has as well.
    """

    def __init__(
        self,
        model: Model,
        topics: Sequence[Studied],
        decoys: Sequence[str],
        vectors: Mapping[str, Vectors],
        refused: int = 0,
        shared: tuple[Shared, Shared] | None = None,
    ) -> None:
        self._model, self._weights = model, Weights(model.pieces)
        self._practised = [bool(topic.practice) for topic in topics]
        self._words = LexicalRanker([topic.shown for topic in topics])
        self._groups = groups = [[vectors[text] for text in topic.texts] for topic in topics]
        builtin = _still_decoys(topics, groups, decoys[: len(decoys) - refused], vectors)
        decoys = [*builtin, *_still_decoys(topics, groups, decoys[len(decoys) - refused :], vectors)]
        self._own_from = len(builtin)
        there = shared or (Shared({}), Shared({}))
        self._entries = Joined(there[0], [(topic.texts, group) for topic, group in zip(topics, groups, strict=True)])
        self._decoys = Joined(there[1], [((decoy,), [vectors[decoy]]) for decoy in decoys])
        rows = [(n, found) for n, group in enumerate(groups) for found in group]
        rows += [(len(topics), vectors[decoy]) for decoy in decoys]
        self._head = RidgeHead.fit(sentences([found for _, found in rows]), [n for n, _ in rows], len(topics) + 1)
        self._usual = self._usual_scores(topics, decoys, vectors)

    def rank(self, question: str) -> Ranking:
        """Rank by meaning; `sureness` is the chance that the best entry is right."""
        scores, signs = self.signs(question)
        return Ranking(scores, *outcome_by_meaning(signs))

    def typed(self, text: str) -> Sequence[float]:
        """Score by words, which takes a tenth of the time of reading for meaning."""
        return self._words.scores(text)

    def signs(self, question: str) -> tuple[list[float], MatchFeatures]:
        """The score of each entry, and what tells whether the question is covered."""
        (read,) = self._model.read([question[:LONGEST_READ]])
        likeness, head = self._compare(read)
        words = np.array([(near + share) / 2 for near, share in self._words.matches(question)])
        scores = likeness - self._usual + _RIDGE * head[:-1] + _WORDS * words
        best, second, *_ = [*sorted(scores.tolist(), reverse=True), 0.0, 0.0]
        nearest, decoys = likeness.max(initial=0.0), self._decoys.maxsim(read.vectors, self._weights.of(read))
        builtin, own = decoys[: self._own_from].max(initial=0.0), decoys[self._own_from :].max(initial=0.0)
        margin, outside = (-1.0, 1.0) if own > nearest else (nearest - builtin, head[-1])
        first = int(scores.argmax()) if len(scores) else None
        cosine = 0.0 if first is None else (sentences(self._groups[first]) @ sentences([read.vectors])[0]).max()
        practised = first is not None and self._practised[first]
        best, lead, margin, outside, cosine = map(_rounded, (best, best - second, margin, outside, cosine))
        signs = MatchFeatures(best, lead, margin, outside, cosine, practised)
        return np.round(scores, _DECIMALS).tolist(), signs

    def _compare(self, read: Read) -> tuple[Floats, Floats]:
        likeness = self._entries.maxsim(read.vectors, self._weights.of(read))
        return likeness, self._head.scores(sentences([read.vectors])[0])

    def _usual_scores(self, topics: Sequence[Studied], decoys: Sequence[str], vectors: Mapping[str, Vectors]) -> Floats:
        """What each entry scores over questions of others, by MaxSim; an entry with much text scores more for anything.

        Taking it away is what lets an entry with two phrasings stand beside one with forty (cohort normalisation, as
        in speaker verification).
        """
        cohort = _cohort(topics, decoys)
        total, count = np.zeros(len(topics), np.float64), np.zeros(len(topics), np.float64)
        for owner, text in cohort:
            read = Read(tuple(self._model.pieces.tokens(text, LONGEST)), vectors[text])
            others = np.arange(len(topics)) != owner
            total += others * self._entries.maxsim(read.vectors, self._weights.of(read))
            count += others
        return (total / np.maximum(count, 1)).astype(np.float32)


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)


def _cohort(topics: Sequence[Studied], decoys: Sequence[str]) -> list[tuple[int, str]]:
    """At most `_COHORT` questions with their owners (-1 for none), evenly from all there are."""
    asked = [
        (n, text) for n, topic in enumerate(topics) for text in (topic.shown.question, *topic.shown.alternates[::4])
    ]
    asked += [(-1, decoy) for decoy in decoys]
    return asked[:: -(-len(asked) // _COHORT) or 1]


def _still_decoys(
    topics: Sequence[Studied],
    groups: Sequence[Sequence[Vectors]],
    decoys: Sequence[str],
    vectors: Mapping[str, Vectors],
) -> list[str]:
    """The decoys that no entry of a server's own answers. The essays' release none: they were written side by side."""
    own = [found for topic, group in zip(topics, groups, strict=True) if not topic.practice for found in group]
    if not own or not decoys:
        return list(decoys)
    nearest = (sentences([vectors[decoy] for decoy in decoys]) @ sentences(own).T).max(1)
    return [decoy for decoy, cosine in zip(decoys, nearest, strict=True) if cosine < _ANSWERS_DECOY]
