"""Late interaction: how well each word of a question finds its like in a group of texts (MaxSim)."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.semantic.model import Read
from bot.semantic.vectors import Floats, Vectors, tokens
from bot.semantic.wordpiece import END, START, WordPiece
from domain.ranking.lexicon import stop_words

_SMALL_WORD = 0.5
"""Weight of stop words, marks and the ends of a text, beside 1 of any other token."""


class Weights:
    """How much each token of a question counts."""

    def __init__(self, pieces: WordPiece) -> None:
        self._of_token = np.ones(pieces.size, np.float32)
        small = {pieces.number(word) for word in (*stop_words(), *".,!?'\"-:;()")}
        self._of_token[sorted({START, END, *small})] = _SMALL_WORD

    def of(self, question: Read) -> Floats:
        """One weight a token; they sum to 1."""
        weights = self._of_token[list(question.tokens)]
        return np.asarray(weights / weights.sum(), np.float32)


Texts = tuple[str, ...]


class Bank:
    """Token vectors of groups of texts, side by side; a group is an entry, or a decoy."""

    def __init__(self, groups: Sequence[Sequence[Vectors]]) -> None:
        self._rows = np.ascontiguousarray(tokens([vectors for group in groups for vectors in group]).T)
        lengths = [sum(len(vectors.tokens) for vectors in group) for group in groups]
        self._starts = np.cumsum([0, *lengths[:-1]])

    def maxsim(self, question: Vectors, weights: Floats) -> Floats:
        """For each group the weighted mean, over the question's tokens, of the best cosine in the group."""
        if not self._rows.shape[1]:
            return np.zeros(0, np.float32)
        likeness = tokens([question]) @ self._rows
        return np.asarray(weights @ np.maximum.reduceat(likeness, self._starts, axis=1), np.float32)


class Shared:
    """A bank that is built once, of groups by their texts; every server's ranker uses those that it has as well."""

    def __init__(self, groups: Mapping[Texts, Sequence[Vectors]]) -> None:
        self.bank = Bank(list(groups.values()))
        self.places = {texts: place for place, texts in enumerate(groups)}


class Joined:
    """The groups of one ranker, in its order: those of a shared bank from there, the others in a bank of its own."""

    def __init__(self, shared: Shared, groups: Sequence[tuple[Texts, Sequence[Vectors]]]) -> None:
        self._shared = shared.bank
        places = [shared.places.get(texts, -1) for texts, _ in groups]
        self._there = np.array([n for n, place in enumerate(places) if place >= 0], np.int64)
        self._picked = np.array([place for place in places if place >= 0], np.int64)
        self._own = Bank([group for place, (_, group) in zip(places, groups, strict=True) if place < 0])
        self._here = np.array([n for n, place in enumerate(places) if place < 0], np.int64)

    def maxsim(self, question: Vectors, weights: Floats) -> Floats:
        """As `Bank.maxsim`, for each group in the order given."""
        found = np.zeros(len(self._there) + len(self._here), np.float32)
        if len(self._there):
            found[self._there] = self._shared.maxsim(question, weights)[self._picked]
        found[self._here] = self._own.maxsim(question, weights)
        return found
