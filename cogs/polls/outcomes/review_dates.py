"""Reading the day on which a crew wants to look at a verdict again."""

import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.errors import DomainError
from domain.polls.outcomes import REVIEW_WITHIN

REVIEWED_AT = time(9)
"""The time of day, by the crew's clock, at which a review is due."""

LONGEST_TYPED = 50
"""Characters that the form takes, and that dateparser gets to read at most."""

_SPAN = re.compile(r"(?:in\s+)?(\d{1,4}|an?)\s+(day|week|month|year)s?", re.IGNORECASE)
_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}


async def review_date(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the morning of the day that `text` names: `in 3 months`, `2026-12-01`, `next Friday`; None if it is blank.

    Args:
        text: what was typed.
        now: by Discord's clock, in UTC.
        zone: where the crew works.

    Raises:
        DomainError: outcomes.review_unclear, outcomes.review_too_late.
    """
    text = " ".join(text[:LONGEST_TYPED].split())
    if not text:
        return None
    today = now.astimezone(zone).date()
    day = _iso(text) or _after(text, today) or await asyncio.to_thread(_spoken, text, now.astimezone(zone))
    if day is None:
        raise DomainError("outcomes.review_unclear")
    return datetime.combine(day, REVIEWED_AT, zone).astimezone(UTC)


def _iso(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 <= day.year < 9999:  # the ends of the calendar have no morning in every zone
        raise DomainError("outcomes.review_unclear")
    return day


def _after(text: str, today: date) -> date | None:
    """Return the day that a span such as `3 months` ends on; the last of a month that is too short."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    number, unit = match[1].lower(), match[2].lower()
    count = int(number) if number.isdigit() else 1
    if unit in _DAYS:
        return _bounded(today, timedelta(days=count * _DAYS[unit]))
    months = today.year * 12 + today.month - 1 + count * _MONTHS[unit]
    first = date(min(months // 12, 9000), months % 12 + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=today.day - 1), after - timedelta(days=1))


def _bounded(today: date, span: timedelta) -> date:
    if span > REVIEW_WITHIN:
        raise DomainError("outcomes.review_too_late")
    return today + span


def _spoken(text: str, now: datetime) -> date | None:
    import dateparser

    at = dateparser.parse(
        text, languages=["en"], settings={"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}
    )
    return at.date() if at and 1970 <= at.year < 9000 else None
