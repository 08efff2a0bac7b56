"""Reading when a poll should close."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.polls.options import closing_time
from domain.errors import DomainError

UTC_ZONE = ZoneInfo("UTC")
LISBON, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
"""A Wednesday."""

dates = st.from_regex(r"(next |on )?[0-9]{1,4}[ :/.-]?[0-9a-z]{0,6}( [0-9:]{1,8})?", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (None, timedelta(days=1)),
        ("  ", timedelta(days=1)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("2 hours", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("1d 12h", timedelta(hours=36)),
        ("1W", timedelta(weeks=1)),
    ],
)
async def test_a_span_counts_from_now(text: str | None, after: timedelta) -> None:
    assert await closing_time(text, now=NOW, zone=TOKYO) == NOW + after


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        ("tomorrow 18:00", UTC_ZONE, datetime(2026, 11, 19, 18, 0, tzinfo=UTC)),
        ("tomorrow 18:00", TOKYO, datetime(2026, 11, 19, 9, 0, tzinfo=UTC)),
        ("Friday noon", UTC_ZONE, datetime(2026, 11, 20, 12, 0, tzinfo=UTC)),
        ("friday 9:15", LISBON, datetime(2026, 11, 20, 9, 15, tzinfo=UTC)),
        ("18:00", UTC_ZONE, datetime(2026, 11, 18, 18, 0, tzinfo=UTC)),
        ("9:00", UTC_ZONE, datetime(2026, 11, 19, 9, 0, tzinfo=UTC)),
        ("2026-12-01 08:00", UTC_ZONE, datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("in 2 hours", UTC_ZONE, NOW + timedelta(hours=2)),
    ],
)
async def test_a_time_of_day_is_meant_where_the_crew_works(text: str, zone: ZoneInfo, at: datetime) -> None:
    assert await closing_time(text, now=NOW, zone=zone) == at


@pytest.mark.parametrize(
    "text", ["wrap", "when we are done", "🎬", "-", "noon noon noon", "[]" * 500, "\x00", "0001-01-01"]
)
async def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(DomainError, match=r"polls\.closes_unclear"):
        await closing_time(text, now=NOW, zone=TOKYO)


async def test_a_span_beyond_the_calendar_is_too_late() -> None:
    with pytest.raises(DomainError, match=r"polls\.closes_too_late"):
        await closing_time("99999w " * 90, now=NOW, zone=UTC_ZONE)


@settings(deadline=None)  # the first parse loads the parser
@given(st.text(max_size=40) | dates)
async def test_whatever_is_typed_is_an_instant_or_a_no_in_words(text: str) -> None:
    try:
        at = await closing_time(text, now=NOW, zone=LISBON)
    except DomainError as error:
        assert error.key in {"polls.closes_unclear", "polls.closes_too_late"}  # noqa: PT017 - either way is right
    else:
        assert at.tzinfo is UTC
