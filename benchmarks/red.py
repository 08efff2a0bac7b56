"""Presses against Red-DiscordBot with a poll of one button, if an environment with Red is given."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks import presses
from benchmarks.tools.measure import Case
from benchmarks.tools.scene import Scene
from bot.host.run import run_async
from tests.loopback import BotProcess, Channel, Loopback, Member
from tests.loopback.discord.gateway import Op
from tests.loopback.process import RUN

PROGRAM = Path(__file__).parent / "floors" / "red_peer" / "run_red.py"
SIZE = presses.Size(presses=400, tasks=50)
"""Few enough at once for Red to answer them within 3 s."""

TIMEOUT = 60.0


def case(python: Path) -> Case:
    """Measure votes per second, 50 presses in flight, against Red with its default storage on an empty poll.

    Args:
        python: the interpreter of an environment with Red-DiscordBot, Python 3.11 at most.
    """

    def floor(folder: Path) -> float:
        return run_async(_rate(folder, python))

    return Case("presses-vs-red", "votes/s", "high", lambda folder: presses.rate(folder, RUN, SIZE), floor, 5.0)


async def _rate(folder: Path, python: Path) -> float:
    async with _red(folder, python) as scene:
        return await presses.press_all(scene, SIZE)


@asynccontextmanager
async def _red(folder: Path, python: Path) -> AsyncIterator[Scene]:
    async with Loopback() as discord:
        guild = discord.add_guild("Night Shoot")
        channel, opener = guild.add_channel("crew"), guild.add_member("Producer")
        env = {"HOME": str(folder), "RED_OWNER": f"{opener.id}"}
        bot = BotProcess(discord, folder, env=env, command=(str(python), str(PROGRAM)))
        await bot.launch()
        try:
            async with asyncio.timeout(TIMEOUT):
                await discord.gateway.happened(Op.IDENTIFY)
            await _say_until(discord, opener, channel, "!load red_peer", "Loaded `red_peer`")
            await _say_until(discord, opener, channel, "!ballot", "0 votes")
            ballot = next(message for message in channel.messages.values() if message.components)
            yield Scene(discord, ballot, opener, bot)
        finally:
            await bot.kill()


async def _say_until(discord: Loopback, member: Member, channel: Channel, words: str, answer: str) -> None:
    """Repeat a message every second until it is answered: Red starts reading some time after it has connected."""
    about = {"guild_id": f"{channel.guild.id}", "member": {k: v for k, v in member.payload().items() if k != "user"}}
    async with asyncio.timeout(TIMEOUT):
        while not any(answer in message.content for message in channel.messages.values()):
            await discord.gateway.send(channel.guild.id, "MESSAGE_CREATE", channel.say(member, words).payload() | about)
            await asyncio.sleep(1)
