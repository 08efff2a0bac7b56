"""BERT's tokens: turn text into the numbers that the embedding model reads.

WordPiece as `google-research/bert` published it with the uncased English models (Apache-2.0), and its vocabulary of
30,522 pieces in `vocabulary.txt`. The `tokenizers` package does the same but depends on the client of a model hub.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

VOCABULARY = Path(__file__).with_name("vocabulary.txt")
UNKNOWN, START, END = 100, 101, 102
_LONGEST_WORD = 100  # characters, as BERT has it

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002ceaf"
_CJK += "\U0002f800-\U0002fa1f"
_SPACED = re.compile(f"([{_CJK}])")


class WordPiece:
    """Splits texts into tokens. Reading the vocabulary takes about 10 ms, so make one and keep it."""

    def __init__(self, vocabulary: Path = VOCABULARY) -> None:
        pieces = vocabulary.read_text(encoding="utf-8").split("\n")[:-1]
        self._numbers = {piece: number for number, piece in enumerate(pieces)}
        self._of_word = lru_cache(maxsize=20_000)(self._pieces)

    def tokens(self, text: str, most: int) -> list[int]:
        """Return the numbers of at most `most` tokens of `text`; the first and the last mark its ends."""
        found: list[int] = []
        for word in words(text):
            if len(found) >= most - 2:
                break
            found += self._of_word(word)
        return [START, *found[: most - 2], END]

    @property
    def size(self) -> int:
        """The number of pieces in the vocabulary."""
        return len(self._numbers)

    def number(self, piece: str) -> int:
        """Return the number of a piece; `UNKNOWN` if there is no such piece."""
        return self._numbers.get(piece, UNKNOWN)

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Split a word greedily: the longest known piece from the start, then the longest from there, and so on."""
        found: list[int] = []
        begin = 0
        while begin < len(word) <= _LONGEST_WORD:
            for end in range(len(word), begin, -1):
                piece = word[begin:end] if begin == 0 else f"##{word[begin:end]}"
                if (number := self._numbers.get(piece)) is not None:
                    found.append(number)
                    begin = end
                    break
            else:
                return (UNKNOWN,)
        return tuple(found) or (UNKNOWN,)


def words(text: str) -> list[str]:
    """Split `text`, lower-cased and without accents, at white space and around each punctuation mark."""
    kept = "".join(" " if _is_space(c) else c for c in text if not _is_noise(c))
    folded = unicodedata.normalize("NFD", _SPACED.sub(r" \1 ", kept)).lower()
    plain = "".join(c for c in folded if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if _is_mark(c) else c for c in plain).split()


def _is_space(c: str) -> bool:
    return c in "\t\n\r" or unicodedata.category(c) == "Zs"


def _is_noise(c: str) -> bool:
    return c in "\0\ufffd" or (c not in "\t\n\r" and unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs"})


def _is_mark(c: str) -> bool:
    return (c.isascii() and c.isprintable() and not c.isalnum() and c != " ") or unicodedata.category(c).startswith("P")
