"""What nobody may read stays out of everything that the bot writes and serves, at its most talkative too."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.loopback.stage import TYPED, Stage, backup, exported, stage, told_secrets

from .test_start import free_port


async def _day(night: Stage) -> list[str]:
    """A vote, a signature, a failure in mid-answer; the names and ids of those who were there."""
    gaffer, grip = night.crowd(2)
    ballot, card = await night.open_poll(), await night.open_signoff([gaffer])
    night.discord.faults.break_down("POST", "/interactions/*/callback", status=500)
    await night.vote(grip, ballot, "judgment")
    await night.vote(gaffer, ballot, "execution")
    await night.discord.press(gaffer, card, label="Yes, I sign")
    await night.discord.slash(night.producer, night.channel, "poll verdicts", task=TYPED)
    return [name for member in (gaffer, grip, night.producer) for name in (member.name, f"{member.id}")]


def files_with(folder: Path, secret: str) -> dict[Path, bool]:
    """Every file of a folder, and whether the secret stands in it."""
    return {path: secret.encode() in path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def _served(port: int) -> str:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        pages = [await session.get(path) for path in ("/metrics", "/healthz", "/", "/metrics?x=1")]
        return "\n".join([await page.text() for page in pages])


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_token_is_in_nothing_that_the_bot_writes_or_serves(tmp_path: Path, form: str) -> None:
    port = free_port()
    async with stage(tmp_path, METRICS_PORT=f"{port}", LOG_FORMAT=form, LOG_LEVEL="DEBUG") as night:
        people = await _day(night)
        served = await _served(port)
        proof, copy = (
            await exported(night.database, night.guild),
            await backup(night.database, tmp_path / "copy.sqlite3"),
        )
        files = files_with(tmp_path, night.discord.token)
        assert {proof, copy, night.database, night.bot.log} <= files.keys()
        assert [path for path, told in files.items() if told] == []
    assert told_secrets(served, night.discord.token) == []
    assert [name for name in people if name in served] == []
    assert 'circle_take_answer_seconds_count{name="VoteButton"}' in served


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells in a file who listens where")
async def test_the_metrics_are_served_to_this_machine_alone(tmp_path: Path) -> None:
    port = free_port()
    async with stage(tmp_path, METRICS_PORT=f"{port}"):
        assert await asyncio.to_thread(listening, port) == ["0100007F"]


def listening(port: int) -> list[str]:
    """The addresses, in the kernel's writing, on which somebody listens at a port."""
    tables = [Path("/proc/net", name).read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    bound = [row.split()[1].split(":") for rows in tables for row in rows if row.split()[3] == "0A"]
    return [address for address, number in bound if int(number, 16) == port]
