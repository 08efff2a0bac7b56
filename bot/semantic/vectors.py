"""The vectors of a text, small enough to ship and to store."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

SENTENCE = 384
"""Dimensions of a sentence vector."""

TOKEN = 64
"""Dimensions of a projected token vector: measured no worse than all 384, at a sixth of the space."""

_SENTENCE_SCALE, _TOKEN_SCALE = 400, 127
"""What 1.0 is stored as; hardly any component of a sentence vector exceeds 0.3."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """A text's sentence vector (`SENTENCE`) and its tokens' vectors (n, `TOKEN`), as signed bytes."""

    sentence: Bytes
    tokens: Bytes

    @classmethod
    def of(cls, sentence: Floats, tokens: Floats) -> Self:
        """Make them from unit vectors."""
        return cls(_rounded(sentence * _SENTENCE_SCALE), _rounded(tokens * _TOKEN_SCALE))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Read what `to_bytes` returned."""
        values = np.frombuffer(stored, np.int8)
        return cls(values[:SENTENCE], values[SENTENCE:].reshape(-1, TOKEN))

    def to_bytes(self) -> bytes:
        """Return them for a database: `SENTENCE` bytes, and `TOKEN` for each token."""
        return self.sentence.tobytes() + self.tokens.tobytes()


def sentences(found: list[Vectors]) -> Floats:
    """Return the sentence vectors as rows of one matrix."""
    rows = [vectors.sentence for vectors in found]
    return np.array(rows, np.float32).reshape(-1, SENTENCE) / np.float32(_SENTENCE_SCALE)


def tokens(found: list[Vectors]) -> Floats:
    """Return all token vectors as rows of one matrix."""
    rows = [vectors.tokens for vectors in found] or [np.zeros((0, TOKEN), np.int8)]
    return np.asarray(np.concatenate(rows), np.float32) / np.float32(_TOKEN_SCALE)


def unit(values: NDArray[Any]) -> Floats:
    """Scale each row to length 1."""
    length = np.linalg.norm(values, axis=-1, keepdims=True)
    return np.asarray(values / np.maximum(length, 1e-9), np.float32)


def _rounded(values: Floats) -> Bytes:
    return np.clip(np.rint(values), -127, 127).astype(np.int8)
