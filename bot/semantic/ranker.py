"""Rank by meaning: MaxSim over token vectors, a ridge head over sentence vectors, and shared words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bot.semantic.bank import JoinedBank, SharedBank, Weights
from bot.semantic.model import LONGEST, Model, ReadText
from bot.semantic.vectors import Floats, Vectors, sentences
from domain.ranking.gate import MatchFeatures, Ranking, outcome_by_meaning
from domain.ranking.lexical import LONGEST_READ, LexicalRanker, Topic

# Weights of the ridge head and of shared words, relative to MaxSim; see benchmarks/training/calibrate.py.
_RIDGE = 0.4
_WORDS = 0.3
_ANSWERS_DECOY = 0.55  # cosine from which a server's own entry answers a decoy, which is then dropped
_COHORT = 100  # questions over which an entry's usual score is averaged
_RIDGE_PENALTY = 1.0
_DECIMALS = 6  # of every score: processors may differ beyond them


@dataclass(frozen=True, slots=True)
class Studied:
    """A topic, with phrasings from practice questions that it does not show.

    Shared words are counted only over what is shown: with practice, the essays' entries would have almost every word
    and beat a server's own whatever is asked.
    """

    shown: Topic
    practice: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every phrasing, and every sentence of the answer."""
        return (self.shown.question, *self.shown.alternates, *self.practice, *parts(self.shown.answer))


def parts(answer: str) -> list[str]:
    """Split an answer into sentences."""
    return [part for part in re.split(r"(?<=[.!?])\s+", answer) if len(part) > 2]


@dataclass(frozen=True, slots=True)
class RidgeHead:
    """Ridge regression from sentence vectors to a column for each class, solved in closed form."""

    weights: Floats
    offset: Floats

    @classmethod
    def fit(cls, rows: Floats, classes: list[int], count: int) -> Self:
        """Fit `count` classes to `rows`; each class weighs the same, however many rows it has, so new entries count."""
        labels = np.array(classes)
        target = np.zeros((len(rows), count))
        target[np.arange(len(rows)), labels] = 1
        weight = 1 / np.bincount(labels, minlength=count)[labels].astype(np.float64)
        weight *= len(rows) / weight.sum()
        middle, mean = np.average(rows, 0, weight), np.average(target, 0, weight)
        centred = rows.astype(np.float64) - middle
        weighed = centred.T * weight
        solved = np.linalg.solve(weighed @ centred + _RIDGE_PENALTY * np.eye(rows.shape[1]), weighed @ (target - mean))
        return cls(solved.astype(np.float32), (mean - middle @ solved).astype(np.float32))

    def scores(self, sentence: Floats) -> Floats:
        """Return about 1 for the class that a sentence belongs to, about 0 for the others."""
        return np.asarray(sentence @ self.weights + self.offset, np.float32)


class SemanticRanker:
    """A `domain.ranking.gate.Ranker` by meaning.

    Args:
        model: reads the questions.
        topics: what to rank.
        decoys: questions that are not covered; those that a server's own topic answers are left out.
        vectors: of all these texts.
        refused: how many decoys, at the end, are a server's own; if one is nearer than any topic, nothing answers.
        shared: banks of topics and of decoys, which this ranker uses for those that it shares.
    """

    def __init__(
        self,
        model: Model,
        topics: Sequence[Studied],
        decoys: Sequence[str],
        vectors: Mapping[str, Vectors],
        refused: int = 0,
        shared: tuple[SharedBank, SharedBank] | None = None,
    ) -> None:
        self._model, self._weights = model, Weights(model.pieces)
        self._practised = [bool(topic.practice) for topic in topics]
        self._words = LexicalRanker([topic.shown for topic in topics])
        self._groups = groups = [[vectors[text] for text in topic.texts] for topic in topics]
        builtin = _still_decoys(topics, groups, decoys[: len(decoys) - refused], vectors)
        decoys = [*builtin, *_still_decoys(topics, groups, decoys[len(decoys) - refused :], vectors)]
        self._own_from = len(builtin)
        shared_topics, shared_decoys = shared or (SharedBank({}), SharedBank({}))
        texts = [topic.texts for topic in topics]
        self._entries = JoinedBank(shared_topics, [*zip(texts, groups, strict=True)])
        self._decoys = JoinedBank(shared_decoys, [((decoy,), [vectors[decoy]]) for decoy in decoys])
        rows = [(n, found) for n, group in enumerate(groups) for found in group]
        rows += [(len(topics), vectors[decoy]) for decoy in decoys]
        self._head = RidgeHead.fit(sentences([found for _, found in rows]), [n for n, _ in rows], len(topics) + 1)
        self._usual = self._usual_scores(topics, decoys, vectors)

    def rank(self, question: str) -> Ranking:
        """Rank by meaning; `sureness` is the chance that the best entry is right."""
        scores, features = self.features(question)
        return Ranking(scores, *outcome_by_meaning(features))

    def typed(self, text: str) -> Sequence[float]:
        """Score by words, in a tenth of the time that ranking by meaning takes."""
        return self._words.scores(text)

    def features(self, question: str) -> tuple[list[float], MatchFeatures]:
        """Return the score of each entry, and the features that say whether the question is covered."""
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
        features = MatchFeatures(best, lead, margin, outside, cosine, practised)
        return np.round(scores, _DECIMALS).tolist(), features

    def _compare(self, read: ReadText) -> tuple[Floats, Floats]:
        likeness = self._entries.maxsim(read.vectors, self._weights.of(read))
        return likeness, self._head.scores(sentences([read.vectors])[0])

    def _usual_scores(self, topics: Sequence[Studied], decoys: Sequence[str], vectors: Mapping[str, Vectors]) -> Floats:
        """Average what each entry scores by MaxSim for other entries' questions; much text scores more for anything.

        Subtracting it lets an entry with two phrasings compete with one that has forty (cohort normalisation, as in
        speaker verification).
        """
        cohort = _cohort(topics, decoys)
        total, count = np.zeros(len(topics), np.float64), np.zeros(len(topics), np.float64)
        for owner, text in cohort:
            read = ReadText(tuple(self._model.pieces.tokens(text, LONGEST)), vectors[text])
            others = np.arange(len(topics)) != owner
            total += others * self._entries.maxsim(read.vectors, self._weights.of(read))
            count += others
        return (total / np.maximum(count, 1)).astype(np.float32)


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)


def _cohort(topics: Sequence[Studied], decoys: Sequence[str]) -> list[tuple[int, str]]:
    """Pick at most `_COHORT` questions with their owners (-1 for none), evenly spread."""
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
    """Return the decoys that no entry of a server's own answers. The essays' entries were written along with them."""
    own = [found for topic, group in zip(topics, groups, strict=True) if not topic.practice for found in group]
    if not own or not decoys:
        return list(decoys)
    nearest = (sentences([vectors[decoy] for decoy in decoys]) @ sentences(own).T).max(1)
    return [decoy for decoy, cosine in zip(decoys, nearest, strict=True) if cosine < _ANSWERS_DECOY]
