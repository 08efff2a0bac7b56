"""When names are due, and when missing signers are reminded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signoffs.due import MIN_AFTER_CARD, REMIND_BEFORE, TOO_LATE, DueOption, due_time, remind_time

LISBON, AUCKLAND = ZoneInfo("Europe/Lisbon"), ZoneInfo("Pacific/Auckland")
NOON = datetime(2026, 7, 20, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given its zone beside
HOURS = st.floats(0, 24 * 9).map(lambda hours: timedelta(hours=hours))


@pytest.mark.parametrize(
    ("choice", "zone", "due"),
    [
        (DueOption.TODAY, LISBON, datetime(2026, 7, 20, 22, 59, tzinfo=UTC)),
        (DueOption.TOMORROW, LISBON, datetime(2026, 7, 21, 17, tzinfo=UTC)),
        (DueOption.THREE_DAYS, LISBON, datetime(2026, 7, 23, 17, tzinfo=UTC)),
        (DueOption.TODAY, AUCKLAND, datetime(2026, 7, 21, 11, 59, tzinfo=UTC)),
        (DueOption.WEEK, AUCKLAND, datetime(2026, 7, 28, 6, tzinfo=UTC)),
        (DueOption.NEVER, LISBON, None),
    ],
)
def test_due_days_follow_the_time_zone_of_the_crew(choice: DueOption, zone: ZoneInfo, due: datetime | None) -> None:
    assert due_time(choice, NOON, zone) == due


@given(MOMENTS, st.sampled_from([LISBON, AUCKLAND, ZoneInfo("America/New_York")]))
def test_a_later_choice_is_never_earlier(now: datetime, zone: ZoneInfo) -> None:
    times = [due for choice in DueOption if (due := due_time(choice, now, zone))]
    assert times == sorted(times)
    assert times[0] >= now - timedelta(minutes=1)


@given(MOMENTS, HOURS, HOURS)
def test_a_reminder_comes_in_time_and_never_right_after_the_card(
    opened: datetime, until_set: timedelta, until_due: timedelta
) -> None:
    now = opened + until_set
    due = now + until_due
    at = remind_time(due, opened, now)
    if at is None:
        assert due - now < TOO_LATE or due - opened < MIN_AFTER_CARD + TOO_LATE
    else:
        assert max(now, opened + MIN_AFTER_CARD) <= at <= due - TOO_LATE
        assert at == max(due - REMIND_BEFORE, now, opened + MIN_AFTER_CARD)
