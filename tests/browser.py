"""A browser without windows, for tests that look at pages."""

import shutil

import pytest
from playwright import async_api, sync_api

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AS_LONG_AS_IT_TAKES = 0
"""Playwright's word for no limit in time: the suite has one."""

async_api.expect.set_options(timeout=AS_LONG_AS_IT_TAKES)
sync_api.expect.set_options(timeout=AS_LONG_AS_IT_TAKES)


def installed_browser() -> str:
    """Where the browser is; skips the test if there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(
            "no Chromium or Chrome is installed to open pages with; Debian and Ubuntu: apt-get install chromium"
        )
    return path
