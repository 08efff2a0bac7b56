"""The measurements that all rules consist of.

A rule is a generator of sentences; each begins with the path of the offending value, as in
``data.embeds[0].title: 300 characters, at most 256 allowed``.
"""

from collections.abc import Iterator, Sequence
from typing import Any

Json = Any
"""A decoded JSON value."""

Rule = Iterator[str]
"""Violations, one sentence each."""


def items(value: Json) -> list[dict[str, Json]]:
    """Return the objects of a JSON array; anything else counts as an empty array."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(at: str, value: Json, low: int, high: int) -> Rule:
    """Check for a string of ``low`` to ``high`` characters. Discord trims it first, so blanks count as empty."""
    if value is None and low == 0:
        return
    if not isinstance(value, str):
        yield f"{at}: text is missing"
        return
    if len(value.strip()) < low:
        yield f"{at}: is empty"
    if len(value) > high:
        yield f"{at}: {len(value)} characters, at most {high} allowed"


def count(at: str, value: Sequence[Json], low: int, high: int, what: str) -> Rule:
    """Check for a list of ``low`` to ``high`` entries."""
    if len(value) < low:
        yield f"{at}: {len(value)} {what}, at least {low} needed"
    if len(value) > high:
        yield f"{at}: {len(value)} {what}, at most {high} allowed"


def unique(at: str, values: Sequence[Json], what: str) -> Rule:
    """Check that no value is repeated."""
    seen: set[Json] = set()
    for value in values:
        if value in seen:
            yield f"{at}: {what} {value!r} stands twice"
        seen.add(value)
