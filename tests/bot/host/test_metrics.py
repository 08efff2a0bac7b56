"""Metrics for the host, read as Prometheus reads them."""

import logging
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from bot.client import CircleTake, Sharding
from bot.host.metrics import ANSWER_WITHIN, Metrics
from db.engine.app_state import AppState
from db.engine.database import Database


def value(metrics: Metrics, sample: str, **labels: str) -> float:
    """Return a value as it would be scraped; 0 if it was never counted."""
    return metrics.registry.get_sample_value(f"circle_take_{sample}", labels) or 0.0


class Press:
    """The part of an interaction that the metrics read."""

    def __init__(self, number: int, custom_id: str) -> None:
        self.id, self.command, self.data = number, None, {"custom_id": custom_id}


@pytest.fixture
async def bot(database: Database) -> CircleTake:
    bot = CircleTake(database, sharding=Sharding(1), observer=Metrics())
    await bot.load_extension("cogs.polls")
    return bot


def press(bot: CircleTake, number: int, custom_id: str) -> Metrics:
    metrics = bot._observer
    assert isinstance(metrics, Metrics)
    metrics.arrived(Press(number, custom_id), bot._custom_ids)  # type: ignore[arg-type]  # it reads no more of it
    return metrics


async def test_an_answer_is_timed_under_the_name_of_its_button_whatever_its_ids(bot: CircleTake) -> None:
    for number in range(3):
        metrics = press(bot, number, f"poll:{number}:vote:execution")
        metrics.answered(number, taken=True)
    assert value(metrics, "answer_seconds_count", name="VoteButton") == 3
    assert value(metrics, "answers_missed_total", name="VoteButton") == 0


async def test_made_up_custom_ids_share_one_name(bot: CircleTake) -> None:
    for number in range(50):
        metrics = press(bot, number, f"made-up-{number}")
        metrics.answered(number, taken=True)
    assert value(metrics, "answer_seconds_count", name="unknown") == 50


async def test_an_answer_that_discord_no_longer_accepts_counts_as_missed(bot: CircleTake) -> None:
    metrics = press(bot, 1, "poll:1:vote:execution")
    metrics.answered(1, taken=False)
    assert value(metrics, "answers_missed_total", name="VoteButton") == 1


async def test_an_interaction_without_an_answer_is_counted_and_forgotten(
    bot: CircleTake, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = press(bot, 1, "poll:1:vote:execution")
    later = monotonic() + ANSWER_WITHIN + 0.1
    monkeypatch.setattr("bot.host.metrics.monotonic", lambda: later)
    metrics.text()
    metrics.answered(1, taken=True)
    assert value(metrics, "answers_missed_total", name="VoteButton") == 1
    assert value(metrics, "answer_seconds_count", name="VoteButton") == 0


async def test_commits_are_counted_where_they_happen(tmp_path: Path) -> None:
    metrics = Metrics()
    async with await Database.open(tmp_path / "take.sqlite3", on_commit=metrics.committed) as database:
        await AppState(database).put("one", "unit")
    assert value(metrics, "units_total") == 1
    assert value(metrics, "commit_seconds_count") == 1


async def test_counters_of_missed_answers_start_at_zero(bot: CircleTake) -> None:
    metrics = bot._observer
    assert isinstance(metrics, Metrics)
    metrics.expect(bot.tree, bot._custom_ids)
    for name in ("/poll open", "Execution or judgment?", "VoteButton", "unknown"):
        assert metrics.registry.get_sample_value("circle_take_answers_missed_total", {"name": name}) == 0, name
    assert metrics.registry.get_sample_value("circle_take_gateway_events_total", {"event": "disconnect"}) == 0


def test_a_lost_connection_does_not_count_as_an_error() -> None:
    metrics = Metrics()
    logger = logging.getLogger("discord.shard")
    handler = metrics.log_handler()
    logger.addHandler(handler)
    logger.error("Attempting a reconnect for shard ID 0 in 1.00s")
    logger.removeHandler(handler)
    assert value(metrics, "errors_total") == 0


def test_only_errors_in_the_log_are_counted() -> None:
    metrics = Metrics()
    logger = logging.getLogger("tests.metrics")
    logger.addHandler(metrics.log_handler())
    logger.warning("a warning")
    logger.error("an error")
    assert value(metrics, "errors_total") == 1


def test_a_bot_without_a_port_does_not_load_the_library() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, bot.host.run; print('prometheus_client' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "False\n"
