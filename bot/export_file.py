"""Writing an export to a file, for `/decision-log export` and `circle-take export` alike."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import IO

from db.decisions import LogReader
from domain.errors import DomainError
from domain.exports import EVERYTHING, Filter, Manifest, Survey, csv_lines, jsonl_lines, survey


class Format(StrEnum):
    """What an export looks like: a table for people, or a proof that can be verified."""

    CSV = "csv"
    JSONL = "jsonl"


LEAST_BYTES = {Format.CSV: (150, 0), Format.JSONL: (350, 80)}
"""Bytes that an entry takes at least, shown and as a stub: below any that the bot writes."""


class TooBig(Exception):
    """The file would be larger than allowed; `found` says of how many entries."""

    def __init__(self, found: Survey) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was written: what it holds, and the SHA-256 of its bytes in hex."""

    found: Survey
    sha256: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, when and by whom."""

    format: Format
    made_at: datetime
    made_by: str = ""
    wanted: Filter = EVERYTHING


def write_export(
    log: LogReader,
    file: IO[bytes],
    order: Order,
    *,
    limit: int | None = None,
    watch: Callable[[Iterator[bytes]], Iterable[bytes]] = iter,
) -> Export:
    """Write the export that `order` asks for to `file`, in constant memory.

    Args:
        log: the log as it stands.
        file: open for writing.
        order: what to write.
        limit: the most bytes the file may have.
        watch: sees every line on its way, to show progress.

    Raises:
        DomainError: decision_log.empty.
        TooBig: it cannot stay within `limit`, said before anything is written wherever that is certain.
    """
    order = replace(order, wanted=log.asked(order.wanted))
    found = survey(log.entries(), order.wanted)
    if not found.total:
        raise DomainError("decision_log.empty")
    shown, stub = LEAST_BYTES[order.format]
    if limit is not None and found.shown * shown + (found.total - found.shown) * stub > limit:
        raise TooBig(found)
    digest, size = hashlib.sha256(), 0
    for line in watch(_lines(log, order, found)):
        size += len(line)
        if limit is not None and size > limit:
            raise TooBig(found)
        digest.update(line)
        file.write(line)
    return Export(found, digest.hexdigest())


def _lines(log: LogReader, order: Order, found: Survey) -> Iterator[bytes]:
    if order.format is Format.CSV:
        return csv_lines(log.entries(), order.wanted)
    from importlib.metadata import version

    bot = f"circle-take {version('circle-take')}"
    manifest = Manifest(log.log_id, found, order.made_at, bot, made_by=order.made_by, wanted=order.wanted)
    return jsonl_lines(log.entries(), manifest)


def between(first: str | None, last: str | None) -> tuple[datetime | None, datetime | None]:
    """Read two days, `2026-11-20`, as the instants (UTC) at which the first begins and the last is over.

    Raises:
        DomainError: decision_log.bad_date, decision_log.bad_days.
    """
    since = _midnight(first, days=0) if first else None
    until = _midnight(last, days=1) if last else None
    if since and until and since >= until:
        raise DomainError("decision_log.bad_days")
    return since, until


def _midnight(day: str, *, days: int) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day.strip()) + timedelta(days=days), time.min, UTC)
    except (ValueError, OverflowError):
        raise DomainError("decision_log.bad_date") from None
