"""Whatever people, old messages and modified clients send is answered in words, with their own server's data.

The suite sends the same few hundred interactions each time. `FUZZ_STEPS=20000` sends as many others, and reports what
it finds with the line that sends it again.
"""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .hand import Hand
from .scene import Scene, playing
from .script import rehearse
from .throwing import answered
from .truth import inconsistencies

STEPS = int(os.environ.get("FUZZ_STEPS", "140"))
EACH = 30
"""Steps in a row on the same database."""

PAUSES = (1, 100, 3600, 2 * 86_400, 35 * 86_400)
"""Seconds that sometimes pass between two steps."""


async def play(data: st.DataObject, path: Path) -> None:
    """Throw at a prepared scene, then check what that left behind."""
    async with playing(path) as scene:
        await rehearse(scene)
        assert scene.hearing.faults() == []
        for _ in range(EACH):
            await step(data, scene)
        guild_ids = [production.guild.id for production in scene.productions]
        assert inconsistencies(path, guild_ids) == []


async def step(data: st.DataObject, scene: Scene) -> None:
    """Throw one interaction, or a few at the same moment."""
    hand = Hand(data, scene)
    if hand.now_and_then():
        await scene.env.advance_time(hand.one_of(PAUSES))
    faults = await answered(scene, [hand.throw() for _ in range(hand.one_of((1, 1, 1, 2, 3)))])
    assert not faults, "\n\n".join(faults)


@pytest.mark.timeout(300 + STEPS)
def test_everyone_is_answered_in_words_whatever_they_send(tmp_path_factory: pytest.TempPathFactory) -> None:
    # shrinking a failure would take minutes, and its last step is enough
    @settings(
        max_examples=max(1, STEPS // EACH),
        deadline=None,
        phases=[Phase.generate],
        derandomize="FUZZ_STEPS" not in os.environ,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def throw(data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("scene")
        asyncio.run(play(data, folder / "take.sqlite3"))
        shutil.rmtree(folder)

    throw()
