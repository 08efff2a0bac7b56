"""Instants as text: UTC with milliseconds, `2026-11-20T10:00:00.123Z`, which sorts by time."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """Write an aware `at` in UTC, cut to milliseconds.

    Raises:
        ValueError: `at` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote.

    Raises:
        ValueError: `text` is not such an instant.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at
