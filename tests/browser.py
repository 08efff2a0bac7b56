"""A browser without windows, for tests that look at pages."""

import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MISSING = "no Chromium or Chrome is installed to open pages with; on Debian and Ubuntu: apt-get install chromium"
AS_LONG_AS_IT_TAKES = 24 * 3_600_000
"""Milliseconds for Playwright, which wants a limit; the suite's comes first."""


def installed_browser() -> str:
    """Where the browser is; skips the test if there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(MISSING)
    return path
