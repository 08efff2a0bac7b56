"""Reading when a poll should close."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.polls.options import closing_time, later_time
from domain.errors import DomainError

UTC_ZONE = ZoneInfo("UTC")
LISBON, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
"""A Wednesday."""

DEADLINE = NOW + timedelta(hours=5)

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


@pytest.mark.parametrize("text", [None, "", "  "])
async def test_typing_nothing_gets_the_servers_default(text: str | None) -> None:
    assert await closing_time(text, now=NOW, zone=TOKYO, default=timedelta(hours=6)) == NOW + timedelta(hours=6)


@pytest.mark.parametrize(
    "text", ["wrap", "soon", "when we are done", "🎬", "-", "noon noon noon", "[]" * 500, "\x00", "5", "tomorrow at 6"]
)
async def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(DomainError, match=r"polls\.closes_unclear"):
        await closing_time(text, now=NOW, zone=TOKYO)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("+2h", DEADLINE + timedelta(hours=2)),
        (" +1d 12h ", DEADLINE + timedelta(hours=36)),
        ("2h", NOW + timedelta(hours=2)),
        ("in 2 hours", NOW + timedelta(hours=2)),
        ("19:00", datetime(2026, 11, 18, 19, tzinfo=UTC)),
    ],
)
async def test_an_extension_counts_from_now_or_with_a_plus_from_the_deadline(text: str, at: datetime) -> None:
    assert await later_time(text, deadline=DEADLINE, now=NOW, zone=LISBON) == at


async def test_a_span_beyond_the_calendar_is_too_late() -> None:
    with pytest.raises(DomainError, match=r"polls\.closes_beyond"):
        await closing_time("99999w " * 90, now=NOW, zone=UTC_ZONE)


@settings(deadline=None)  # the first parse loads the parser
@given(st.text(max_size=40) | dates)
async def test_any_text_is_a_time_or_is_refused_in_words(text: str) -> None:
    try:
        at = await closing_time(text, now=NOW, zone=LISBON)
    except DomainError as error:
        assert error.key in {"polls.closes_unclear", "polls.closes_ambiguous", "polls.closes_beyond"}  # noqa: PT017 - either way is right
    else:
        assert at.tzinfo is UTC
