"""A whole crew presses at once: everyone is answered in time, and the ballot ends true without too many edits."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bot.refresher import SECONDS_BETWEEN_EDITS

from . import Message
from .crowd import Presses, burst
from .process import FEW_FILES
from .real_bot import CHOICES, Stage, lost_votes, rows, stage, words
from .reply import DEADLINE

LATEST_TALLY = "SELECT execution, judgment, abstain FROM poll ORDER BY poll_id DESC LIMIT 1"

JITTER = 0.1
"""Seconds by which two edits may come in closer together than they were sent."""


CALM = 0.4
"""Seconds in which a machine that nobody else keeps busy answers everyone of a small crowd; here it takes 0.1."""


async def test_a_crew_that_presses_at_once_is_answered_in_time(tmp_path: Path) -> None:
    async with stage(tmp_path, command=FEW_FILES, LOG_LEVEL="INFO") as night:
        ballot, presses = await press_at_once(night, 600, 0.2)
        assert presses.slowest < DEADLINE
        await ends_true(night, ballot, presses)


async def test_three_thousand_people_who_press_within_a_second_are_answered_in_time(tmp_path: Path) -> None:
    async with stage(tmp_path, command=FEW_FILES, LOG_LEVEL="INFO") as night:
        _, warming_up = await press_at_once(night, 300, 0.1)
        if warming_up.slowest < CALM:
            ballot, presses = await press_at_once(night, 3000, 1.0)
            assert presses.slowest < DEADLINE
            await ends_true(night, ballot, presses)
    if warming_up.slowest >= CALM:
        pytest.skip(f"others keep this machine busy: 300 presses took {warming_up.slowest:.1f} s")


async def press_at_once(night: Stage, people: int, seconds: float) -> tuple[Message, Presses]:
    """That many people vote on a new ballot within that time."""
    ballot, crew = await night.open_poll(), night.crowd(people)
    presses = burst(night, ballot, crew, seconds)
    await presses.settle()
    return ballot, presses


async def ends_true(night: Stage, ballot: Message, presses: Presses) -> None:
    """Every vote is kept, the ballot shows them all, and it was not edited too often."""
    known = presses.known_votes()
    assert len(known) == len(presses.votes)
    assert lost_votes(night.database, known) == set()
    counted = Counter(known.values())
    assert rows(night.database, LATEST_TALLY) == [tuple(counted[choice] for choice in CHOICES)]
    bars = [f"**{counted[choice]}** {label}" for choice, label in CHOICES.items()]
    await night.discord.until(lambda: all(bar in words(ballot) for bar in bars), "the ballot to show every vote")
    pauses = [after - before for before, after in pairwise(ballot.edited_at)]
    assert all(pause > SECONDS_BETWEEN_EDITS - JITTER for pause in pauses)
    assert "Traceback" not in night.bot.tail(10**9)


async def test_a_bot_that_is_stopped_leaves_the_ballot_true(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        ballot, crew = await night.open_poll(), night.crowd(30)
        await burst(night, ballot, crew, 0.2).settle()
        assert await night.bot.terminate() == 0
        assert all(f"**10** {label}" in words(ballot) for label in CHOICES.values())
        assert ballot.edits == 2
