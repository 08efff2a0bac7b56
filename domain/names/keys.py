"""The keys by which names of pieces, tasks and policies are compared: what looks the same has the same key.

The key of a name depends on the version of Unicode that Python knows, so no key of this rule is stored.
"""

import re
import unicodedata
from fnmatch import fnmatchcase
from functools import lru_cache

from domain.text import clean_line

_HIDDEN = re.compile(
    # what Unicode ignores by default and is not of category Cf: joiners, fillers, variation selectors, reserved ones
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
    # what has a blank glyph: Braille, an object's place, hieroglyphs, a Khitan filler, a note without a head
    "\u2800\ufffc\U00013441\U00013442\U00016fe4\U0001d159]"
)
_EMOJI = re.compile(
    "[\u00a9\u00ae\u20e3\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab\u25b6"
    "\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f"
    "\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699"
    "\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4"
    "\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728"
    "\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d"
    # the blocks of pictures, but for their letters in boxes
    "\U0001f000-\U0001f0ff\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e-\U0001faff\U0001fc00-\U0001fffd]"
)
_AS_APOSTROPHE = str.maketrans(dict.fromkeys("`\u00b4\u0384\u1fbd\u1fbf", "'"))
"""Typed for an apostrophe; NFKC would make a space and an accent of most of them."""

_APOSTROPHES = frozenset(
    "'\u2018\u2019\u201b\u2032"  # typewriter, quotation marks, prime
    "\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\ua78c"  # modifier letters, saltillo
    "\u055a\u05f3\u07f4\u07f5"  # Armenian, Hebrew, N'Ko
)
_KEPT = frozenset("#%&@")
_LIKE_PUNCTUATION = frozenset("\u2044\u2212\u2215\u2216\u2217\u2219\u22c5\u2236\u29f5\u29f8")
"""Signs of mathematics that look like a slash, hyphen, star, dot or colon."""

_POINT_BY_WILD = re.compile(r"(?<=\d)\.(?=[*?])|(?<=[*?])\.(?=\d)")
"""A point of which nobody knows whether it parts two digits: it may be a space in the key of a name."""

_STAR, _ANY = "\ufdd0", "\ufdd1"
_WILD = frozenset({_STAR, _ANY})
_TO_WILD = str.maketrans({"*": _STAR, "?": _ANY, _STAR: None, _ANY: None})
"""Stand for the wildcards of a pattern while its text is folded; Unicode keeps both from being characters."""

_FROM_WILD = str.maketrans({_STAR: "*", _ANY: "?"})
_NO_WILD = str.maketrans("", "", _STAR + _ANY)


def visible(name: str) -> str:
    """Return what can be seen of a name, on one line and in one form: NFKC with letter case folded; "" for nothing."""
    line = clean_line(name)
    if line.isascii():
        return line.translate(_AS_APOSTROPHE).casefold()
    while (folded := clean_line(_fold(line))) != line:
        line = folded
    return line


def _fold(line: str) -> str:
    seen = "".join(sign for sign in line.translate(_AS_APOSTROPHE) if sign.isascii() or not _is_hidden(sign))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or _HIDDEN.match(sign) is not None


def name_key(name: str) -> str:
    """Return what all spellings of a name have in common.

    Letter case, what cannot be seen, emoji, and apostrophes inside words do not count; other punctuation counts as a
    space, but for a point between digits and `# % & @`. Where nothing is left, the key is what can be seen.
    """
    shown = key = visible(name)
    while (spelled := visible(_spell(key))) != key:
        key = spelled
    return key or shown


def _spell(text: str) -> str:
    if text.replace(" ", "").isalnum() and text.isascii():
        return text
    around = f" {_EMOJI.sub('', text)} "
    return "".join(_sign(*around[at - 1 : at + 2]) for at in range(1, len(around) - 1))


def _sign(before: str, sign: str, after: str) -> str:
    """Return what is left of a sign between two others."""
    if sign in _APOSTROPHES:
        between_digits = before.isdecimal() and after.isdecimal()
        return "" if _in_word(before) and _in_word(after) and not between_digits else " "
    if sign == ".":
        return "." if _has_point(before, after) else " "
    if sign in _KEPT or not _is_punctuation(sign):
        return sign
    return " "


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in _WILD or unicodedata.category(sign).startswith("M")


def _has_point(before: str, after: str) -> bool:
    """Whether a point between these parts a number; in patterns a wildcard may stand for one of its digits."""
    digits = before.isdecimal() + after.isdecimal()
    return digits == 2 or (digits == 1 and not _WILD.isdisjoint((before, after)))


def _is_punctuation(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category.startswith("P") or category == "Sk" or sign in _LIKE_PUNCTUATION


@lru_cache(maxsize=256)  # a server has few patterns, and none is personal
def pattern_key(pattern: str) -> str:
    """Return the key of a policy's pattern: the text between its wildcards `*` and `?` is folded as names are."""
    typed = pattern.translate(_TO_WILD)
    key = name_key(typed)
    wild_alone = not key.translate(_NO_WILD).strip()
    return (visible(typed) if wild_alone else key).translate(_FROM_WILD)


def matches(key: str, pattern: str) -> bool:
    """Whether a name's key matches a pattern's."""
    return fnmatchcase(key, _POINT_BY_WILD.sub("[. ]", pattern.replace("[", "[[]")))
