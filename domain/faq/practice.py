"""Questions as crews ask them, only for ranking: other phrasings of the essays' entries, and uncovered questions."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from domain.faq.matcher import FaqEntry

QUESTIONS = Path(__file__).with_name("questions")


def practice(entries: Iterable[FaqEntry]) -> dict[str, tuple[str, ...]]:
    """Return further phrasings of the essays' `entries`, by the question that each entry shows.

    The key is the question, not the id: they no longer fit an entry whose question a server has changed.
    """
    known = _read("practice.toml")
    return {entry.question: known[entry.id] for entry in entries if entry.id in known}


@cache
def decoys() -> tuple[str, ...]:
    """Return questions that the essays do not answer, some close to their topics and some far from them."""
    known = _read("decoys.toml")
    return (*known["near"], *known["far"])


@cache
def _read(name: str) -> Mapping[str, tuple[str, ...]]:
    data = tomllib.loads((QUESTIONS / name).read_text(encoding="utf-8"))
    return {key: tuple(texts) for key, texts in data.items()}
