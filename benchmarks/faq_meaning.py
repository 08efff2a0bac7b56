"""Answering by meaning from 100 entries, against a plain use of the same model and SQLite's full-text search.

The plain use is what most FAQ bots with embeddings do: one vector for each text, the nearest cosine wins, no gate.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.faq import full_text
from benchmarks.tools.measure import Case, percentile
from benchmarks.tools.questions import DATA, read
from bot import semantic
from domain.faq.knowledge import Knowledge, load_essays, parse_entries
from domain.faq.matcher import FaqEntry, Matcher

ENTRIES = 100
MEDIAN_MS, P95_MS = 10.0, 20.0
WITH_MODEL_MB, WITHOUT_MB = 260.0, 90.0

Ask = Callable[[str], object]

P95 = partial(percentile, 95)

BARE = "import sqlite3, asyncio"
LOADED = """
from bot.semantic import prepare_environment
prepare_environment()
from bot.semantic.model import Model
Model().read(["warm up"])
"""
OURS = """
from bot.answers import by_words, load_engine
from domain.faq.knowledge import Knowledge, load_essays
knowledge = Knowledge(0, load_essays())
matcher = {build}(knowledge)
for question in ("is my job safe", "who wrote this", "lunch?"):
    matcher.ask(question)
"""
RESIDENT = """
pages = int(open("/proc/self/statm").read().split()[1])
import resource
print(pages * resource.getpagesize() / 1e6)
"""


def cases(most: int | None = None) -> list[Case]:
    """Return the cases about median and slow answers and about resident memory; `most` limits the questions."""
    asked = [question.text for question in read("faq_train.jsonl")[::4]][:most]
    return [
        Case("faq-meaning-vs-plain", "ms", "low", _of(_ours, asked, median), _of(_plain, asked, median), 3.0),
        Case("faq-meaning-median", "ms", "low", _of(_ours, asked, median), _of(_fts, asked, median), limit=MEDIAN_MS),
        Case("faq-meaning-p95", "ms", "low", _of(_ours, asked, P95), _of(_plain, asked, P95), limit=P95_MS),
        Case(
            *("faq-memory-meaning", "MB", "low", _memory(OURS.format(build="load_engine().build")), _memory(LOADED)),
            limit=WITH_MODEL_MB,
        ),
        Case(
            *("faq-memory-words", "MB", "low", _memory(OURS.format(build="by_words")), _memory(BARE)), limit=WITHOUT_MB
        ),
    ]


@cache
def _entries() -> tuple[FaqEntry, ...]:
    own = [json.loads((DATA / f"faq_server_{name}.json").read_text(encoding="utf-8")) for name in "ab"]
    others = {entry["id"]: entry for entries in own for entry in entries}
    return (*load_essays(), *parse_entries(list(others.values())))[:ENTRIES]


@cache
def _ours() -> Ask:
    from bot.answers import load_engine

    matcher: Matcher = load_engine().build(Knowledge(1, _entries()))
    return matcher.ask


@cache
def _plain() -> Ask:
    semantic.prepare_environment()
    from bot.semantic.model import Model
    from bot.semantic.vectors import sentences

    model = Model()
    texts = [text for entry in _entries() for text in (entry.question, *entry.alternates, entry.answer)]
    rows = sentences([found.vectors for found in model.read(texts)])
    return lambda question: (rows @ sentences([model.read([question])[0].vectors])[0]).argmax()


@cache
def _fts() -> Ask:
    return full_text(_entries())


def _of(make: Callable[[], Ask], asked: list[str], sum_up: Callable[[list[float]], float]) -> Callable[[Path], float]:
    def figure(_: Path) -> float:
        ask, times = make(), []
        for question in asked:
            before = perf_counter()
            ask(question)
            times.append(1000 * (perf_counter() - before))
        return sum_up(times)

    return figure


def _memory(code: str) -> Callable[[Path], float]:
    """Return a figure: the resident memory of a new process after it has run `code`."""

    def figure(_: Path) -> float:
        done = subprocess.run([sys.executable, "-c", code + RESIDENT], capture_output=True, text=True, check=True)
        return float(done.stdout)

    return figure
