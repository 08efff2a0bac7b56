"""What the fuzz tests share."""

import pytest


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no edit for the end, when the bot waits for it in real time."""
    monkeypatch.setattr("bot.delivery.refresher.SECONDS_BETWEEN_EDITS", 90.0)
    monkeypatch.setattr("bot.delivery.refresher.SECONDS_BETWEEN_OLD_EDITS", 90.0)
    monkeypatch.setattr("bot.delivery.lanes.OLD_LANE_RESTS", 0.0)
