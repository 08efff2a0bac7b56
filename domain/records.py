"""The lines of a proof as records, whatever the file is: bounded, in constant memory, faults in words."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

Item = TypeVar("Item")

LINE_LIMIT = 2 * 1024 * 1024
"""Bytes of the longest line that is read; the bot writes none over half of it."""

BLANK_LINES_LIMIT = 1000
"""Blank lines that an editor may have left; more are not the bot's file."""

_BODY = re.compile(r'\{"body":"((?:[^"\\\x00-\x1f]++|\\")*+)",')
"""The beginning of an entry's line whose body needs no unescaping but of quotes: all that the bot writes so."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. `entry` is the number where it shows, or None for the file as a whole."""

    entry: int | None
    what: str
    why: str


class BrokenError(Exception):
    """Ends a walk at the first fault; never leaves `domain.verify`."""

    def __init__(self, entry: int | None, what: str, why: str) -> None:
        super().__init__(what)
        self.fault = Fault(entry, what, why)


def readable(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; BrokenError if one cannot even be read, such as text that is not UTF-8."""
    try:
        yield from items
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenError(None, "What is stored cannot be read", "It was damaged or edited.") from error


decode = json.JSONDecoder(parse_float=int, parse_constant=int).decode
"""Reads JSON; `int` refuses what is written like 1.5 or NaN, since the log keeps no such numbers."""


class Reader:
    """Reads lines one by one, counting them."""

    def __init__(self) -> None:
        self.number = 0
        self._blank = 0

    def read(self, line: str | bytes) -> dict[str, Any] | None:
        """Return the JSON object of the next line, None for a blank one.

        Raises:
            BrokenError: for a line that is too long, not UTF-8, not JSON, or not an object.
        """
        if len(line) > LINE_LIMIT:
            raise BrokenError(None, f"Line {self.number} is longer than any the bot writes", "This is not its file.")
        try:
            text = line.decode() if isinstance(line, bytes) else line
            record = _record(text) if text.strip() else None
        except (ValueError, RecursionError) as error:
            raise BrokenError(
                None, f"Line {self.number} cannot be read", "It is cut off or no proof at all."
            ) from error
        if isinstance(record, dict):
            return record
        if text.strip():
            raise BrokenError(None, f"Line {self.number} is no entry", "Each line of a proof is a JSON object.")
        self._blank += 1
        if self._blank > BLANK_LINES_LIMIT:
            raise BrokenError(None, f"Line {self.number} is blank as many before it", "This is not the bot's file.")
        return None


def _record(line: str) -> Any:
    """The JSON of a line. An entry's body makes half of it and is mostly quotes: those are unescaped in one go."""
    found = _BODY.match(line)
    if found is None:
        return decode(line.removeprefix("\ufeff"))
    record = decode("{" + line[found.end() :])
    if "body" not in record:  # a second body would win, as in any reader of JSON
        record["body"] = found[1].replace('\\"', '"')
    return record
