"""The tour, as a newcomer runs it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import tour

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def played() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "sandbox", "--tour"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_tour_plays_the_whole_day_and_ends_with_0(played: subprocess.CompletedProcess[str]) -> None:
    assert played.returncode == 0, played.stderr
    assert played.stderr == ""
    place = 0
    for step in (
        "The essays do not cover that",
        "Your hold is on poll 1",
        "A hold was never lifted",
        "The pauses carry the joke",
        "Quorum met",
        "stays with people",
        "presses [Not yet]",
        "nothing was recorded",
        "presses [Sign next cut]",
        "cleared",
        ".csv",
        ".jsonl",
        "The log is intact",
        "The log is broken",
        "Every step came out right.",
    ):
        place = played.stdout.find(step, place)
        assert place >= 0, f"“{step}” does not follow in its place"


def test_the_conversation_spells_out_names_and_times(played: subprocess.CompletedProcess[str]) -> None:
    assert "@Mara Lindqvist" in played.stdout
    assert not re.search(r"<[@#t][!&:]?\d+", played.stdout)


def test_a_step_that_goes_wrong_ends_the_tour_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def never_cover_anything(self: tour.Day) -> None:
        await self._slash("Gus", "help")
        self._expect("the help card", ("the sign-off card",))

    monkeypatch.setattr(tour.Day, "ask", never_cover_anything)
    assert tour.main() == 1
    assert "“the sign-off card” was expected, but this was seen:\nthe help card" in capsys.readouterr().err
