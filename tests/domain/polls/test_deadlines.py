from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polls.deadlines import duration, shortest

UNITS = {
    "minutes": ["m", "min", "minute", "minutes", "M"],
    "hours": ["h", "hour", "hours", "H"],
    "days": ["d", "day", "days"],
    "weeks": ["w", "week", "weeks", "Weeks"],
}
PARTS = st.sampled_from([(unit, name) for unit, names in UNITS.items() for name in names]).flatmap(
    lambda named: st.tuples(st.just(named), st.integers(0, 99_999), st.sampled_from(["", " "]))
)


@given(st.lists(PARTS, min_size=1, max_size=4), st.sampled_from([" ", ", ", "  "]))
def test_a_span_is_the_sum_of_its_parts(parts: list[tuple[tuple[str, str], int, str]], between: str) -> None:
    written = between.join(f"{number}{gap}{name}" for (_, name), number, gap in parts)
    expected = sum((timedelta(**{unit: number}) for (unit, _), number, _ in parts), timedelta())
    assert duration(written) == expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("1d 12h", timedelta(hours=36)),
        ("1d12h", timedelta(hours=36)),
        (" 3 Days, ", timedelta(days=3)),
        ("0m", timedelta()),
    ],
)
def test_short_spans_are_read(text: str, span: timedelta) -> None:
    assert duration(text) == span


@pytest.mark.parametrize(
    "text", ["", "soon", "tomorrow 18:00", "2", "h", "-2h", "1.5h", "2h later", "2mo", "3 months", "2 hrs", "123456m"]
)
def test_anything_else_is_not_a_span(text: str) -> None:
    assert duration(text) is None


@given(st.text(alphabet="0123456789 mhdwinutesory,.-٣²", max_size=30))
def test_any_text_is_read_or_left_without_a_complaint(text: str) -> None:
    span = duration(text)
    assert span is None or span >= timedelta()


@given(st.integers(0, 200_000))
def test_a_span_that_was_written_reads_the_same(minutes: int) -> None:
    assert duration(shortest(timedelta(minutes=minutes))) == timedelta(minutes=minutes)


def test_spans_are_written_as_crews_write_them() -> None:
    assert [shortest(timedelta(minutes=m)) for m in (15, 60, 1440, 2160, 0)] == ["15m", "1h", "1d", "1d 12h", "0m"]
