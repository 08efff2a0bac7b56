"""No text that somebody can send keeps the bot busy: no pattern of the code backtracks."""

import re
import subprocess
import sys
from pathlib import Path

from tests.security.regexes import LENGTH, READERS, slowest

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
"""A hundred times the slowest pattern on an idle machine; one that backtracks takes hours."""


def test_every_pattern_and_parser_of_typed_text_is_quick_on_the_worst_texts() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.regexes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took = dict(line.split("\t") for line in done.stdout.splitlines())
    assert {
        "bot.ui._MARKDOWN",
        "domain.signoffs.slate._CUT",
        "cogs.polls.views.VoteButton.pattern",
        *READERS,
    } <= took.keys()
    assert {name for name, seconds in took.items() if float(seconds) > SECONDS} == set()


def test_a_pattern_that_backtracks_is_told_from_one_that_does_not() -> None:
    patient = slowest("made up", re.compile("a*b"), searched=False)
    assert slowest("made up", re.compile("a*a*b"), searched=False) > 20 * patient
    assert LENGTH > 6000
