"""Times as crews type them, read where they work."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.polls.spoken_time import END_OF_DAY, WEEKDAYS, spoken_time
from domain.errors import DomainError

LISBON, TAIPEI, UTC_ZONE = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Taipei"), ZoneInfo("UTC")
WEDNESDAY = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
FRIDAY_AFTERNOON = datetime(2026, 11, 20, 14, tzinfo=UTC)
LATE = (END_OF_DAY.hour, END_OF_DAY.minute)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
ZONES = st.sampled_from([LISBON, TAIPEI, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe"), UTC_ZONE])


def local(text: str, now: datetime, zone: ZoneInfo) -> tuple[int, ...] | None:
    """Return month, day, hour and minute on the crew's clock."""
    at = spoken_time(text, now=now, zone=zone)
    return at.astimezone(zone).timetuple()[1:5] if at else None


@pytest.mark.parametrize("zone", [LISBON, TAIPEI])
@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("tomorrow 18:00", (11, 19, 18, 0)),
        ("18:00 tomorrow", (11, 19, 18, 0)),
        ("tomorrow, 6pm", (11, 19, 18, 0)),
        ("tomorrow 18.30", (11, 19, 18, 30)),
        ("tomorrow 18h", (11, 19, 18, 0)),
        ("Tomorrow at noon.", (11, 19, 12, 0)),
        ("tomorrow morning", (11, 19, 9, 0)),
        ("the day after tomorrow at noon", (11, 20, 12, 0)),
        ("tomorrow", (11, 19, *LATE)),
        ("end of day", (11, 18, *LATE)),
        ("tonight", (11, 18, *LATE)),
        ("midnight", (11, 18, *LATE)),
        ("eod Friday", (11, 20, *LATE)),
        ("today 21:00", (11, 18, 21, 0)),
        ("20:00", (11, 18, 20, 0)),
        ("8:00", (11, 19, 8, 0)),
        ("20h15", (11, 18, 20, 15)),
        ("12am", (11, 19, 0, 0)),
        ("Friday noon", (11, 20, 12, 0)),
        ("by fri 9:15", (11, 20, 9, 15)),
        ("Wednesday 20:00", (11, 18, 20, 0)),
        ("Wednesday 8:00", (11, 25, 8, 0)),
        ("this Friday", (11, 20, *LATE)),
        ("next Friday", (11, 27, *LATE)),
        ("23/11 18:00", (11, 23, 18, 0)),
        ("11/23 18:00", (11, 23, 18, 0)),
        ("23.11. 18.30", (11, 23, 18, 30)),
        ("23.11.2026 18:00", (11, 23, 18, 0)),
        ("25.11", (11, 25, *LATE)),
        ("11/11", (11, 11, *LATE)),
        ("23 Nov", (11, 23, *LATE)),
        ("Nov 23 18:00", (11, 23, 18, 0)),
        ("18 Nov 20:00", (11, 18, 20, 0)),
        ("the 23rd", (11, 23, *LATE)),
        ("5 January", (1, 5, *LATE)),
        ("2026-12-01 08:00", (12, 1, 8, 0)),
        ("2026-12-01T08:00", (12, 1, 8, 0)),
        ("next week", (11, 25, *LATE)),
    ],
)
def test_days_and_times_are_meant_on_the_crews_clock(text: str, then: tuple[int, ...], zone: ZoneInfo) -> None:
    assert local(text, WEDNESDAY, zone) == then


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("in 2 hours", timedelta(hours=2)),
        ("in two hours", timedelta(hours=2)),
        ("2 hrs", timedelta(hours=2)),
        ("90 minutes", timedelta(minutes=90)),
        ("90 mins from now", timedelta(minutes=90)),
        ("1d 12h", timedelta(hours=36)),
        ("half an hour", timedelta(minutes=30)),
        ("in an hour", timedelta(hours=1)),
        ("a week", timedelta(weeks=1)),
    ],
)
def test_spans_count_from_now(text: str, span: timedelta) -> None:
    assert spoken_time(text, now=WEDNESDAY, zone=TAIPEI) == WEDNESDAY + span


@pytest.mark.parametrize(
    ("text", "then"),
    [("Friday noon", (11, 27, 12, 0)), ("friday 18:00", (11, 20, 18, 0)), ("friday", (11, 20, *LATE))],
)
def test_a_friday_that_is_over_is_next_weeks(text: str, then: tuple[int, ...]) -> None:
    assert local(text, FRIDAY_AFTERNOON, LISBON) == then


def test_what_is_past_stays_past_so_that_it_can_be_said() -> None:
    for text in ("yesterday 18:00", "yesterday", "today 9:00", "2026-11-17", "1 January 2020", "0001-01-01"):
        at = spoken_time(text, now=WEDNESDAY, zone=LISBON)
        assert at is not None
        assert at < WEDNESDAY, text


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "wrap", "later", "asap", "now", "lunch", "when we are done", "", "🎬", "\x00", "9" * 100),
        *("5", "18", "1800", "2026", "may", "november", "tomorrow at 6", "friday 6", "tomorrow 25:00", "13pm", "24:00"),
        *("18:00 CET", "2026-11-23 18:00 +0800", "friday noon in 2 hours", "monday 9am sharp", "in 99999 years"),
    ],
)
def test_what_means_no_time_is_not_guessed(text: str) -> None:
    assert spoken_time(text, now=WEDNESDAY, zone=LISBON) is None


@pytest.mark.parametrize("text", ["11/12", "11/12 18:00", "1.12. 18:00", "12-1-2027", "23.11", "10.12"])
def test_what_can_be_two_days_is_asked_for_again(text: str) -> None:
    with pytest.raises(DomainError, match=r"polls\.closes_ambiguous"):
        spoken_time(text, now=WEDNESDAY, zone=LISBON)


def test_a_zone_that_is_named_is_heeded() -> None:
    assert spoken_time("18:00 UTC", now=WEDNESDAY, zone=TAIPEI) == datetime(2026, 11, 18, 18, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_moved_on() -> None:
    evening = datetime(2026, 3, 28, 20, tzinfo=UTC)
    assert local("tomorrow 01:30", evening, LISBON) == (3, 29, 2, 30)
    assert local("tomorrow 18:00", evening, LISBON) == (3, 29, 18, 0)


def test_of_an_hour_that_comes_twice_the_first_that_is_ahead_is_meant() -> None:
    evening, between = datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert spoken_time("01:30", now=evening, zone=LISBON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert spoken_time("01:30", now=between, zone=LISBON) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(INSTANTS, ZONES, st.times(), st.sampled_from(["", *WEEKDAYS]))
def test_a_time_of_day_is_the_next_one_on_the_crews_clock(now: datetime, zone: ZoneInfo, at: object, day: str) -> None:
    meant = spoken_time(f"{day} {at:%H:%M}", now=now, zone=zone)
    assert meant is not None
    assert now < meant <= now + timedelta(days=8 if day else 2)
    if day:
        assert WEEKDAYS[meant.astimezone(zone).weekday()] == day
