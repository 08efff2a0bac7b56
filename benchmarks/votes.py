"""Durable votes of many people at once through `PollStore.vote`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

from benchmarks.crowd import at_once, in_batches, one_thread, open_store
from benchmarks.floors.awaiting import await_each
from benchmarks.tools.measure import Case, percentile
from bot.host.run import run_async

Ready: TypeAlias = Callable[[], object]
"""Called after the setup, just before measuring starts."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much one round measures."""

    votes: int = 6000
    tasks: int = 200
    """Votes in flight at any time, and in a batch of the ceiling."""

    alone: int = 1000
    """Votes with a commit each."""

    standing: int = 100_000
    """Votes that the full poll has at the start."""


def cases(size: Size) -> list[Case]:
    """Return every case about votes."""
    return [versus_ceiling(size), versus_awaiting(size), versus_one_commit_each(size), worst_wait(size), flat(size)]


def versus_ceiling(size: Size) -> Case:
    """Measure votes per second through the store against the ceiling: the same units on one thread and connection.

    The ceiling has the same PRAGMAs and `size.tasks` votes to a commit, but no asyncio, no queue, no second thread and
    no savepoints. The difference to 1 is the cost of many people at once, each answered after the commit.
    """
    return Case(
        "votes-vs-ceiling",
        "votes/s",
        "high",
        lambda folder: rate(folder, size),
        lambda folder: _ceiling(folder, size),
        0.75,
    )


def versus_awaiting(size: Size) -> Case:
    """Measure votes per second against the usual way: one aiosqlite connection, a lock, every statement awaited.

    The target is for a disk whose fsync takes 0.2 ms.
    """
    return Case(
        "votes-vs-awaiting-each",
        "votes/s",
        "high",
        lambda folder: rate(folder, size),
        lambda folder: size.alone / run_async(await_each(folder, range(size.alone), size.tasks)),
        5.0,
    )


def versus_one_commit_each(size: Size) -> Case:
    """Measure votes per second through the store against one thread with a transaction for each vote.

    The slower the disk's fsync, the larger the ratio; the target is for 0.2 ms.
    """
    return Case(
        "votes-vs-one-commit-each",
        "votes/s",
        "high",
        lambda folder: rate(folder, size),
        lambda folder: size.alone / sum(_alone(folder, size)),
        3.0,
    )


def worst_wait(size: Size) -> Case:
    """Measure the 99th percentile of a vote's wait with `size.tasks` in flight, against that of a single commit."""
    return Case(
        "vote-p99-200-tasks",
        "ms",
        "low",
        lambda folder: 1000 * percentile(99, _through_store(folder, size)[1]),
        lambda folder: 1000 * percentile(99, _alone(folder, size)),
        limit=15.0,
    )


def flat(size: Size) -> Case:
    """Measure votes per second on a poll that already has `size.standing` votes, against an empty one."""
    return Case(
        "votes-flat",
        "votes/s",
        "high",
        lambda folder: rate(folder, size, standing=size.standing),
        lambda folder: rate(folder, size),
        0.9,
    )


def rate(folder: Path, size: Size, *, standing: int = 0, ready: Ready = lambda: None) -> float:
    """Return votes per second through the store, on a poll with `standing` votes, once `ready` has returned."""
    return size.votes / _through_store(folder, size, standing, ready)[0]


def _through_store(
    folder: Path, size: Size, standing: int = 0, ready: Ready = lambda: None
) -> tuple[float, list[float]]:
    """Return the seconds for all votes, and the seconds that each waited."""
    if standing:
        with one_thread(folder) as database:  # three times as fast as through the store
            in_batches(database, range(standing), 5000)

    async def measure() -> tuple[float, list[float]]:
        async with open_store(folder) as store:
            ready()
            before = perf_counter()
            waited = await at_once(store, range(standing, standing + size.votes), size.tasks)
            return perf_counter() - before, waited

    return run_async(measure())


def _ceiling(folder: Path, size: Size) -> float:
    with one_thread(folder) as database:
        return size.votes / sum(in_batches(database, range(size.votes), size.tasks))


def _alone(folder: Path, size: Size) -> list[float]:
    """Return the seconds of each of `size.alone` votes with a commit for each."""
    with one_thread(folder) as database:
        return in_batches(database, range(size.alone), 1)
