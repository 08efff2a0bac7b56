"""A whole crew presses at once: everyone is answered in time, and the ballot ends true without too many edits."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from bot.delivery.refresher import SECONDS_BETWEEN_EDITS
from tests.loopback import Message
from tests.loopback.crowd import Presses, burst
from tests.loopback.discord.reply import DEADLINE
from tests.loopback.process import FEW_FILES, PATIENT
from tests.loopback.stage import CHOICES, Stage, lost_votes, rows, stage, words

TALLY = "SELECT execution, judgment, abstain FROM poll WHERE poll_id = 1"
COUNTED = """
    SELECT COUNT(*) FILTER (WHERE choice = 'execution'), COUNT(*) FILTER (WHERE choice = 'judgment'),
           COUNT(*) FILTER (WHERE choice = 'abstain')
    FROM poll_event WHERE poll_id = 1 AND kind = 'cast'
"""

JITTER = 0.1
"""Seconds by which two edits may come in closer together than they were sent."""


@pytest.mark.parametrize(("people", "seconds"), [(600, 0.2), (3000, 1.0)])
async def test_a_crowd_that_presses_at_once_is_answered_in_time(tmp_path: Path, people: int, seconds: float) -> None:
    async with stage(tmp_path, command=FEW_FILES, LOG_LEVEL="INFO") as night:
        ballot = await night.open_poll()
        presses = burst(night, ballot, night.crowd(people), seconds)
        await presses.settle()
        await ends_true(night, ballot, presses)
    assert presses.slowest < DEADLINE


async def ends_true(night: Stage, ballot: Message, presses: Presses) -> None:
    """Every vote that was acknowledged is kept, the ballot shows all, and it was not edited too often."""
    assert lost_votes(night.database, presses.known_votes()) == set()
    (counted,) = rows(night.database, COUNTED)
    assert rows(night.database, TALLY) == [counted]
    assert len(presses.known_votes()) <= sum(counted) <= len(presses.votes)
    bars = [f"**{count}** {label}" for count, label in zip(counted, CHOICES.values(), strict=True)]
    await night.discord.until(lambda: all(bar in words(ballot) for bar in bars), "the ballot to show every vote")
    pauses = [after - before for before, after in pairwise(ballot.edited_at)]
    assert all(pause > SECONDS_BETWEEN_EDITS - JITTER for pause in pauses)
    assert "Traceback" not in night.bot.tail(10**9)


async def test_a_bot_that_is_stopped_leaves_the_ballot_true(tmp_path: Path) -> None:
    async with stage(tmp_path, command=PATIENT) as night:
        ballot, crew = await night.open_poll(), night.crowd(30)
        began = time.monotonic()
        await burst(night, ballot, crew, 0.2).settle()
        assert await night.bot.terminate() == 0
        assert all(f"**10** {label}" in words(ballot) for label in CHOICES.values())
        assert ballot.edits <= 2 + (time.monotonic() - began) // SECONDS_BETWEEN_EDITS
