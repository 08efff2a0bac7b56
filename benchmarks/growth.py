"""How much the database file grows, against the same rows as SQL text."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from benchmarks.crowd import in_batches, one_thread
from benchmarks.tools.long_log import make_log
from benchmarks.tools.measure import Claim, Together
from db.engine import opening

FIRST = 1000
"""Rows that exist already, so that the first pages of tables and indexes are allocated."""

TARGET = 1.25
"""What indexes and free space in pages may add to the bare rows."""


def case(count: int) -> Together:
    """Measure the file's KiB for 1,000 votes (each with its event in the history) and for 1,000 log entries.

    Four of five entries are people's answers, half of them with a reason; the others are requests. The floor is what
    `sqlite3 .dump` writes for the same rows. Sizes do not vary from run to run.
    """
    growths = {"kib-for-1000-votes": _with_votes, "kib-for-1000-entries": _with_entries}

    def measure(folder: Path) -> Mapping[str, tuple[float, float]]:
        return {name: _growth(make, folder / name, count) for name, make in growths.items()}

    return Together(tuple(Claim(name, "KiB", "low", TARGET) for name in growths), measure, rounds=1)


def _growth(make: Callable[[Path, int], Path], folder: Path, count: int) -> tuple[float, float]:
    """Return the KiB of 1,000 rows, in the file and in its dump."""
    before, after = _sizes(make(folder / "before", FIRST)), _sizes(make(folder / "after", FIRST + count))
    file, dump = ((now - then) / 1024 * 1000 / count for then, now in zip(before, after, strict=True))
    return file, dump


def _with_votes(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    with one_thread(folder) as database:
        in_batches(database, range(count), 500)
    return database.path


def _with_entries(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    make_log(folder / "log.sqlite3", count)
    return folder / "log.sqlite3"


def _sizes(path: Path) -> tuple[int, int]:
    """Return the bytes of the file without its write-ahead log, and of the SQL that would recreate it."""
    with closing(opening.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.stat().st_size, sum(len(line.encode()) for line in connection.iterdump())
