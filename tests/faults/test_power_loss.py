"""The power fails at any moment while people vote and sign: whoever was told that it is recorded finds it recorded."""

import asyncio
import contextlib
import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from db import opening
from db.database import Database
from db.decisions import read_log
from db.polls import PollStore
from db.signoffs import SignoffStore
from db.writer import Unit, Writer
from domain.choices import Verdict
from domain.people import Actor
from domain.polls import Choice, Draft
from domain.verify import verify_entries
from tests.db.log_world import DIRECTOR, EDITOR, GUILD, NOON, act, request

from .disk import Disk

TRIALS = 300
CREW = [Actor(1000 + number, f"Extra {number}") for number in range(60)]


class OnDisk:
    """A database whose writer works on a disk that remembers; nothing is read beside it."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._writer = Writer(connect)
        self._writer.start()

    async def write(self, unit: Unit[Any]) -> Any:
        """Run a unit of work, as `Database.write` does."""
        return await self._writer.run(unit)

    def close(self) -> None:
        """End the writer."""
        self._writer.close()


async def evening(disk: Disk, path: Path, *pragmas: str) -> None:
    """Sixty people vote, in turns and together, one changes their mind all the time, and cuts are signed."""
    opened = OnDisk(lambda: disk.connect(path, *pragmas))
    database = cast("Database", opened)
    polls, signoffs = PollStore(database), SignoffStore(database)
    draft = Draft.of(
        task="Rotoscope the lamp", details="", opens_at=NOON, closes_at=NOON + timedelta(days=30), quorum=3
    )
    poll = await polls.open(GUILD, act(EDITOR), 5, draft)

    async def vote(actor: Actor, choice: Choice) -> None:
        press = act(actor)
        await polls.vote(GUILD, poll.poll_id, press, choice)
        disk.tell(press.interaction_id)

    async def sign(cut: int) -> None:
        asked = await signoffs.open(GUILD, act(EDITOR), request(cut=cut))
        press = act(DIRECTOR)
        await signoffs.decide(GUILD, asked.entry.seq, press, Verdict.SIGNED)
        disk.tell(press.interaction_id)

    for group in range(0, len(CREW), 6):
        await asyncio.gather(*(vote(actor, Choice.EXECUTION) for actor in CREW[group : group + 6]), sign(group + 1))
        await vote(CREW[0], Choice.JUDGMENT if group % 12 else Choice.ABSTAIN)
    opened.close()


def recorded(path: Path) -> set[int]:
    """The presses of which the file knows, once SQLite has recovered it; the file and its log are whole."""
    opening.inspect(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        votes = connection.execute("SELECT interaction_id FROM poll_event").fetchall()
        decisions = connection.execute("SELECT interaction_id FROM decision_entry").fetchall()
    report = read_log(path, GUILD, lambda log: verify_entries(log.entries(), log.log_id))
    assert report.fault is None
    return {number for (number,) in votes + decisions}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of ours, alone in its folder."""
    path = tmp_path / "before" / "take.sqlite3"
    opening.prepare(path)
    return path


async def play(path: Path, *pragmas: str) -> Disk:
    """What an evening writes; the folder stays as it was."""
    disk = Disk(path.parent)
    scene = path.parent.with_name("scene")
    shutil.copytree(path.parent, scene)
    await evening(disk, scene / path.name, *pragmas)
    return disk


def losses(disk: Disk, name: str, folder: Path, seed: int) -> set[int]:
    """Who was told and finds nothing, in one trial.

    Raises:
        Exception: the file did not recover.
    """
    chance = random.Random(seed)
    target = folder / f"{seed}"
    target.mkdir()
    told = disk.after_power_loss(chance.randrange(len(disk.events)), chance, target)
    lost = told - recorded(target / name)
    shutil.rmtree(target)
    return lost


async def test_nothing_that_was_told_is_lost_and_the_file_is_whole(path: Path, tmp_path: Path) -> None:
    disk = await play(path, "synchronous=FULL")
    for seed in range(TRIALS):
        assert losses(disk, path.name, tmp_path, seed) == set(), f"trial {seed}"


async def test_without_syncing_the_same_evening_would_lose_votes(path: Path, tmp_path: Path) -> None:
    disk = await play(path, "synchronous=OFF")
    lost = 0
    for seed in range(TRIALS):
        try:
            lost += bool(losses(disk, path.name, tmp_path, seed))
        except Exception:  # noqa: BLE001 - a file that did not recover is what this control is after
            lost += 1
    assert lost > TRIALS / 10
