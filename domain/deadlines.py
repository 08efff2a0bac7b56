"""Short ways to say how long: `90m`, `2h`, `3d`, `1d 12h`."""

import re
from datetime import timedelta

_PART = re.compile(r"(\d{1,5})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(?![^\W\d_])", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta | None:
    """Read a span such as `2h` or `1d 12h`; None if `text` is anything else."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" ,"):
        return None
    return sum((timedelta(**{_UNITS[unit[0].lower()]: int(number)}) for number, unit in parts), timedelta())
