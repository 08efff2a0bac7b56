"""Reading a slate from a message with its files, or from a line that somebody typed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.signoffs.slate import last_cut, parse_cut, tidy
from domain.text import clean_line

SHORT_LINE = 40
"""The longest message without a cut that can pass for the name of a piece."""

_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
_WORD_ADDRESS = re.compile(r"(?:(?<=\s)|^)<?(https?://[^\s<>]+)>?(?!\S)", re.IGNORECASE)
_DISCORD = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^:>]+:)[^>]*>")
_MARKUP = re.compile(r"[*~`|]+|^[ \t]*(?:#{1,3}|-#|>|-)[ \t]+", re.MULTILINE)
_HERE_IS = re.compile(r"^(?:(?:here(?:['’]s| is| comes)|this is|new|latest|of|for|from)\b[\s:,]*)+", re.IGNORECASE)
_IS_UP = re.compile(r"\s+(?:is|are)\s+(?:up|in|here|ready|done|out|live)\b.*$", re.IGNORECASE)
_TYPED = re.compile(r"(?P<piece>.*\S), cut (?P<cut>\d{1,4})(?: <?(?P<link>https?://[^\s<>]+)>?)?")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Slate:
    """What could be read: the piece, "" for none; the cut, None for none; a link, "" for none."""

    piece: str
    cut: int | None
    link: str = ""


def read_slate(text: str, file_names: Sequence[str], known: Iterable[str] = ()) -> Slate:
    """Read piece and cut from a message and the names of its files.

    A file's name goes before what the message says, since it travels with the cut: the piece is what stands before
    the mention of the cut (``HarbourLights_30s_v07_graded.mp4`` is "HarbourLights 30s", 7). A piece that the server
    has signed before is known again however it is spelled in either, the longest name first.

    Args:
        text: The message, as Discord has it.
        file_names: The names of its attachments.
        known: Names of known pieces.
    """
    said = _plain(text)
    files = [_of_file(name) for name in file_names]
    spoken = _spoken(said)
    read = [*files, spoken]
    cut = next((slate.cut for slate in read if slate.cut is not None), None)
    with_cut = (slate.piece for slate in read if slate.cut is not None and slate.piece)
    piece = _known([*file_names, said], known) or next(with_cut, "")
    return Slate(piece or next((slate.piece for slate in files if slate.piece), "") or spoken.piece, cut)


def read_typed(text: str) -> Slate:
    """Read what somebody typed into one field: a piece, its cut, and an address if they like.

    What `typed` writes is read back exactly.
    """
    line = clean_line(text)
    if exact := _TYPED.fullmatch(line):
        return Slate(exact["piece"], int(exact["cut"]), exact["link"] or "")
    found = _WORD_ADDRESS.search(line)
    rest = clean_line(_WORD_ADDRESS.sub(" ", line))
    piece, cut = parse_cut(rest)
    return Slate(piece if cut is not None else rest, cut, found[1] if found else "")


def typed(piece: str, cut: int) -> str:
    """Return piece and cut on one line, as people may type them; what is unknown ("" or 0) is left out."""
    return ", ".join([*([piece] if piece else []), *([f"cut {cut}"] if cut else [])])


def _plain(text: str) -> str:
    """Return a message without addresses, mentions, emoji and markup."""
    return _MARKUP.sub("", _DISCORD.sub(" ", _ADDRESS.sub(" ", text)))


def _of_file(name: str) -> Slate:
    """Read a file name; what follows the cut there is its state ("graded"), not the piece."""
    if mention := last_cut(name):
        before, cut, after = mention
        return Slate(parse_cut(before)[0] or tidy(after), cut)
    return Slate(parse_cut(name)[0], None)


def _spoken(said: str) -> Slate:
    """Read a message: the piece stands before the cut on its line, else after it."""
    for line in said.splitlines():
        if mention := last_cut(line):
            before, cut, after = mention
            piece = _HERE_IS.sub("", parse_cut(before)[0])
            return Slate(piece or tidy(_IS_UP.sub("", _HERE_IS.sub("", tidy(after)))), cut)
    piece = parse_cut(said)[0]
    return Slate(piece if len(piece) <= SHORT_LINE else "", None)


def _known(texts: Iterable[str], known: Iterable[str]) -> str:
    """Return the known piece that one of `texts` names, the longest name first; "" for none."""
    spoken = " | ".join(f" {_words(text)} " for text in texts)
    named = {words: piece for piece in known if (words := _words(piece)) and f" {words} " in spoken}
    return named[max(named, key=len)] if named else ""


def _words(text: str) -> str:
    """Return the words of a name, however they were joined: "HarbourLights_30s" and "Harbour Lights 30s" are alike."""
    return " ".join(_WORD.findall(_HUMP.sub(" ", text))).casefold()
