"""Exports of a long log against the sqlite3 shell, and its verification against bare SHA-256."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.floors.shell import shell_export
from benchmarks.tools.long_log import GUILD, LongLog
from benchmarks.tools.measure import Case
from bot.export.file import ExportRequest, Format, write_export
from bot.export.verifying import verify_path
from bot.host.run import run_async
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader, read_log
from domain.proof.reports import Integrity

MADE_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEARTBEAT = 0.001
PIECE = "Harbour Lights 0"
PEAK = """
import re, resource, sys
from pathlib import Path
from bot.cli import main
code = main(sys.argv[1:])
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss would start from what the parent process had
    print(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""
"""A command that also prints its peak memory, in KiB (in bytes on macOS)."""


def cases(log: LongLog) -> list[Case]:
    """Return every case about exporting and verifying `log`."""
    return [csv(log), jsonl(log), memory(log), held(log), verification(log)]


def csv(log: LongLog) -> Case:
    """Measure the seconds for a CSV against `sqlite3 -csv` with the same cells, as plain as SQL returns them.

    Ours has labels for people, no formula, every cell quoted, a byte order mark, and the SHA-256 of the file.
    """
    floor = lambda folder: shell_export("csv", log.path, folder)  # noqa: E731 - a figure
    return Case("export-csv", "s", "low", lambda folder: _export(Format.CSV, log, folder), floor, 2.0)


def jsonl(log: LongLog) -> Case:
    """Measure the seconds for a proof against `sqlite3 -json` with the same columns."""
    floor = lambda folder: shell_export("json", log.path, folder)  # noqa: E731 - a figure
    return Case("export-jsonl", "s", "low", lambda folder: _export(Format.JSONL, log, folder), floor, 1.3)


def memory(log: LongLog) -> Case:
    """Measure how many MiB more a process takes that exports the whole log than one that exports one piece of it.

    The floor is what the latter takes, most of it Python itself.
    """

    def growth(folder: Path) -> float:
        return max(0.1, _peak(log, folder / "all") - _peak(log, folder / "piece", "--piece", PIECE))

    def floor(folder: Path) -> float:
        return _peak(log, folder / "piece", "--piece", PIECE)

    return Case("export-memory-growth", "MiB", "low", growth, floor, limit=16.0)


def held(log: LongLog) -> Case:
    """Measure the longest pause of the event loop during an export, and without one, in ms."""

    def ours(_: Path) -> float:
        return run_async(_longest(log, _write_beside(log)))

    def floor(_: Path) -> float:
        return run_async(_longest(log, _rest))

    return Case("export-loop-held", "ms", "low", ours, floor, limit=20.0)


def verification(log: LongLog) -> Case:
    """Measure entries verified per second against hashing the same bytes and nothing else.

    The floor has every body, link and salted part ready in memory: 4.5 hashes an entry, which any verifier needs.
    """
    ours, floor = partial(_checked, log), partial(_hashed, log)
    return Case("verify-rate", "entries/s", "high", ours, floor, 0.25)


def _export(file_format: Format, log: LongLog, folder: Path) -> float:
    database = log.path  # created now if it does not exist yet
    before = perf_counter()
    export_to(folder / "ours", file_format, database)
    return perf_counter() - before


def export_to(target: Path, file_format: Format, database: Path) -> None:
    """Write an export as the command and the terminal do."""
    read_log(database, GUILD, lambda reader: _write(reader, target, file_format))


def _write(reader: LogReader, target: Path, file_format: Format) -> None:
    with target.open("w+b") as file:
        write_export(reader, file, ExportRequest(file_format, MADE_AT))


def _peak(log: LongLog, target: Path, *asked: str) -> float:
    """Return the peak memory, in MiB, of a process that makes an export."""
    target.unlink(missing_ok=True)
    call = ["export", "--guild", str(GUILD), "--format", "csv", "--output", str(target), *asked]
    environment = {"DATABASE_PATH": str(log.path), "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", PEAK, *call]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / (1024 * 1024 if sys.platform == "darwin" else 1024)


Work = Callable[[ExportStore], Coroutine[Any, Any, None]]


async def _longest(log: LongLog, work: Work) -> float:
    """Return the longest gap between two turns of the event loop during `work`, in ms."""
    async with await Database.open(log.path) as database:
        going = asyncio.create_task(work(ExportStore(database)))
        longest, before = 1e-5, perf_counter()
        while not going.done():
            await asyncio.sleep(HEARTBEAT)
            longest, before = max(longest, perf_counter() - before - HEARTBEAT), perf_counter()
        await going
        return 1000 * longest


def _write_beside(log: LongLog) -> Work:
    async def work(store: ExportStore) -> None:
        await store.read(GUILD, lambda reader: _write(reader, log.path.with_suffix(".csv"), Format.CSV))

    return work


async def _rest(_store: ExportStore) -> None:
    await asyncio.sleep(1)


def _checked(log: LongLog, folder: Path) -> float:
    proof = folder / "proof.jsonl"
    export_to(proof, Format.JSONL, log.path)
    before = perf_counter()
    report = verify_path(proof)
    took = perf_counter() - before
    if report.status is not Integrity.INTACT_UNPINNED:
        raise RuntimeError(f"the log is {report.status}")
    return report.total / took


def _hashed(log: LongLog, folder: Path) -> float:
    proof = folder / "proof.jsonl"
    export_to(proof, Format.JSONL, log.path)
    with proof.open("rb") as lines:
        next(lines)
        pieces = [piece for line in lines for piece in _pieces(json.loads(line))]
    before = perf_counter()
    for piece in pieces:
        sha256(piece).digest()
    return log.entries / (perf_counter() - before)


def _pieces(record: dict[str, object]) -> list[bytes]:
    """Return what a verifier hashes of an entry: its body, its link, its parts with their salts."""
    parts = [part for name in ("who", "work", "text") if isinstance(part := record[name], dict)]
    committed = [bytes.fromhex(part["salt"]) + part["value"].encode() for part in parts]
    return [str(record["body"]).encode(), bytes(64), *committed]
