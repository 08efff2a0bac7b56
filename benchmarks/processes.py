"""Two processes beside one: what a host gains that splits its servers over two.

Discord's loopback takes nearly as much CPU for a press as the bot does: on two cores, one loopback for both would
leave the second process nothing to gain. Each has one of its own and shares a core with it: two processes have two
cores, one has one. As in a split by SHARD_IDS, they have files of their own and share nothing but the machine.
"""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import TypeAlias

from benchmarks import presses, votes
from benchmarks.tools.measure import Claim, Together
from benchmarks.votes import Ready
from tests.loopback.process import RUN

_START: list[Barrier] = []
"""What this process and the other wait for together: it can be handed down only when they are made."""

Work: TypeAlias = Callable[[Path, int, Ready], float]
"""What a process does in its folder, so often, from the moment at which `Ready` returns: how many a second."""

GAIN = 1.6
PATIENCE = 60.0
"""Seconds that a process waits for the other to get ready."""


def case(count: int) -> Together:
    """Presses a second through whole bots, and durable votes a second through their stores, `count` in each process."""
    works: dict[str, Work] = {"presses": press, "votes": vote}
    claims = tuple(Claim(f"two-processes-{name}", f"{name}/s", "high", GAIN) for name in works)

    def measure(folder: Path) -> Mapping[str, tuple[float, float]]:
        return {
            f"two-processes-{name}": (_together(work, 2, folder, count), _together(work, 1, folder, count))
            for name, work in works.items()
        }

    return Together(claims, measure, rounds=5)


def press(folder: Path, count: int, ready: Ready) -> float:
    """Presses a second of a bot of its own, from the gateway to the receipt."""
    return presses.rate(folder, RUN, presses.Size(presses=count), ready)


def vote(folder: Path, count: int, ready: Ready) -> float:
    """Durable votes a second through a store of its own; five times as many, for they take a fifth of the time."""
    return votes.rate(folder, votes.Size(votes=5 * count), ready=ready)


def _together(work: Work, processes: int, folder: Path, count: int) -> float:
    """The rates of so many processes at once, one to a core, added up."""
    spawn = multiprocessing.get_context("spawn")  # no thread of ours is copied into them
    start = spawn.Barrier(processes)
    with ProcessPoolExecutor(processes, spawn, _prepare, (start,)) as pool:
        tasks = []
        for core in range(processes):
            (home := folder / f"{work.__name__}-{processes}-{core}").mkdir()
            tasks.append(pool.submit(_alone, work, home, count, core))
        return sum(task.result() for task in tasks)


def _prepare(start: Barrier) -> None:
    """Remember in a new process what it will wait for."""
    _START.append(start)


def _alone(work: Work, folder: Path, count: int, core: int) -> float:
    """Work on one core, as far as the system lets a process choose."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})
    try:
        return work(folder, count, lambda: _START[0].wait(PATIENCE))
    except BrokenBarrierError as error:
        raise RuntimeError("the other process did not get ready") from error
