"""What the fuzz's tests share."""

import pytest
from simcord import Env


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look every 2 ms instead of every 50 whether the bot has come to rest."""
    monkeypatch.setattr(Env._settle_internal, "__kwdefaults__", Env._settle_internal.__kwdefaults__ | {"idle": 0.002})
