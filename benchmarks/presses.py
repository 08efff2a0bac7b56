"""Presses through the whole bot, a process of its own, against Discord's loopback, beside a bot that stores nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.measure import Case
from bot.run import run_async
from tests.loopback import BotProcess, Channel, Loopback, Member, Message, Reply
from tests.loopback.process import RUN

FLOOR = (sys.executable, "-m", "benchmarks.floor_bot")


@dataclass(frozen=True, slots=True)
class Size:
    """How much one round measures."""

    presses: int = 6000
    tasks: int = 200
    """Presses in flight at any time."""

    crowd: int = 3000
    """People who press within `seconds`."""

    seconds: float = 1.0


def cases(size: Size) -> list[Case]:
    """Every case about presses."""
    return [versus_nothing_stored(size), worst_answer(size)]


def versus_nothing_stored(size: Size) -> Case:
    """Votes a second, from the gateway to the receipt, beside a bot whose button edits its message and stores nothing.

    Both are processes of their own, with the same client settings and as large a message, and share the machine with
    the server that presses.
    """
    return Case(
        "presses-vs-nothing-stored",
        "votes/s",
        "high",
        lambda folder: run_async(_rate(folder, RUN, size)),
        lambda folder: run_async(_rate(folder, FLOOR, size)),
        0.9,
    )


def worst_answer(size: Size) -> Case:
    """The slowest answer when `size.crowd` people press within `size.seconds`; Discord waits for 3 s."""
    return Case(
        "crowd-slowest-answer",
        "s",
        "low",
        lambda folder: run_async(_slowest(folder, RUN, size)),
        lambda folder: run_async(_slowest(folder, FLOOR, size)),
        limit=3.0,
    )


@dataclass(frozen=True, slots=True)
class Scene:
    """A ballot that a crowd can press."""

    discord: Loopback
    ballot: Message

    def crowd(self, count: int) -> list[Member]:
        """People who have not pressed yet."""
        guild = self.ballot.channel.guild
        return [guild.add_member(f"Extra {len(guild.members)}") for _ in range(count)]

    async def press(self, member: Member) -> Reply:
        """One vote."""
        return await self.discord.press(member, self.ballot, label="AI may execute")


@asynccontextmanager
async def _scene(folder: Path, command: Sequence[str]) -> AsyncIterator[Scene]:
    async with Loopback() as discord:
        guild = discord.add_guild("Night Shoot")
        channel, opener = guild.add_channel("crew"), guild.add_member("Producer")
        async with BotProcess(discord, folder, env={"DATABASE_PATH": "circle-take.sqlite3"}, command=command):
            scene = Scene(discord, await _open(discord, opener, channel, command))
            for member in scene.crowd(50):  # connections are made, code is warm
                await scene.press(member)
            yield scene


async def _open(discord: Loopback, opener: Member, channel: Channel, command: Sequence[str]) -> Message:
    """The ballot of either bot."""
    if command is FLOOR:
        reply = await discord.slash(opener, channel, "ballot")
    else:
        reply = await discord.slash(opener, channel, "poll open", task="Rotoscope the crowd")
    if reply.message is None:
        raise RuntimeError(f"the ballot was not posted: {reply.kind}")
    return reply.message


async def _rate(folder: Path, command: Sequence[str], size: Size) -> float:
    """Presses a second that were answered in time, `size.tasks` of them in flight."""
    answered = 0
    async with _scene(folder, command) as scene:
        waiting = iter(scene.crowd(size.presses))

        async def take_turns() -> None:
            nonlocal answered
            for member in waiting:
                reply = await scene.press(member)
                answered += not reply.missed

        before = perf_counter()
        await asyncio.gather(*(take_turns() for _ in range(size.tasks)))
        return answered / (perf_counter() - before)


async def _slowest(folder: Path, command: Sequence[str], size: Size) -> float:
    """Seconds that the slowest answer took, or had not come in."""
    async with _scene(folder, command) as scene:

        async def press(number: int, member: Member) -> float:
            await asyncio.sleep(size.seconds * number / size.crowd)
            reply = await scene.press(member)
            return reply.age if reply.missed else reply.latency

        return max(await asyncio.gather(*(press(*one) for one in enumerate(scene.crowd(size.crowd)))))
