"""Starting: what is registered, what is served, and what is said when it cannot be."""

import asyncio
import json
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.loopback import BotProcess, Kind, Loopback
from tests.loopback.stage import stage

STRANGER = "c29tZW9uZS1lbHNlcy1ib3Q.another.bots-token-that-was-never-ours"


async def test_commands_are_registered_once_and_health_is_told(tmp_path: Path) -> None:
    port = free_port()
    async with stage(tmp_path, METRICS_PORT=f"{port}") as night:
        assert night.discord.registry.registrations == 1
        assert {"faq", "poll", "signoff", "decision-log", "help"} <= {one["name"] for one in night.discord.commands}
        assert night.discord.gateway.intents == 1
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            await until_ready(session)
            async with session.get("/metrics") as answer:
                gauges = (await answer.text()).splitlines()
        assert "circle_take_ready 1.0" in gauges
        assert "circle_take_guilds 1.0" in gauges
        assert await night.bot.terminate() == 0
        await night.bot.start()
        assert night.discord.registry.registrations == 1
        assert (await night.discord.slash(night.producer, night.channel, "help")).kind is Kind.MESSAGE
        async with (
            aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
            session.get("/metrics") as answer,
        ):
            assert 'circle_take_answer_seconds_count{name="/help"} 1.0' in (await answer.text()).splitlines()


async def test_a_connection_that_is_lost_is_told_until_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    async with (
        stage(tmp_path, METRICS_PORT=f"{port}") as night,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        await until_ready(session)
        await night.discord.gateway.invalidate(resumable=False)
        assert await health(session) == (503, "connecting\n")
        async with session.get("/metrics") as answer:
            assert "circle_take_ready 0.0" in (await answer.text()).splitlines()
        await until_ready(session)


async def test_what_ends_a_connection_for_good_is_said_in_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        for code, said in [(4004, "Discord refused DISCORD_TOKEN"), (4011, "Raise SHARD_COUNT"), (4013, "code 4013")]:
            await night.discord.slash(night.producer, night.channel, "help")  # it has settled
            await night.discord.gateway.close(code)
            assert await night.bot.ended() == 1
            assert said in night.bot.tail().splitlines()[-1]
            assert "Traceback" not in night.bot.tail()
            await night.bot.start()


async def test_the_last_line_is_json_too_if_the_host_asked_for_it(discord: Loopback, tmp_path: Path) -> None:
    last = json.loads(await cannot_start(discord, tmp_path, DISCORD_TOKEN=STRANGER, LOG_FORMAT="json"))
    assert (last["level"], last["message"].startswith("Discord refused DISCORD_TOKEN")) == ("CRITICAL", True)


async def until_ready(session: aiohttp.ClientSession) -> None:
    """discord.py calls itself ready 2 s after the last server came in."""
    while (answered := await health(session)) != (200, "ready\n"):
        assert answered == (503, "connecting\n")
        await asyncio.sleep(0.05)


async def health(session: aiohttp.ClientSession) -> tuple[int, str]:
    async with session.get("/healthz") as answer:
        return answer.status, await answer.text()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


async def cannot_start(discord: Loopback, folder: Path, **env: str) -> str:
    """What the bot says as it gives up with exit code 1, without a traceback or the token."""
    bot = BotProcess(discord, folder, env={"DATABASE_PATH": str(folder / "take.sqlite3")} | env)
    await bot.launch()
    try:
        assert await bot.ended() == 1
    finally:
        await bot.kill()
    said = bot.tail()
    assert "Traceback" not in said
    assert "Unclosed" not in said
    token = env.get("DISCORD_TOKEN", discord.token)
    assert not token.strip() or token not in said
    return said.splitlines()[-1]


async def test_a_token_that_discord_refuses_is_said_in_words(discord: Loopback, tmp_path: Path) -> None:
    assert "Discord refused DISCORD_TOKEN" in await cannot_start(discord, tmp_path, DISCORD_TOKEN=STRANGER)


@pytest.mark.parametrize("token", ["", "not-a-token"], ids=["missing", "malformed"])
async def test_without_a_token_nothing_is_tried(discord: Loopback, tmp_path: Path, token: str) -> None:
    assert "DISCORD_TOKEN" in await cannot_start(discord, tmp_path, DISCORD_TOKEN=token)
    assert not (tmp_path / "take.sqlite3").exists()


async def test_an_api_that_nobody_serves_is_said_in_words(discord: Loopback, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/v10"
    assert f"Discord cannot be reached at {nowhere}" in await cannot_start(discord, tmp_path, DISCORD_API_URL=nowhere)


@pytest.mark.parametrize("route", ["/users/@me", "/applications/*/commands"])
async def test_an_outage_at_discord_is_said_in_words(discord: Loopback, tmp_path: Path, route: str) -> None:
    for method in ("GET", "PUT"):
        discord.faults.break_down(method, route, status=503, times=100)
    assert "Discord cannot be reached" in await cannot_start(discord, tmp_path)


async def test_a_taken_metrics_port_is_said_in_words(discord: Loopback, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert f"METRICS_PORT {port}" in await cannot_start(discord, tmp_path, METRICS_PORT=f"{port}")


async def test_a_second_bot_on_the_same_file_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env={"DATABASE_PATH": str(night.database), "DISCORD_TOKEN": night.discord.token},
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == 1
        assert "in use by another bot process" in said.decode()
        assert (await night.discord.slash(night.producer, night.channel, "help")).kind is Kind.MESSAGE
