"""Text typed by people, made safe to store, to compare and to show."""

import unicodedata

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Bidirectional overrides and isolates: they could disguise a name or a number."""

_HIDDEN = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff"  # soft hyphen, direction marks, zero-width space, word joiner, BOM
    f"{BIDI_CONTROLS}"
    "\ufff9\ufffa\ufffb\ufffe\uffff"  # interlinear annotation, noncharacters
)
_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_TO_NEWLINE = str.maketrans(dict.fromkeys(_BREAKS, "\n"))


def _visible(character: str) -> bool:
    if character in _HIDDEN:
        return False
    return character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}


LONG = 300
"""The length from which a text is searched for stacked marks."""

MOST_MARKS = 30
"""Marks kept on one letter, as in Unicode's stream-safe format (UAX #15); NFC takes quadratic time in their number."""


def _few_marks(text: str) -> str:
    kept, run = [], 0
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        run = run + len(parts) if unicodedata.combining(parts[0]) else 0
        if run <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def without_lone_surrogates(text: str) -> str:
    """Return `text` without lone surrogates: JSON can carry them, a database or a reply cannot."""
    return text.encode(errors="ignore").decode()


def clean_text(text: str) -> str:
    """Return `text` in Unicode NFC, without invisible characters that mislead.

    Removed: control characters (NUL too), lone surrogates, bidirectional controls and zero-width characters that
    no script needs; in long texts also marks stacked by the dozen. Kept: line breaks (normalised, at most two in a
    row) and the joiners of emoji, Persian and Indic scripts.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TO_NEWLINE)
    if not lines.replace("\n", " ").isprintable():  # nearly all texts are, and checking each character is slow
        lines = "".join(filter(_visible, lines))
    if len(lines) > LONG and not lines.isascii():
        lines = _few_marks(lines)
    seen = unicodedata.normalize("NFC", lines)
    kept = "\n".join(" ".join(line.split()) for line in seen.split("\n")).strip()
    while "\n\n\n" in kept:
        kept = kept.replace("\n\n\n", "\n\n")
    return kept


def clean_line(text: str) -> str:
    """Return `text` cleaned as `clean_text` does, on one line with single spaces."""
    return " ".join(clean_text(text).split())


def piece_key(piece: str) -> str:
    """Return what two spellings of one piece have in common: NFC, letter case folded, single spaces."""
    return unicodedata.normalize("NFC", clean_line(piece).casefold())
