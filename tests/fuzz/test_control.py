"""Fuzzing covers what is new in the bot, and notices every kind of fault that it looks for."""

import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, ClassVar

import discord
import pytest
from discord import app_commands

from bot.client import CircleTake
from bot.ui import Interaction, PersistentButton
from domain.settings import Settings

from .hand import COMPONENT
from .hearing import ANSWERED_TWICE, CANARIES
from .scene import Scene, Throw, playing
from .script import rehearse
from .throwing import answered
from .truth import inconsistencies

Deed = Callable[[Interaction, Scene], Coroutine[Any, Any, object]]


class Culprit(PersistentButton, custom_id="culprit"):
    """A button with a fault."""

    scene: ClassVar[Scene]
    deed: ClassVar[Deed]
    label = "Press"

    async def act(self, interaction: Interaction) -> None:
        """Commit the fault."""
        await type(self).deed(interaction, self.scene)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with playing(tmp_path / "take.sqlite3") as scene:
        await rehearse(scene)
        assert isinstance(scene.env.bot, CircleTake)
        scene.env.bot.add_items(Culprit)
        Culprit.scene = scene
        assert scene.hearing.faults() == []
        yield scene


async def press(scene: Scene, deed: Deed) -> list[str]:
    """Press a button with this fault in the first server, and return what fuzzing reports."""
    Culprit.deed = deed
    message = scene.post(0, dict(Culprit().item.to_component_dict()), ephemeral=False)
    data = {"custom_id": "culprit", "component_type": 2}
    return await answered(scene, [Throw(0, scene.people(0)[0], COMPONENT, data, message)])


async def well(interaction: Interaction, _scene: Scene) -> None:
    await interaction.response.send_message("All is well.", ephemeral=True)


async def failing(_interaction: Interaction, _scene: Scene) -> None:
    raise ZeroDivisionError


async def silent(_interaction: Interaction, _scene: Scene) -> None:
    pass


async def leaking(interaction: Interaction, _scene: Scene) -> None:
    await interaction.response.send_message(f"They shoot {CANARIES[1].title()} there.")


async def twice(interaction: Interaction, scene: Scene) -> None:
    await well(interaction, scene)
    again = discord.InteractionResponse(interaction)
    await again.send_message("All is well.")


async def beyond(interaction: Interaction, _scene: Scene) -> None:
    await interaction.response.send_message("x" * 2001)


async def straying(interaction: Interaction, scene: Scene) -> None:
    other = scene.productions[1].guild.id
    await interaction.client.stores.settings.change(other, lambda _: Settings(poll_quorum=7))
    await well(interaction, scene)


FAULTS: tuple[tuple[Deed, str], ...] = (
    (failing, "ZeroDivisionError"),
    (failing, "an error of ours"),
    (silent, "no answer"),
    (leaking, "the other server's words"),
    (twice, ANSWERED_TWICE),
    (beyond, "2000"),
    (straying, "guild_setting: "),
)


async def test_each_kind_of_fault_is_noticed(scene: Scene) -> None:
    for deed, fault in FAULTS:
        assert await press(scene, well) == []
        found = "\n".join(await press(scene, deed))
        assert fault in found
        assert "culprit" in found, "nobody could tell what was thrown"


async def test_a_slow_answer_is_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.throwing.SECONDS", 0.0)
    assert "processor time" in "\n".join(await press(scene, well))


async def test_everything_that_the_bot_answers_is_fuzzed(scene: Scene) -> None:
    bot = scene.env.bot
    assert isinstance(bot, CircleTake)
    assert Culprit in scene.surface.items
    commands = {one.qualified_name for one in bot.tree.walk_commands() if isinstance(one, app_commands.Command)}
    assert {leaf.name for leaf in scene.surface.leaves} == commands
    menus = bot.tree.get_commands(type=discord.AppCommandType.message)
    assert {menu["name"] for menu in scene.surface.menus} == {one.name for one in menus}
    assert len(scene.surface.forms) == len({form.pattern.pattern for form in bot._modals})


DAMAGES = (
    ("UPDATE poll SET execution = execution + 1", "counts"),
    ("UPDATE poll SET own_judgment = 9 WHERE poll_id = 2", "counts"),
    ("DELETE FROM poll_vote", "votes"),
    ("DELETE FROM poll WHERE poll_id = 2", "a key without its row"),
    ("UPDATE decision_entry SET body = body || ' ' WHERE seq = 2", "the log of"),
    ("UPDATE decision_part SET value = '\"x\"' WHERE part = 'who' AND seq = 1", "the log of"),
    ("UPDATE guild_setting SET guild_id = 5 WHERE guild_id = (SELECT MAX(guild_id) FROM guild_setting)", "server 5"),
)


async def test_contradictions_in_the_file_are_noticed(scene: Scene, tmp_path: Path) -> None:
    known, whole = [production.guild.id for production in scene.productions], tmp_path / "whole.sqlite3"
    with contextlib.closing(sqlite3.connect(scene.database.path)) as connection:
        connection.execute("VACUUM INTO ?", (str(whole),))
    assert inconsistencies(whole, known) == []
    for number, (damage, fault) in enumerate(DAMAGES):
        damaged = Path(shutil.copy(whole, tmp_path / f"{number}.sqlite3"))
        _execute(damaged, damage)
        assert fault in "\n".join(inconsistencies(damaged, known)), damage


def _execute(path: Path, damage: str) -> None:
    """Do what the database's guards would prevent."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (guard,) in guards:
            connection.execute(f'DROP TRIGGER "{guard}"')
        connection.execute(damage)
