"""What the host can ask of a running bot."""

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.client import CircleTake, Sharding
from bot.host.health import HealthServer
from bot.host.metrics import Metrics
from bot.host.terminal import CommandError
from db.engine.database import Database
from tests.world import World


async def ask(port: int, path: str) -> tuple[int, str]:
    """Return status and text of a page on loopback."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_a_bot_that_is_not_connected_says_so(database: Database, unused_tcp_port: int) -> None:
    async with CircleTake(database, sharding=Sharding(1)) as bot, HealthServer(bot, Metrics(), unused_tcp_port):
        assert await ask(unused_tcp_port, "/healthz") == (503, "connecting\n")
        status, text = await ask(unused_tcp_port, "/metrics")
    assert status == 200
    assert "circle_take_ready 0.0\n" in text
    assert "circle_take_gateway_latency_seconds NaN\n" in text


async def test_metrics_are_prometheus_text(database: Database, unused_tcp_port: int) -> None:
    async with CircleTake(database, sharding=Sharding(1)) as bot, HealthServer(bot, Metrics(), unused_tcp_port):
        _, text = await ask(unused_tcp_port, "/metrics")
    names = {family.name for family in text_string_to_metric_families(text)}
    assert {"circle_take_ready", "circle_take_answer_seconds", "circle_take_polls_overdue"} <= names
    assert all(name.startswith("circle_take_") for name in names)


async def test_without_a_port_nothing_listens(database: Database) -> None:
    async with CircleTake(database, sharding=Sharding(1)) as bot, HealthServer(bot, None, None) as server:
        assert server._runner is None


async def test_a_port_in_use_is_reported_in_words(database: Database, unused_tcp_port: int) -> None:
    async with CircleTake(database, sharding=Sharding(1)) as bot, HealthServer(bot, Metrics(), unused_tcp_port):
        with pytest.raises(CommandError, match=f"METRICS_PORT {unused_tcp_port} cannot be used"):
            await HealthServer(bot, Metrics(), unused_tcp_port).__aenter__()


async def test_a_ready_bot_is_healthy(world: World) -> None:
    server = HealthServer(world.bot, None, None)
    assert (await server._healthz(None)).status == 200  # type: ignore[arg-type]  # the request is not read


async def test_a_bot_that_has_lost_a_shard_is_not_healthy_until_it_is_back(world: World) -> None:
    for event, connected in [("shard_disconnect", False), ("shard_resumed", True), ("shard_disconnect", False)]:
        world.bot.dispatch(event, 0)
        assert world.bot.is_connected is connected
    world.bot.dispatch("shard_disconnect", 1)
    world.bot.dispatch("shard_ready", 0)
    assert not world.bot.is_connected
    world.bot.dispatch("shard_ready", 1)
    assert world.bot.is_connected
