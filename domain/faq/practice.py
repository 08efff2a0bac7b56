"""Questions in crews' voices, for ranking alone: other ways to ask for the essays' entries, and what is not covered."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from domain.faq.matcher import FaqEntry

QUESTIONS = Path(__file__).with_name("questions")


def practice(entries: Iterable[FaqEntry]) -> dict[str, tuple[str, ...]]:
    """Further phrasings of the essays' `entries`, by the question that each entry shows.

    By question and not by id: an entry that a server has made to ask something else no longer goes with them.
    """
    known = _read("practice.toml")
    return {entry.question: known[entry.id] for entry in entries if entry.id in known}


@cache
def decoys() -> tuple[str, ...]:
    """Questions that the essays do not answer, near to them and far from them."""
    known = _read("decoys.toml")
    return (*known["near"], *known["far"])


@cache
def _read(name: str) -> Mapping[str, tuple[str, ...]]:
    data = tomllib.loads((QUESTIONS / name).read_text(encoding="utf-8"))
    return {key: tuple(texts) for key, texts in data.items()}
