from datetime import UTC, timedelta

import pytest

from domain.errors import DomainError
from domain.settings import Settings, check_duration, check_timezone, suggest_timezones


@pytest.mark.parametrize("typed", ["Europe/Lisbon", "europe/lisbon", "  Europe/Lisbon "])
def test_a_time_zone_is_found_in_any_spelling(typed: str) -> None:
    assert check_timezone(typed) == "Europe/Lisbon"


def test_a_space_stands_for_the_underscore_of_a_city() -> None:
    assert check_timezone("america/los angeles") == "America/Los_Angeles"
    assert suggest_timezones("los an") == ["America/Los_Angeles"]


@pytest.mark.parametrize("typed", ["", "Middle Earth", "../../etc/passwd", "EST5EDT", "\x00", "x" * 6000])
def test_anything_else_is_no_time_zone(typed: str) -> None:
    with pytest.raises(DomainError, match="unknown_timezone"):
        check_timezone(typed)


def test_cities_that_start_with_the_text_are_suggested_first() -> None:
    found = suggest_timezones("tai")
    assert found[0] == "Asia/Taipei"
    assert "Asia/Taipei" in suggest_timezones("taipei")
    assert len(suggest_timezones("")) == 25


def test_the_defaults_are_those_of_polls() -> None:
    default = Settings()
    assert (default.zone, default.poll_duration, default.poll_quorum) == (UTC, timedelta(hours=24), 3)


@pytest.mark.parametrize("span", [None, timedelta(minutes=14), timedelta(days=91)])
def test_a_default_duration_keeps_to_the_limits_of_polls(span: timedelta | None) -> None:
    with pytest.raises(DomainError, match="bad_duration"):
        check_duration(span)
