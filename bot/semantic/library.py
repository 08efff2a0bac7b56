"""The vectors of texts: shipped for the essays, stored by the caller for a server's own, else computed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.semantic.model import Model
from bot.semantic.vectors import SENTENCE, TOKEN, Vectors

SHIPPED = Path(__file__).with_name("essays.npz")
"""Vectors of all texts in domain/essays and domain/faq/questions; `python -m benchmarks.training.vectors` makes it."""


def key_of(text: str) -> bytes:
    """Return the key for a text's vectors: its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Library:
    """Finds or computes the vectors of texts. Threads may share it."""

    def __init__(self, model: Model, shipped: Path = SHIPPED) -> None:
        self.model = model
        self._shipped = dict(_unpack(shipped, model.name))

    def find(self, texts: Iterable[str], kept: Mapping[bytes, bytes] | None = None) -> dict[str, Vectors]:
        """Return the vectors that are shipped or in `kept`, which has `Vectors.to_bytes` by `key_of`."""
        found: dict[str, Vectors] = {}
        for text in dict.fromkeys(texts):
            key = key_of(text)
            if key in self._shipped:
                found[text] = self._shipped[key]
            elif kept and key in kept:
                found[text] = Vectors.from_bytes(kept[key])
        return found

    def read(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Compute the vectors of texts, about 3 ms each."""
        return {text: read.vectors for text, read in zip(texts, self.model.read(texts), strict=True)}

    def ships(self, text: str) -> bool:
        """Say whether the vectors of `text` ship with the program."""
        return key_of(text) in self._shipped


def pack(path: Path, model: Model, found: Mapping[str, Vectors]) -> None:
    """Write a file of vectors like `SHIPPED`, sorted by key, so that the same texts give the same file."""
    items = sorted(((key_of(text), vectors) for text, vectors in found.items()), key=lambda item: item[0])
    np.savez(
        path,
        model=np.array(model.name),
        keys=np.array([list(key) for key, _ in items], np.uint8),
        lengths=np.array([len(vectors.tokens) for _, vectors in items], np.uint16),
        sentences=np.array([vectors.sentence for _, vectors in items], np.int8),
        tokens=np.concatenate([vectors.tokens for _, vectors in items]),
    )


def _unpack(path: Path, model: str) -> Iterable[tuple[bytes, Vectors]]:
    """Read what `pack` wrote; nothing if the file is missing or of another model."""
    if not path.exists():
        return
    with np.load(path) as stored:
        if str(stored["model"]) != model:
            return
        keys, lengths, sentences, tokens = (stored[name] for name in ("keys", "lengths", "sentences", "tokens"))
    ends = np.cumsum(lengths, dtype=np.int64)
    for n, key in enumerate(keys):
        rows = tokens[ends[n] - lengths[n] : ends[n]].reshape(-1, TOKEN)
        yield key.tobytes(), Vectors(sentences[n].reshape(SENTENCE), rows)
