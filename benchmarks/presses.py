"""Presses through the whole bot in its own process on Discord's loopback, against a bot that stores nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.tools.measure import Case
from benchmarks.tools.scene import FLOOR, Scene, scene
from benchmarks.tools.usage import TICK, cpu_seconds
from benchmarks.votes import Ready
from bot.host.run import run_async
from tests.loopback import Member
from tests.loopback.process import RUN


@dataclass(frozen=True, slots=True)
class Size:
    """How much one round measures."""

    presses: int = 4000
    tasks: int = 200
    """Presses in flight at any time."""

    crowd: int = 3000
    """People who press within `seconds`."""

    seconds: float = 1.0


def cases(size: Size) -> list[Case]:
    """Return every case about presses."""
    return [versus_nothing_stored(size), cpu(size), worst_answer(size)]


def versus_nothing_stored(size: Size) -> Case:
    """Measure votes per second, from gateway to receipt, against a bot whose button only edits its message.

    Each is a separate process with the same client settings and an equally large message, and shares the machine with
    the server that presses.
    """
    return Case(
        "presses-vs-nothing-stored",
        "votes/s",
        "high",
        lambda folder: rate(folder, RUN, size),
        lambda folder: rate(folder, FLOOR, size),
        0.9,
    )


def cpu(size: Size) -> Case:
    """Measure the CPU milliseconds of a press against the same bot; other load on the machine hardly changes them."""
    return Case(
        "press-cpu",
        "ms",
        "low",
        lambda folder: run_async(_cpu(folder, RUN, size)),
        lambda folder: run_async(_cpu(folder, FLOOR, size)),
        1.0,
    )


def worst_answer(size: Size) -> Case:
    """Measure the slowest answer when `size.crowd` people press within `size.seconds`; Discord waits 3 s.

    Both bots may open 1,024 files and sockets, the usual limit of a process.
    """
    return Case(
        "crowd-slowest-answer",
        "s",
        "low",
        lambda folder: run_async(_slowest(folder, RUN, size)),
        lambda folder: run_async(_slowest(folder, FLOOR, size)),
        limit=3.0,
    )


def rate(folder: Path, command: Sequence[str], size: Size, ready: Ready = lambda: None) -> float:
    """Return presses per second that were answered in time, `size.tasks` in flight, once `ready` has returned."""
    return run_async(_rate(folder, command, size, ready))


async def _rate(folder: Path, command: Sequence[str], size: Size, ready: Ready) -> float:
    async with scene(folder, command) as crowded:
        ready()
        return await press_all(crowded, size)


async def press_all(crowded: Scene, size: Size) -> float:
    """Return presses per second of a new crowd that were answered in time."""
    answered, waiting = 0, iter(crowded.crowd(size.presses))

    async def take_turns() -> None:
        nonlocal answered
        for member in waiting:
            reply = await crowded.press(member)
            answered += not reply.missed

    before = perf_counter()
    await asyncio.gather(*(take_turns() for _ in range(size.tasks)))
    return answered / (perf_counter() - before)


async def _cpu(folder: Path, command: Sequence[str], size: Size) -> float:
    async with scene(folder, command) as crowded:
        before = cpu_seconds(crowded.bot.pid)
        await press_all(crowded, size)
        used = max(cpu_seconds(crowded.bot.pid) - before, TICK)
        return 1000 * used / size.presses


async def _slowest(folder: Path, command: Sequence[str], size: Size) -> float:
    """Return the seconds of the slowest answer, including those that never came."""
    async with scene(folder, command, few_files=True) as crowded:

        async def press(number: int, member: Member) -> float:
            await asyncio.sleep(size.seconds * number / size.crowd)
            reply = await crowded.press(member)
            return reply.age if reply.missed else reply.latency

        return max(await asyncio.gather(*(press(*one) for one in enumerate(crowded.crowd(size.crowd)))))
