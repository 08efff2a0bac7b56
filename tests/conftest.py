"""Fixtures that every floor shares: a real database file, and the real bot in a simulated Discord."""

import asyncio
import contextlib
import ctypes
import os
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot import semantic
from bot.answers import load_engine
from db.engine.database import Database
from tests import browser
from tests.world import World

if TYPE_CHECKING:
    from bot.semantic.engine import Engine

semantic.prepare_environment()  # before a test module imports numpy
hypothesis.settings.register_profile("house", deadline=None)  # a busy machine says nothing about a property
hypothesis.settings.load_profile("house")

MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory: there `fsync`, of which the tests make thousands, costs nothing."""

ENOUGH = 1 << 30
"""Bytes that must be free there for tests to use it; in a container it is often tiny."""


ARENAS, FEW = -8, 2
"""glibc's word for the number of its heaps, and ours: by itself it has eight a core, and threads leave holes in all."""


def pytest_configure() -> None:
    """Keep the files of all tests in memory, unless pytest was told where to keep them, and the heap in one piece."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another C library, another system
        ctypes.CDLL(None).mallopt(ARENAS, FEW)
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Have all tests that miss a browser told in one line of the summary, not in a line for each."""
    report = yield
    if isinstance(report.longrepr, tuple) and report.longrepr[2].endswith(browser.MISSING):
        report.longrepr = (browser.__file__, 1, browser.MISSING)
    return report


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: tests of processes and of pages wait for most of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as it is created, for tests to copy."""
    path = tmp_path_factory.mktemp("new") / "circle-take.sqlite3"

    async def create() -> None:
        async with await Database.open(path):
            pass

    asyncio.run(create())
    return path


@pytest.fixture
async def database(tmp_path: Path, new_database: Path) -> AsyncIterator[Database]:
    """A new database file, open."""
    async with await Database.open(Path(shutil.copy(new_database, tmp_path))) as opened:
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
