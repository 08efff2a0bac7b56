"""The power fails at any moment while people vote and sign: every acknowledged act is still recorded."""

import random
import shutil
from pathlib import Path

import pytest

from db.engine import opening

from .disk import Disk
from .evening import evening, recorded

TRIALS = 300


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Create a database alone in a folder."""
    path = tmp_path / "before" / "take.sqlite3"
    opening.prepare(path)
    return path


async def play(path: Path, *pragmas: str) -> Disk:
    """Return what an evening writes; the folder stays as it was."""
    disk = Disk(path.parent)
    scene = path.parent.with_name("scene")
    shutil.copytree(path.parent, scene)
    await evening(disk, scene / path.name, *pragmas)
    return disk


def losses(disk: Disk, name: str, folder: Path, seed: int) -> set[int]:
    """Return the acknowledged acts that one power loss destroys.

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


async def test_nothing_acknowledged_is_lost_and_the_file_is_undamaged(path: Path, tmp_path: Path) -> None:
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
