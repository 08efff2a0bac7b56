"""Whatever people, old messages and modified clients send, everyone is answered, in words, with their own server's data.

`FUZZ_STEPS` says how many interactions are thrown; about 600 in the suite.
"""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simcord import Env

from .hand import Hand, Throw, shown_form
from .scene import Scene, playing
from .script import rehearse
from .truth import Watch, inconsistencies, touched

STEPS = int(os.environ.get("FUZZ_STEPS", "600"))
EACH = 30
"""Steps in a row on the same database; what fails is cut down to as few as still fail."""

SECONDS = 3.0
"""Of processor time for an answer: Discord waits no longer."""

PAUSES = (1, 6, 3600, 2 * 86_400, 100 * 86_400)


@pytest.fixture(scope="module", autouse=True)
def quick() -> None:
    """simcord looks every 50 ms whether the bot has come to rest."""
    Env._settle_internal.__kwdefaults__["idle"] = 0.002


async def play(data: st.DataObject, path: Path) -> None:
    async with playing(path) as scene:
        await rehearse(scene)
        assert scene.hearing.faults() == []
        for _ in range(EACH):
            await step(data, scene)
        guild_ids = [production.guild.id for production in scene.productions]
        assert inconsistencies(path, guild_ids) == []


async def step(data: st.DataObject, scene: Scene) -> None:
    hand = Hand(data, scene)
    if hand.now_and_then():
        await scene.env.advance_time(hand.one_of(PAUSES))
    thrown = [hand.throw() for _ in range(hand.one_of((1, 1, 1, 2, 3)))]
    assert await answered(scene, thrown) == []


async def answered(scene: Scene, thrown: list[Throw]) -> list[str]:
    """Send these at the same moment; what was wrong with the answers."""
    places = {one.place for one in thrown}
    others = [production.guild.id for place, production in enumerate(scene.productions) if place not in places]
    watch = Watch(scene.database.path)
    before = [watch.rows(guild_id) for guild_id in others]
    records = [
        scene.throw(one.place, one.user_id, one.kind, one.data, one.source, locale=one.locale) for one in thrown
    ]
    for one in thrown:
        if one.deleted and one.source is not None and one.source.id in scene.env.backend.messages[one.source.channel_id]:
            scene.env.backend.delete_message(one.source.channel_id, one.source.id)
    spent = await scene.settle()
    found = scene.hearing.faults()
    found += [f"no answer to {one}" for one, record in zip(thrown, records, strict=True) if not record.responded]
    found += [f"{spent:.1f} s for {thrown}"] if spent > SECONDS * len(thrown) else []
    for guild_id, rows in zip(others, before, strict=True):
        found += touched(rows, watch.rows(guild_id))
    watch.close()
    for one, record in zip(thrown, records, strict=True):
        if form := shown_form(record):
            scene.forms.append((one.place, one.user_id, form, one.source))
    return found


@pytest.mark.timeout(900 + STEPS)
def test_everyone_is_answered_in_words_whatever_they_send(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(max_examples=max(1, STEPS // EACH), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def throw(data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("scene")
        asyncio.run(play(data, folder / "take.sqlite3"))
        shutil.rmtree(folder)

    throw()
