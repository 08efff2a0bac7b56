"""How long the bot takes to start and how much memory it takes, against a minimal `commands.Bot`."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.tools.measure import Claim, Together
from benchmarks.tools.scene import DATABASE
from benchmarks.tools.usage import resident
from bot.host.run import run_async
from tests.loopback import BotProcess, Channel, Loopback, Member
from tests.loopback.discord.gateway import Op
from tests.loopback.process import RUN

MINIMAL = (sys.executable, "-m", "benchmarks.floors.minimal_bot")
ROLES, CHANNELS, OVERWRITES, EMOJIS = 15, 25, 2, 20
"""What each server has, and overwrites for each channel: a small production. No stickers, threads or events."""

CATCHING_UP = 60.0
"""Seconds that a bot may take to receive all its servers."""


def starting() -> Together:
    """Measure the milliseconds from exec to IDENTIFY, with an existing database and registered commands.

    The floor registers its one command every time, as small bots do.
    """

    def measure(folder: Path) -> Mapping[str, tuple[float, float]]:
        return run_async(_starts(folder))

    return Together((Claim("start-to-identify", "ms", "low", 1.5),), measure)


def memory(servers: Sequence[int], settled: float) -> Together:
    """Measure the resident MiB of a bot in so many servers, `settled` seconds after it has received them.

    In none, most of it is Python and discord.py; in many, what the bot caches of each. Ours is without the model of
    the extra `semantic`, which is loaded with the first question.
    """
    claims = tuple(Claim(f"memory-{count}-servers", "MiB", "low", 1.3 if count < 5000 else 0.5) for count in servers)

    def measure(folder: Path) -> Mapping[str, tuple[float, float]]:
        return run_async(_memories(folder, servers, settled))

    return Together(claims, measure, rounds=2)


async def _starts(folder: Path) -> Mapping[str, tuple[float, float]]:
    async with Loopback() as discord:
        await _start(discord, folder, RUN)  # creates the database and registers the commands
        ours = await _start(discord, folder, RUN)
        return {"start-to-identify": (ours, await _start(discord, folder, MINIMAL))}


async def _start(discord: Loopback, folder: Path, command: Sequence[str]) -> float:
    """Start a process, kill it at its IDENTIFY, and return the milliseconds in between."""
    identified = discord.gateway.seen["IDENTIFY"] + 1
    bot = BotProcess(discord, folder, env={"DATABASE_PATH": DATABASE}, command=command)
    before = perf_counter()
    await bot.launch()
    await discord.gateway.happened(Op.IDENTIFY, identified)
    took = perf_counter() - before
    await bot.kill()
    return 1000 * took


async def _memories(folder: Path, servers: Sequence[int], settled: float) -> Mapping[str, tuple[float, float]]:
    found = {}
    for count in servers:
        (home := folder / f"{count}").mkdir()
        ours = await _held(home, count, RUN, settled)
        found[f"memory-{count}-servers"] = ours, await _held(home, count, MINIMAL, settled)
    return found


async def _held(folder: Path, servers: int, command: Sequence[str], settled: float) -> float:
    async with Loopback() as discord:
        places = [_furnished(discord, number) for number in range(servers)]
        async with BotProcess(discord, folder, env={"DATABASE_PATH": DATABASE}, command=command) as bot:
            if places:
                await _caught_up(discord, *places[-1])
            await asyncio.sleep(settled)
            return resident(bot.pid)


def _furnished(discord: Loopback, number: int) -> tuple[Member, Channel]:
    """Add a typical server and return one of its members and channels."""
    guild = discord.add_guild(f"Crew {number}")
    roles = [guild.add_role(f"Department {role}") for role in range(ROLES)]
    channels = [guild.add_channel(f"channel-{channel}") for channel in range(CHANNELS)]
    overwrites = [{"id": f"{role.id}", "type": 0, "allow": "1024", "deny": "0"} for role in roles[:OVERWRITES]]
    for channel in channels:
        channel.overwrites += overwrites
    look = {"roles": [], "require_colons": True, "managed": False, "animated": False, "available": True}
    guild.emojis += [{"id": f"{guild.new_id()}", "name": f"emoji_{number}"} | look for number in range(EMOJIS)]
    return guild.add_member("Producer"), channels[0]


async def _caught_up(discord: Loopback, member: Member, channel: Channel) -> None:
    """Wait until the bot answers there: it receives one server after the other."""
    async with asyncio.timeout(CATCHING_UP):
        while (await discord.slash(member, channel, "help")).missed:
            pass
