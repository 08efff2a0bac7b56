"""A browser, started once, for pages that check themselves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import AS_LONG_AS_IT_TAKES, QUIET, installed_browser

expect.set_options(timeout=AS_LONG_AS_IT_TAKES)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without windows.

    Of a module, no longer: while it runs, no other test of the process can have an event loop.
    """
    path = installed_browser()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()
