"""Answering a question, against SQLite's full-text search over the same entries."""

import re
import sqlite3
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.tools.measure import Case
from domain.faq.knowledge import load_essays
from domain.faq.matcher import FaqEntry, Matcher

BUILD = "CREATE VIRTUAL TABLE entry USING fts5(question, alternates, answer, tokenize = 'porter')"
ADD = "INSERT INTO entry (question, alternates, answer) VALUES (?, ?, ?)"
FIND = "SELECT rowid, bm25(entry) FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 10"

TARGET = 2.0
"""At most twice FTS5's time: both are far too short to notice."""


def case(most: int | None = None) -> Case:
    """Measure the median time of one `Matcher.ask` over the essays, against one ranked FTS5 query of the same words.

    FTS5 ranks by shared words only; the matcher, in Python, also knows synonyms, spelling mistakes and when not to
    answer. Each of the `most` questions (all by default) is a phrasing of an entry with words around it, so that
    neither side finds it verbatim.
    """
    entries = load_essays()
    asked = [f"so tell me {text} on our shoot" for entry in entries for text in entry.alternates][:most]
    return Case("faq-ask", "ms", "low", lambda _: _ours(entries, asked), lambda _: _floor(entries, asked), TARGET)


def _ours(entries: tuple[FaqEntry, ...], asked: list[str]) -> float:
    matcher = Matcher(entries)
    times = []
    for question in asked:
        before = perf_counter()
        matcher.ask(question)
        times.append(perf_counter() - before)
    return 1000 * median(times)


def _floor(entries: tuple[FaqEntry, ...], asked: list[str]) -> float:
    ask, times = full_text(entries), []
    for question in asked:
        before = perf_counter()
        ask(question)
        times.append(perf_counter() - before)
    return 1000 * median(times)


def full_text(entries: tuple[FaqEntry, ...]) -> Callable[[str], object]:
    """Return a function that runs a ranked full-text query over these entries for any of a question's words."""
    connection = sqlite3.connect(":memory:")
    connection.execute(BUILD)
    connection.executemany(ADD, [(entry.question, "\n".join(entry.alternates), entry.answer) for entry in entries])

    def ask(question: str) -> object:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        return connection.execute(FIND, (words,)).fetchall() if words else []

    return ask
