"""A drive that is full or fails for a while: nothing unsaved is acknowledged, and work goes on when it can."""

import random
import shutil
from pathlib import Path

import pytest

from db.engine import opening

from .disk import Disk, Event, Sync, Told, Write
from .evening import evening, recorded


class Trouble:
    """Stretches in which one kind of operation fails; the first writes, which open the poll, succeed."""

    def __init__(self, kind: type[Event], seed: int) -> None:
        self._kind, self._chance = kind, random.Random(seed)
        self._quiet, self._bad, self.struck = 60, 0, 0

    def __call__(self, event: Event) -> bool:
        if self._quiet:
            self._quiet -= 1
            return False
        if not self._bad and self._chance.random() < 0.005:
            self._bad = self._chance.randint(1, 8)
        if not self._bad or not isinstance(event, self._kind):
            return False
        self._bad -= 1
        self.struck += 1
        return True


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite also syncs where it could go without; Python reports that such a failure was ignored."""
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)


@pytest.mark.parametrize("kind", [Write, Sync], ids=["full", "fsync fails"])
async def test_every_acknowledged_act_is_in_an_undamaged_file(tmp_path: Path, kind: type[Event]) -> None:
    path = tmp_path / "before" / "take.sqlite3"
    opening.prepare(path)
    told, struck = 0, 0
    for seed in range(20):
        scene = tmp_path / f"{seed}"
        shutil.copytree(path.parent, scene)
        trouble = Trouble(kind, seed)
        disk = Disk(path.parent, fails=trouble)
        await evening(disk, scene / path.name, "synchronous=FULL")
        known = {event.what for event in disk.events if isinstance(event, Told)}
        assert known <= recorded(scene / path.name)
        told, struck = told + len(known), struck + trouble.struck
    assert struck > 20
    assert told > 200
