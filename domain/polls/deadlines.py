"""Durations in short form: `90m`, `2h`, `3d`, `1d 12h`."""

import re
from datetime import timedelta

_PART = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(?![^\W\d_])", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta | None:
    """Read a duration such as `2h` or `1d 12h`; return None if `text` is anything else."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" ,"):
        return None
    return sum((timedelta(**{_UNITS[unit[0].lower()]: int(number)}) for number, unit in parts), timedelta())


def shortest(span: timedelta) -> str:
    """Write a duration of whole minutes so that `duration` reads it: `1d 12h`."""
    minutes = int(span.total_seconds()) // 60
    parts = ((minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "m"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0m"
