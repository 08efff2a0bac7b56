"""What the fuzz tests share."""

import pytest
from simcord import Env


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait in real time, as simcord does for every timer that is due within seconds."""
    defaults = Env._settle_internal.__kwdefaults__ or {}
    monkeypatch.setitem(defaults, "idle", 0.002)
    monkeypatch.setattr("bot.delivery.refresher.SECONDS_BETWEEN_EDITS", 90.0)
    monkeypatch.setattr("bot.delivery.refresher.SECONDS_BETWEEN_OLD_EDITS", 90.0)
    monkeypatch.setattr("bot.delivery.lanes.OLD_LANE_RESTS", 0.0)
