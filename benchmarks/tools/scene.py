"""A bot, ours or the floor's, in its own process on Discord's loopback, with a ballot to press."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.loopback import BotProcess, Loopback, Member, Message, Reply
from tests.loopback.process import RUN

FLOOR = (sys.executable, "-m", "benchmarks.floors.floor_bot")
DATABASE = "circle-take.sqlite3"
WARMING = 50
"""Presses before anything is measured, to open connections and warm up the code."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A ballot that people press, and its opener."""

    discord: Loopback
    ballot: Message
    opener: Member
    bot: BotProcess

    def crowd(self, count: int) -> list[Member]:
        """Add people who have not pressed yet."""
        guild = self.ballot.channel.guild
        return [guild.add_member(f"Extra {len(guild.members)}") for _ in range(count)]

    async def press(self, member: Member) -> Reply:
        """Vote as `member`."""
        return await self.discord.press(member, self.ballot, label="AI may execute")


@asynccontextmanager
async def scene(folder: Path, command: Sequence[str], *, few_files: bool = False) -> AsyncIterator[Scene]:
    """Start `RUN` or `FLOOR` in `folder` and open its ballot; `few_files` limits it to 1,024 open files and sockets."""
    program = ("sh", "-c", 'ulimit -n 1024 && exec "$@"', "sh", *command) if few_files else command
    async with Loopback() as discord:
        guild = discord.add_guild("Night Shoot")
        channel, opener = guild.add_channel("crew"), guild.add_member("Producer")
        async with BotProcess(discord, folder, env={"DATABASE_PATH": DATABASE}, command=program) as bot:
            opening = ("poll open", {"task": "Rotoscope the crowd"}) if command == RUN else ("ballot", {})
            reply = await discord.slash(opener, channel, opening[0], **opening[1])
            if reply.message is None:
                raise RuntimeError(f"the ballot was not posted: {reply.kind}")
            opened = Scene(discord, reply.message, opener, bot)
            for member in opened.crowd(WARMING):
                await opened.press(member)
            yield opened
