"""What hosts are given beside the program: rules, a dashboard, a unit file and the page that explains them."""

import json
import re
from pathlib import Path

import pytest

from bot.client import CircleTake, Sharding
from bot.host.metrics import Metrics
from db.engine.database import Database

ROOT = Path(__file__).parent.parent
ALERTS = (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")
DASHBOARD = (ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")


@pytest.fixture
async def served(database: Database) -> set[str]:
    """The names of all samples that a running bot would serve."""
    metrics = Metrics()
    metrics.watch(CircleTake(database, sharding=Sharding(1), observer=metrics))
    names = {metric.name for metric in metrics.registry.collect()}
    return {f"{name}{ending}" for name in names for ending in ("", "_total", "_bucket", "_count", "_sum")}


@pytest.mark.parametrize("text", [ALERTS, DASHBOARD], ids=["alerts", "dashboard"])
async def test_every_number_that_is_watched_is_served(served: set[str], text: str) -> None:
    asked = set(re.findall(r"circle_take_\w+", text))
    assert asked
    assert asked <= served


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    alerts = re.findall(r"- alert: (\w+)", ALERTS)
    assert re.findall(r"^### (\w+)$", GUIDE, re.MULTILINE) == alerts
    assert len(alerts) == ALERTS.count("expr:") == ALERTS.count("summary:")


def test_the_dashboard_can_be_read() -> None:
    panels = json.loads(DASHBOARD)["panels"]
    assert all(panel["title"] and panel["targets"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_what_is_said_of_the_base_image_is_so() -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", image, re.MULTILINE)
    assert re.findall(r"^FROM (\S+)", image, re.MULTILINE) == ["${PYTHON}", "${PYTHON}"]
    assert ("@sha256:" in base) is (f"base image is named by a tag, `{base}`" not in security)


def test_the_files_that_the_guide_links_to_are_there() -> None:
    links = re.findall(r"\]\((\.\./[^)]+)\)", GUIDE)
    assert links
    assert all((ROOT / "docs" / link).exists() for link in links)
