"""In any order of changes, slow edits and failures, the pace holds and the last edit shows the last state."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery.lanes import LANES, OLD_LANE_RESTS
from bot.delivery.refresher import SECONDS_BETWEEN_EDITS, SECONDS_BETWEEN_OLD_EDITS
from tests.bot.delivery.screen import DONE, Edit, Outcome, Screen, broken, busy
from tests.bot.delivery.virtual_time import run_virtually

QUIET = 24 * 3600.0
"""Seconds after which every postponed edit has been tried again."""


class Change(NamedTuple):
    """A change of a card, `after` seconds after the previous change."""

    after: float
    number: int
    state: int


seconds = st.one_of(st.just(0.0), st.floats(0, 20), st.floats(0, 400))
changes = st.lists(st.builds(Change, seconds, st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=40)
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.just(DONE), st.builds(broken), st.builds(busy, st.floats(0, 100)), st.builds(TimeoutError)
)
answers = st.lists(st.tuples(seconds, outcomes), max_size=30)
ages = st.sampled_from([timedelta(0), timedelta(minutes=56), timedelta(hours=5)])


@example([Change(0, 0, 0), Change(0, 1, 0), Change(0, 2, 0)], [(241, broken())] * 2, timedelta(minutes=56), 1)
@given(changes, answers, ages, st.integers(1, 3))
def test_the_pace_holds_and_the_last_edit_shows_the_last_state(
    changed: list[Change], answered: list[tuple[float, Outcome]], age: timedelta, channels: int
) -> None:
    screen = Screen(lambda number: number % channels, age=age, answers=answered)
    run_virtually(play(screen, changed))
    shown: dict[int, int | None] = {}
    for edit in screen.edits:
        assert edit.ended < float("inf")
        assert shown.get(edit.number) != edit.state, "an edit changed nothing"
        shown[edit.number] = edit.state if edit.outcome is DONE else None  # an edit that failed may have come through
    assert shown == screen.states
    for number in screen.states:
        keeps_its_pace([edit for edit in screen.edits if edit.number == number])
    for channel in range(channels):
        spares_old_messages([edit for edit in screen.edits if edit.channel_id == channel and edit.old])


async def play(screen: Screen, changed: list[Change]) -> None:
    for change in changed:
        await asyncio.sleep(change.after)
        screen.change(change.number, change.state)
    await asyncio.sleep(QUIET)
    assert screen.refresher._turns == {}, "cards that are quiet are forgotten"
    assert len(screen.lanes._channels) == 0


def keeps_its_pace(edits: list[Edit]) -> None:
    """Check that edits run one at a time, each followed by the pause for the message's age."""
    for before, after in pairwise(edits):
        pause = SECONDS_BETWEEN_OLD_EDITS if before.old and after.old else SECONDS_BETWEEN_EDITS
        assert after.began - before.ended >= pause - 1e-6


def spares_old_messages(edits: list[Edit]) -> None:
    """Check that each edit begins only after a lane has rested."""
    for edit, ended in zip(edits[LANES:], nth_ends(edits), strict=False):
        assert edit.began - ended >= OLD_LANE_RESTS - 1e-6


def nth_ends(edits: list[Edit]) -> Iterator[float]:
    """Yield for each edit when all but `LANES - 1` of the edits before it had ended."""
    for position in range(LANES, len(edits)):
        yield sorted(edit.ended for edit in edits[:position])[position - LANES]
