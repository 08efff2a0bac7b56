"""Names that only look alike: letters of other scripts in the place of Latin ones, as Unicode lists them.

Such names keep keys of their own, for most people who mix scripts mean no harm; who is about to act is asked instead.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path

from domain.names.keys import matches, name_key, pattern_key, visible
from domain.text import clean_line

LOOKS = Path(__file__).with_name("lookalikes.txt")


@lru_cache(maxsize=1)
def looks() -> dict[int, str]:
    """Return the Latin letters that letters of other scripts look like, by code point; read when first asked for."""
    found: dict[int, str] = {}
    for line in LOOKS.read_text(encoding="ascii").splitlines():
        if line and not line.startswith("#"):
            look, *codes = line.split()
            found |= dict.fromkeys((int(code, 16) for code in codes), look)
    return found


def skeleton(name: str) -> str:
    """Return what a name looks like in Latin letters; names with the same skeleton look alike.

    Give it the name as it was typed where that is known: a capital may look like another letter than its small form
    does (a Greek capital nu looks like N, a small one like v). Digits stay, so names that differ in a number differ
    here as well.
    """
    return _as_seen(name_key(_in_latin(unicodedata.normalize("NFKC", _in_latin(clean_line(name))))))


def _in_latin(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(looks())


def _as_seen(key: str) -> str:
    return key.replace("i", "l")  # capital I is an l, in most fonts and in Unicode's list


def are_near(name: str, other: str) -> bool:
    """Whether two names have different keys and look alike, by letters of more than one script."""
    if name.isascii() and other.isascii():
        return False
    return name_key(name) != name_key(other) and skeleton(name) == skeleton(other) and _mixes(name, other)


def is_near_pattern(name: str, pattern: str) -> bool:
    """Whether a name only looks as if a policy's pattern matched it."""
    if (name.isascii() and pattern.isascii()) or matches(name_key(name), pattern_key(pattern)):
        return False
    return matches(skeleton(name), _as_seen(pattern_key(_in_latin(pattern)))) and _mixes(name, pattern)


def _mixes(*names: str) -> bool:
    letters = (sign for name in names for sign in unicodedata.normalize("NFD", visible(name)) if sign.isalpha())
    return len({_script(letter) for letter in letters}) > 1


def _script(letter: str) -> str:
    """Return the first word of the letter's name in Unicode; phonetic letters that look Latin are not of Latin."""
    script = unicodedata.name(letter, "").partition(" ")[0]
    return "PHONETIC" if script == "LATIN" and ord(letter) in looks() else script
