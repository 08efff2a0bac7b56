from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.polls.outcomes.review_dates import review_date
from domain.errors import DomainError
from domain.polls.outcomes import REVIEW_WITHIN

TAIPEI, LISBON = ZoneInfo("Asia/Taipei"), ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 11, 30, 20, tzinfo=UTC)  # in Taipei it is already the first of December


@pytest.mark.parametrize(
    ("typed", "zone", "morning"),
    [
        ("in 3 months", LISBON, "2027-02-28 09:00"),
        ("3 months", TAIPEI, "2027-03-01 09:00"),
        ("A Week", LISBON, "2026-12-07 09:00"),
        ("in 90 days", TAIPEI, "2027-03-01 09:00"),
        ("1 year", LISBON, "2027-11-30 09:00"),
        ("2027-07-01", LISBON, "2027-07-01 09:00"),
        ("  2027-07-01 ", TAIPEI, "2027-07-01 09:00"),
        ("tomorrow", TAIPEI, "2026-12-02 09:00"),
        ("1 March 2027", LISBON, "2027-03-01 09:00"),
    ],
)
async def test_a_review_falls_on_a_morning_where_the_crew_works(typed: str, zone: ZoneInfo, morning: str) -> None:
    at = await review_date(typed, now=NOW, zone=zone)
    assert at is not None
    assert f"{at.astimezone(zone):%Y-%m-%d %H:%M}" == morning


async def test_no_review_was_asked_for() -> None:
    assert await review_date(" \n ", now=NOW, zone=LISBON) is None


@pytest.mark.parametrize("typed", ["soon", "wrap", "0000-00-00", "0001-01-01", "9999-12-31", "🎬"])
async def test_what_is_no_day_is_refused_in_words(typed: str) -> None:
    with pytest.raises(DomainError, match=r"outcomes\.review_unclear"):
        await review_date(typed, now=NOW, zone=LISBON)


@pytest.mark.parametrize("typed", ["9999 days", "9999 weeks", "9999 years", "in 6 years", "2040-01-01"])
async def test_a_day_too_far_off_stays_within_the_calendar(typed: str) -> None:
    try:
        at = await review_date(typed, now=NOW, zone=TAIPEI)
    except DomainError as error:
        assert error.key == "outcomes.review_too_late"  # noqa: PT017 - either is right; the record refuses the date
    else:
        assert at is not None
        assert at - NOW > REVIEW_WITHIN


@given(st.integers(0, 59), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - made aware below
async def test_a_span_of_months_never_runs_over_into_the_next(months: int, now: datetime) -> None:
    start = now.replace(tzinfo=UTC)
    at = await review_date(f"{months} months", now=start, zone=ZoneInfo("UTC"))
    assert at is not None
    assert (at.year * 12 + at.month) - (start.year * 12 + start.month) == months
    assert at.day == start.day or (at.day < start.day and (at + timedelta(days=1)).day == 1)
