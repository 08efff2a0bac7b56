"""The sandbox as its user starts it, and a real browser."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from tests.browser import AS_LONG_AS_IT_TAKES, QUIET, installed_browser

expect.set_options(timeout=AS_LONG_AS_IT_TAKES)

PHONE = ViewportSize(width=390, height=844)


def start_sandbox(*arguments: str) -> "subprocess.Popen[str]":
    """Start `circle-take sandbox` in its own process."""
    command = [sys.executable, "-m", "bot", "sandbox", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address_of(process: "subprocess.Popen[str]") -> str:
    """Return the address that a starting sandbox prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert found, line
    return found[0]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    """The address of a running sandbox."""
    process = start_sandbox()
    yield address_of(process)
    process.terminate()
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without windows."""
    path = installed_browser()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """That browser; what a test opened in it is closed after the test."""
    yield chromium
    for context in chromium.contexts:
        await context.close()
