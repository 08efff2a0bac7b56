"""Two processes against one: what a host gains by splitting its servers over two.

Discord's loopback takes nearly as much CPU for a press as the bot does: on two cores, one loopback for both would
leave nothing to gain from a second process. So each process shares a core with its own loopback: two processes have
two cores, one has one. As in a split by SHARD_IDS, each has its own files, and they share only the machine.
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
"""What the processes wait for together: it can be passed only while they are created."""

Work: TypeAlias = Callable[[Path, int, Ready], float]
"""What a process does in its folder, `int` times, once `Ready` has returned; returns how many per second."""

GAIN = 1.6
TIMEOUT = 60.0
"""Seconds that a process waits until the other is ready."""


def case(count: int) -> Together:
    """Measure presses per second of whole bots, and durable votes per second of stores, `count` in each process."""
    works: dict[str, Work] = {"presses": press, "votes": vote}
    claims = tuple(Claim(f"two-processes-{name}", f"{name}/s", "high", GAIN) for name in works)

    def measure(folder: Path) -> Mapping[str, tuple[float, float]]:
        return {
            f"two-processes-{name}": (_together(work, 2, folder, count), _together(work, 1, folder, count))
            for name, work in works.items()
        }

    return Together(claims, measure, rounds=5)


def press(folder: Path, count: int, ready: Ready) -> float:
    """Return the presses per second of this process's bot, from gateway to receipt."""
    return presses.rate(folder, RUN, presses.Size(presses=count), ready)


def vote(folder: Path, count: int, ready: Ready) -> float:
    """Return the durable votes per second of this process's store; five times as many, because they are that fast."""
    return votes.rate(folder, votes.Size(votes=5 * count), ready=ready)


def _together(work: Work, processes: int, folder: Path, count: int) -> float:
    """Return the sum of the rates of `processes` at once, one on each core."""
    spawn = multiprocessing.get_context("spawn")  # no thread of ours is copied into them
    start = spawn.Barrier(processes)
    with ProcessPoolExecutor(processes, spawn, _prepare, (start,)) as pool:
        tasks = []
        for core in range(processes):
            (home := folder / f"{work.__name__}-{processes}-{core}").mkdir()
            tasks.append(pool.submit(_alone, work, home, count, core))
        return sum(task.result() for task in tasks)


def _prepare(start: Barrier) -> None:
    """Store in a new process what it will wait for."""
    _START.append(start)


def _alone(work: Work, folder: Path, count: int, core: int) -> float:
    """Work on one core, if the system lets a process choose."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})
    try:
        return work(folder, count, lambda: _START[0].wait(TIMEOUT))
    except BrokenBarrierError as error:
        raise RuntimeError("the other process did not get ready") from error
