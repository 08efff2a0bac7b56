"""Starting the bot; what needs a real wire is in tests/loopback."""

import asyncio
from pathlib import Path

import discord
import pytest

from bot.config import Config
from bot.host.run import StartError, make_bot, register, run_async, serve
from db.engine.database import Database

TOKEN = "MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


@pytest.fixture
def config(tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A configuration that points at an unreachable Discord."""
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    path = tmp_path / "circle-take.sqlite3"
    return Config(TOKEN, database_path=path, api_url=f"http://127.0.0.1:{unused_tcp_port}/api/v10", shard_count=2)


async def test_an_unreachable_discord_is_reported_in_words(config: Config) -> None:
    with pytest.raises(StartError, match=f"Discord cannot be reached at {config.api_url}") as caught:
        await register(config, None)
    assert TOKEN not in str(caught.value)


async def test_a_failed_start_leaves_a_whole_database(config: Config) -> None:
    with pytest.raises(StartError):
        await serve(config)
    async with await Database.open(config.database_path):
        pass
    name = config.database_path.name
    assert {path.name for path in config.database_path.parent.iterdir()} == {name, f"{name}.in-use"}


async def test_the_bot_gets_what_the_configuration_says(config: Config, database: Database) -> None:
    async with make_bot(config, database) as bot:
        assert (bot.shard_count, bot.shard_ids) == (2, None)
        assert bot.intents == discord.Intents(guilds=True)
        assert bot.allowed_mentions is not None
        assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


def test_the_result_of_a_run_comes_back() -> None:
    async def main() -> str:
        await asyncio.sleep(0)
        return type(asyncio.get_running_loop()).__module__

    assert run_async(main()).split(".")[0] in {"asyncio", "uvloop"}
