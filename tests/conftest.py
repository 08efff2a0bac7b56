"""Fixtures that every floor shares: a real database file, and the real bot in a simulated Discord."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot import semantic
from bot.answers import load_engine
from db.engine.database import Database
from tests.world import World

if TYPE_CHECKING:
    from bot.semantic.engine import Engine

semantic.prepare_environment()  # before a test module imports numpy
hypothesis.settings.register_profile("house", deadline=None)  # a busy machine says nothing about a property
hypothesis.settings.load_profile("house")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A new database file, open."""
    async with await Database.open(tmp_path / "circle-take.sqlite3") as opened:
        yield opened


@pytest.fixture(scope="session")
def engine() -> "Engine":
    """The ranking by meaning, loaded once for all tests: in the middle of one it would look like a bot that hangs."""
    return load_engine()


@pytest.fixture
async def world(database: Database, engine: "Engine") -> AsyncIterator[World]:
    """The bot in a simulated Discord with the made-up crew; any body beyond Discord's limits fails the test."""
    running = await World.start(database)
    yield running
    await running.stop()
