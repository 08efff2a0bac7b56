"""A bot in two processes: servers split over them by shard, each process with its own file."""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.loopback import BotProcess, Loopback
from tests.loopback.stage import CHOICES, posted, rows

TASKS = "SELECT task FROM poll"


async def test_two_processes_share_the_servers_and_take_turns_at_the_gateway(discord: Loopback, tmp_path: Path) -> None:
    stages = [discord.add_guild(f"Unit {number}") for number in range(2)]
    places = [(guild.add_member("Producer"), guild.add_channel("crew")) for guild in stages]
    shards = [(guild.id >> 22) % 2 for guild in stages]
    assert sorted(shards) == [0, 1]
    files = [tmp_path / f"shard-{number}.sqlite3" for number in range(2)]
    processes = []
    async with AsyncExitStack() as stack:
        began = time.monotonic()
        for number in range(2):
            folder = tmp_path / f"{number}"
            folder.mkdir()
            env = {"DATABASE_PATH": str(files[number]), "SHARD_COUNT": "2", "SHARD_IDS": f"{number}"}
            process = BotProcess(discord, folder, env=env)
            processes.append(stack.push_async_exit(process))
            await process.launch()
        await discord.until(lambda: discord.gateway.seen["IDENTIFY"] == 2, "both to identify")
        assert time.monotonic() - began >= 5
        await discord.ready()
        for number, (producer, channel) in enumerate(places):
            reply = await discord.slash(producer, channel, "poll open", task=f"Task of unit {number}")
            vote = await discord.press(producer, posted(reply), label=CHOICES["execution"])
            assert "Your vote" in vote.content
        await asyncio.gather(*(process.terminate() for process in processes))
    for number, shard in enumerate(shards):
        assert rows(files[shard], TASKS) == [(f"Task of unit {number}",)]
