"""The sentences that people read when something was refused or failed, by key."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def _sentences() -> dict[str, str]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def keys() -> frozenset[str]:
    """Return every key that `words` knows."""
    return frozenset(_sentences())


def words(key: str, **params: object) -> str:
    """Return the sentence for `key` with `params` filled in.

    Raises:
        KeyError: there is no such sentence, or a parameter of it is missing.
    """
    return _sentences()[key].format(**params)
