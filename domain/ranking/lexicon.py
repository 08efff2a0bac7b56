"""Words as a film crew uses them: tokens, stems, synonyms, for the FAQ's ranking by words.

The words are in `lexicon.toml`.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# Markup without a topic: mentions, custom emoji, timestamps, links.
_DISCORD = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^:>]*:)[^>\s]*>|https?://\S+|@(?:everyone|here)\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class _Lexicon(NamedTuple):
    """The tables of `lexicon.toml`: sets of stop words, filler and practical words, groups of synonyms, phrases."""

    stop: frozenset[str]
    filler: frozenset[str]
    practical: frozenset[str]
    synonyms: tuple[tuple[str, ...], ...]
    phrases: dict[str, str]
    phrase: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    """Read the tables at the first comparison, so that an idle bot does not hold them."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    stop, filler, practical = (frozenset(data[name].split()) for name in ("stop", "filler", "practical"))
    synonyms = tuple(tuple(group.split()) for group in data["synonyms"].strip().splitlines())
    longest_first = sorted(data["phrases"], key=len, reverse=True)
    phrase = re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")s?\b")
    return _Lexicon(stop, filler, practical, synonyms, data["phrases"], phrase)


def stop_words() -> frozenset[str]:
    """Return the words that say nothing about a topic."""
    return _lexicon().stop


_ENDINGS = (
    ("ization", "ize"),
    ("isation", "ize"),
    ("ising", "ize"),
    ("izing", "ize"),
    ("ised", "ize"),
    ("ized", "ize"),
    ("ise", "ize"),
    ("ments", ""),
    ("ment", ""),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("edly", ""),
    ("ed", ""),
    ("ers", "er"),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
)
_SHORTEST_STEM = 3


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without its commonest English endings; both spellings of -ise and -our give the same."""
    word = word.replace("our", "or") if len(word) > 4 else word
    for ending, instead in _ENDINGS:
        kept = word.removesuffix(ending)
        if kept != word and len(kept) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = kept + instead
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


@cache
def _heads() -> dict[str, str]:
    """Map each synonym, and its stem, to the word that stands for its group."""
    heads: dict[str, str] = {}
    for group in _lexicon().synonyms:
        for word in group:
            heads.setdefault(word, group[0])
    for word, head in list(heads.items()):
        heads.setdefault(stem(word), head)
    return heads


@cache
def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


@lru_cache(maxsize=8192)
def is_practical(term: str) -> bool:
    """Return whether a term of `terms` marks a practical request."""
    return term in _stems(_lexicon().practical)


@lru_cache(maxsize=8192)
def is_filler(term: str) -> bool:
    """Return whether a term of `terms` says little about a topic."""
    return term in _stems(_lexicon().filler)


def normal(text: str) -> str:
    """Return `text` in compatibility form and lower case, without accents, mentions and links."""
    plain = _DISCORD.sub(" ", text)
    folded = unicodedata.normalize("NFKD", plain.replace("\u2019", "'")).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))


def terms(text: str) -> tuple[str, ...]:
    """Return the content words of `text` in order: synonyms as one word, others as stems, stop words left out."""
    lexicon = _lexicon()
    plain = normal(text).replace(",000", "000")
    joined = lexicon.phrase.sub(lambda found: f" {lexicon.phrases[found.group(1)]} ", plain)
    words = (word.removesuffix("'s").replace("'", "") for word in _WORD.findall(joined))
    heads = _heads()
    return tuple(heads.get(word) or heads.get(stem(word)) or stem(word) for word in words if word not in lexicon.stop)
