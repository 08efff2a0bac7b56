"""Late interaction (MaxSim): how well each token of a question matches its best match in a group of texts."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.semantic.model import ReadText
from bot.semantic.vectors import Floats, Vectors, tokens
from bot.semantic.wordpiece import END, START, WordPiece
from domain.ranking.lexicon import stop_words

_SMALL_WORD = 0.5
"""Weight of stop words, punctuation and the ends of a text; any other token has 1."""


class Weights:
    """How much each token of a question counts."""

    def __init__(self, pieces: WordPiece) -> None:
        self._of_token = np.ones(pieces.size, np.float32)
        small = {pieces.number(word) for word in (*stop_words(), *".,!?'\"-:;()")}
        self._of_token[sorted({START, END, *small})] = _SMALL_WORD

    def of(self, question: ReadText) -> Floats:
        """Return one weight for each token; they sum to 1."""
        weights = self._of_token[list(question.tokens)]
        return np.asarray(weights / weights.sum(), np.float32)


Texts = tuple[str, ...]


class Bank:
    """Token vectors of groups of texts in one matrix; a group is an entry or a decoy."""

    def __init__(self, groups: Sequence[Sequence[Vectors]]) -> None:
        self._rows = np.ascontiguousarray(tokens([vectors for group in groups for vectors in group]).T)
        lengths = [sum(len(vectors.tokens) for vectors in group) for group in groups]
        self._starts = np.cumsum([0, *lengths[:-1]])

    def maxsim(self, question: Vectors, weights: Floats) -> Floats:
        """Return for each group the weighted mean, over the question's tokens, of the best cosine in the group."""
        if not self._rows.shape[1]:
            return np.zeros(0, np.float32)
        likeness = tokens([question]) @ self._rows
        return np.asarray(weights @ np.maximum.reduceat(likeness, self._starts, axis=1), np.float32)


class SharedBank:
    """A bank that is built once; every server's ranker uses the groups that it shares, found by their texts."""

    def __init__(self, groups: Mapping[Texts, Sequence[Vectors]]) -> None:
        self.bank = Bank(list(groups.values()))
        self.indexes = {texts: index for index, texts in enumerate(groups)}


class JoinedBank:
    """The groups of one ranker, in its order: from the shared bank where it has them, else from its own."""

    def __init__(self, shared: SharedBank, groups: Sequence[tuple[Texts, Sequence[Vectors]]]) -> None:
        self._shared = shared.bank
        indexes = [shared.indexes.get(texts, -1) for texts, _ in groups]
        self._places_of_shared = np.array([n for n, index in enumerate(indexes) if index >= 0], np.int64)
        self._indexes_in_shared = np.array([index for index in indexes if index >= 0], np.int64)
        self._own = Bank([group for index, (_, group) in zip(indexes, groups, strict=True) if index < 0])
        self._places_of_own = np.array([n for n, index in enumerate(indexes) if index < 0], np.int64)

    def maxsim(self, question: Vectors, weights: Floats) -> Floats:
        """Return what `Bank.maxsim` does, for each group in the order given."""
        found = np.zeros(len(self._places_of_shared) + len(self._places_of_own), np.float32)
        if len(self._places_of_shared):
            found[self._places_of_shared] = self._shared.maxsim(question, weights)[self._indexes_in_shared]
        found[self._places_of_own] = self._own.maxsim(question, weights)
        return found
