"""The slate of a sign-off: reading and checking the piece, the cut and the link."""

import re
from urllib.parse import urlsplit

from domain.errors import DomainError
from domain.names.keys import visible
from domain.text import clean_line

PIECE_LENGTH = 100
CUTS = range(1, 10_000)
LINK_LENGTH = 500

_EXTENSION = re.compile(
    r"\.(?:mov|mp4|m4v|mxf|mkv|avi|webm|r3d|braw|wav|aiff?|mp3|m4a|png|jpe?g|gif|tiff?|exr|dpx|psd|pdf|zip"
    r"|prproj|drp|aep)$",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?<![a-z0-9])(?:v|ver|version|cut)[ ._-]?0*([1-9]\d{0,3})(?![a-z0-9]|\.\d)", re.IGNORECASE)
_EDGES = " .,;:_-–—()[]#"  # dashes of every length
_EXPIRING = ("cdn.discordapp.com", "media.discordapp.net")


def parse_cut(text: str) -> tuple[str, int | None]:
    """Read piece and cut from a file name or a message: ``Spot_30s_v12.mov`` is ("Spot 30s", 12).

    The last mention of a cut counts ("v3", "cut 3", "version_03", 1 to 9999); a message of several lines is read
    on the line with that mention, else on the first. The piece may be "" and is at most PIECE_LENGTH long.
    """
    lines = [clean_line(line) for line in text.splitlines() if clean_line(line)] or [""]
    for line in lines:
        if mention := last_cut(line):
            before, cut, after = mention
            return tidy(f"{before} {after}"), cut
    return tidy(_EXTENSION.sub("", lines[0])), None


def last_cut(line: str) -> tuple[str, int, str] | None:
    """Return the last mention of a cut on a line, between the text before and after it; ignore a file extension."""
    stem = _EXTENSION.sub("", clean_line(line))
    mentions = list(_CUT.finditer(stem))
    if not mentions:
        return None
    last = mentions[-1]
    return stem[: last.start()], int(last[1]), stem[last.end() :]


def tidy(text: str) -> str:
    """Turn part of a file name or message into the name of a piece, at most PIECE_LENGTH long."""
    return clean_line(text.replace("_", " ")).strip(_EDGES)[:PIECE_LENGTH].strip(_EDGES)


def check_piece(piece: str) -> str:
    """Return the cleaned name of a piece; something of it must show.

    Raises:
        DomainError: signoffs.no_piece, signoffs.piece_too_long.
    """
    cleaned = clean_line(piece)
    if not visible(cleaned):
        raise DomainError("signoffs.no_piece")
    if len(cleaned) > PIECE_LENGTH:
        raise DomainError("signoffs.piece_too_long", length=len(cleaned), limit=PIECE_LENGTH)
    return cleaned


def check_cut(cut: int) -> int:
    """Return `cut` if it is 1 to 9999.

    Raises:
        DomainError: signoffs.bad_cut.
    """
    if cut not in CUTS:
        raise DomainError("signoffs.bad_cut", cut=cut, first=CUTS[0], last=CUTS[-1])
    return cut


def check_link(link: str) -> str:
    """Return a web address that will still work next year, or "" for none.

    Raises:
        DomainError: signoffs.link_too_long, signoffs.bad_link (not http(s), no host, a user name or spaces in it),
            signoffs.link_expires (an attachment's address, which Discord lets expire after a day).
    """
    cleaned = clean_line(link)
    if not cleaned:
        return ""
    if len(cleaned) > LINK_LENGTH:
        raise DomainError("signoffs.link_too_long", length=len(cleaned), limit=LINK_LENGTH)
    host = _host(cleaned)
    if host is None:
        raise DomainError("signoffs.bad_link")
    if host in _EXPIRING:
        raise DomainError("signoffs.link_expires")
    return cleaned


def _host(link: str) -> str | None:
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return None
    honest = parts.scheme in {"http", "https"} and "@" not in parts.netloc and " " not in link
    return host if honest else None
