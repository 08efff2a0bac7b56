"""A poll whose end nobody was told of before a kill -9 is announced at the next start, once."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from db.engine.database import Database
from db.polls.store import PollStore
from domain.people import Act, Actor
from tests.loopback.stage import rows, stage, words


async def close(database: Path, guild_id: int) -> None:
    """End poll 1 as the bot does, which dies before it can say so."""
    act = Act(1, datetime.now(UTC), Actor(1, "Producer", moderator=True))
    async with await Database.open(database) as opened:
        await PollStore(opened).close(guild_id, 1, act)


async def noted(database: Path) -> None:
    """Wait until the bot has noted that the news is out; Discord sees nothing of that."""
    while rows(database, "SELECT announced_at FROM poll") == [(None,)]:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.05)


async def test_a_kill_between_the_close_and_the_news_loses_no_news(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        await night.open_poll()
        await night.bot.kill()
        await close(night.database, night.guild.id)
        for _ in range(2):
            await night.bot.start()
            await night.discord.until(lambda: len(night.discord.messages(night.channel)) == 2, "the news")
            await noted(night.database)
            assert "A human judges" in await night.shown()
            await night.bot.kill()
        _, news = night.discord.messages(night.channel)
        assert "Poll 1 · A human judges" in words(news)
