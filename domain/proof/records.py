"""Reading the lines of any file as records of a proof, in constant memory, with faults in words."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from domain.decision_log.chain import SAFE_INTEGER

Item = TypeVar("Item")

LINE_LIMIT = 2 * 1024 * 1024
"""The longest line that is read, in bytes; the bot writes at most half of it."""

_WHITE = " \t\r\n"
"""What JSON takes for white space."""

BLANK_LINES_LIMIT = 1000
"""Blank lines that an editor may have added; a file with more is not the bot's."""

_BODY = re.compile(r'\{"body":"((?:[^"\\\x00-\x1f]++|\\")*+)",')
"""The start of an entry's line whose body only has escaped quotes, as nearly all lines of the bot."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. `entry` is the number where it shows; None for the file as a whole."""

    entry: int | None
    what: str
    why: str


class BrokenError(Exception):
    """Ends a walk at the first fault; never leaves `domain.proof.verifier`."""

    def __init__(self, entry: int | None, what: str, why: str) -> None:
        super().__init__(what)
        self.fault = Fault(entry, what, why)


def readable(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items; raise BrokenError if one cannot be read, such as text that is not UTF-8."""
    try:
        yield from items
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenError(None, "What is stored cannot be read", "It was damaged or edited.") from error


NESTING_LIMIT = 64
"""How deeply the JSON of a proof may be nested: far more than the bot writes. Python's limit varies by caller."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')
_BRACKETS = re.compile(r"[\[\]{}]")


def _whole(digits: str) -> int:
    number = int(digits)  # which refuses what is written like 1.5 or NaN: the log keeps no such numbers
    if abs(number) > SAFE_INTEGER:
        raise ValueError("the log keeps no number as large")
    return number


_decode = json.JSONDecoder(parse_float=int, parse_int=_whole, parse_constant=int).decode


def decode(text: str) -> Any:
    """Read JSON as the log writes it: integers up to `chain.SAFE_INTEGER`, nesting up to `NESTING_LIMIT`.

    Raises:
        ValueError: It is anything else.
    """
    if text.count("[") + text.count("{") > NESTING_LIMIT and _nesting(text) > NESTING_LIMIT:
        raise ValueError("it is nested too deeply")
    return _decode(text)


def _nesting(text: str) -> int:
    signs = _BRACKETS.findall(_STRING.sub("", text))
    return max(accumulate(1 if sign in "[{" else -1 for sign in signs), default=0)


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
            record = _record(text) if text.strip(_WHITE) else None
        except (ValueError, RecursionError) as error:
            raise BrokenError(
                None, f"Line {self.number} cannot be read", "It is cut off or no proof at all."
            ) from error
        if isinstance(record, dict):
            return record
        if text.strip(_WHITE):
            raise BrokenError(None, f"Line {self.number} is no entry", "Each line of a proof is a JSON object.")
        self._blank += 1
        if self._blank > BLANK_LINES_LIMIT:
            raise BrokenError(None, f"Line {self.number} is blank as many before it", "This is not the bot's file.")
        return None


def _record(line: str) -> Any:
    """Return the JSON of a line. An entry's body is half of it and has many quotes, which are unescaped in one go."""
    found = _BODY.match(line)
    if found is None:
        return decode(line.removeprefix("\ufeff"))
    record = decode("{" + line[found.end() :])
    if "body" not in record:  # a second body would win, as in any reader of JSON
        record["body"] = found[1].replace('\\"', '"')
    return record
