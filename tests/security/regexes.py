"""Try long hostile texts on every pattern of the code, in a separate program, because nothing can interrupt a match.

It also tries functions that read text with a library's patterns, and prints each name with its slowest seconds.
"""

import asyncio
import contextlib
import importlib
import itertools
import pkgutil
import re
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from bot.host.log import redact
from bot.ui import escape
from cogs.polls.options import closing_time
from cogs.polls.outcomes.review_dates import review_date
from domain.errors import DomainError
from domain.faq.knowledge import load_essays
from domain.faq.matcher import Matcher
from domain.signoffs.slate_reader import read_slate, read_typed
from domain.text import clean_text

FLOORS = ("domain", "db", "bot", "cogs")
LENGTH = 10_000
"""Characters of a text: more than the 6,000 that Discord lets anybody type at once."""

CUT = {
    "domain.signoffs.slate_reader._IS_UP": 100,  # `tidy` cuts the names of pieces before
    "domain.signoffs.slate_reader._HERE_IS": 100,
    "cogs.polls.spoken_time": 100,  # `closing_time` cuts what was typed
}
"""Patterns, or modules, that only read texts of at most this many characters."""

UNITS = (
    *"aA01 \t\n-_.:/<>@\\*|é\u200b[#",
    *("a ", " a", "a-", "1 ", "1.", "1:", "- ", "\n-", "a.", "0h", "aA", "a1"),
    *("https://", "https://a<", "<@1", "<a:", ", cut 1", "v1 ", "webhooks/1", "webhooks/1/", "interactions/1/a"),
    *("in ", "at the ", "1 an ", "a day ", "is up ", "here is "),
)
ENDS = ("", "!")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
READERS: dict[str, Callable[[str], object]] = {
    "a closing time": lambda text: _typed(closing_time(text, now=NOON, zone=ZoneInfo("UTC"))),
    "a review date": lambda text: _typed(review_date(text, now=NOON, zone=ZoneInfo("UTC"))),
    "a text to keep": clean_text,
    "a text to show": lambda text: escape(text, 1024),
    "a slate": read_typed,
    "a message with a cut": lambda text: read_slate(text, [text[:200]], ["Harbour 30s"]),
    "a question": Matcher(load_essays()).ask,
    "a line of the log": redact,
}
"""Functions that read what people type."""
_SEARCHES = re.compile(r"(\w+)\.(?:search|sub|finditer|findall|split)\(")


def _typed(reading: Coroutine[Any, Any, object]) -> None:
    with contextlib.suppress(DomainError):
        asyncio.run(reading)


def patterns() -> Iterator[tuple[str, "re.Pattern[str]", bool]]:
    """Find every compiled pattern of a module or class: its name, and whether the code searches with it."""
    for floor in FLOORS:
        for found in pkgutil.walk_packages(importlib.import_module(floor).__path__, f"{floor}."):
            if found.name != "bot.__main__":
                module = importlib.import_module(found.name)
                searched = set(_SEARCHES.findall(Path(str(module.__file__)).read_text(encoding="utf-8")))
                for name, value in list(vars(module).items()):
                    for where, pattern in _of(f"{found.name}.{name}", value, module=found.name):
                        yield where, pattern, name in searched or "[" in where


def _of(name: str, value: object, *, module: str) -> Iterator[tuple[str, "re.Pattern[str]"]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield name, value
    elif isinstance(value, dict) and name.endswith("spoken_time.WORDS"):
        yield from ((f"{name}[{pattern!r}]", re.compile(pattern)) for pattern in value)
    elif isinstance(value, type) and value.__module__ == module:
        yield from ((f"{name}.{inner}", held) for inner, held in vars(value).items() if isinstance(held, re.Pattern))


def slowest(name: str, pattern: "re.Pattern[str]", *, searched: bool) -> float:
    """Seconds of processor time that the slowest text takes, searched by the pattern or matched by it as a whole."""
    length = next((cut for start, cut in CUT.items() if name.startswith(start)), LENGTH)
    words = re.findall(r"[A-Za-z]{2,}", pattern.pattern)
    ask: Callable[[str], object] = (lambda text: pattern.sub("", text)) if searched else pattern.fullmatch
    return max(_seconds(ask, text) for text in texts({*UNITS, *words}, length))


def texts(units: Iterable[str], length: int = LENGTH) -> Iterator[str]:
    """Repeat each unit, with and without something that fits at the end."""
    return (unit * (length // len(unit)) + end for unit, end in itertools.product(units, ENDS))


def _seconds(ask: Callable[[str], object], text: str) -> float:
    before = process_time()
    ask(text)
    return process_time() - before


def main() -> None:
    """Try every text on everything and print the results."""
    for name, pattern, searched in patterns():
        print(name, end="\t", flush=True)
        print(f"{slowest(name, pattern, searched=searched):.4f}", flush=True)
    for name, read in READERS.items():
        print(name, end="\t", flush=True)
        print(f"{max(_seconds(read, text) for text in texts(UNITS)):.4f}", flush=True)


if __name__ == "__main__":
    main()
