"""A set of exports, one for each month, when a single file would be too large."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from io import BufferedRandom

from bot.export.file import ExportedFile, ExportRequest, ProgressCallback, min_size, write_export
from db.export.log_reader import LogReader
from domain.errors import DomainError
from domain.export.filters import Filter, Survey
from domain.times import from_text

MONTHS_LIMIT = 60
"""The most files of a set: Discord takes ten to a message, and an answer must be complete within 15 minutes."""


@dataclass(frozen=True, slots=True)
class MonthFile:
    """A file of the set, rewound to its start, with its month, such as "2026-11"."""

    month: str
    file: BufferedRandom
    export: ExportedFile


def months_of(wanted: Filter, first: datetime, last: datetime, zone: tzinfo = UTC) -> Iterator[tuple[str, Filter]]:
    """Yield each month of `zone` from `first` to `last` and what `wanted` means within it."""
    first = first.astimezone(zone)
    begin = datetime(first.year, first.month, 1, tzinfo=zone)
    while begin <= last:
        end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
        since, until = max(begin, wanted.since or begin), min(end, wanted.until or end)
        yield f"{begin:%Y-%m}", replace(wanted, since=since.astimezone(UTC), until=until.astimezone(UTC))
        begin = end


def can_split(found: Survey, request: ExportRequest, limit: int) -> bool:
    """Say whether months can be small enough: each proof has at least a stub for every entry of the log."""
    return min_size(request.format, replace(found, shown=0)) < limit


def write_months(
    log: LogReader, request: ExportRequest, limit: int, files: ExitStack, on_progress: ProgressCallback = lambda _: None
) -> tuple[MonthFile, ...]:
    """Write one export for each month that has entries, all from the same snapshot of the log.

    Args:
        log: a snapshot of the log.
        request: what to write; each file says which days it covers.
        limit: the most bytes of each file.
        files: closes the files, which are temporary.
        on_progress: called with the entries written, all months counted together.

    Raises:
        DomainError: decision_log.nothing_matches, decision_log.too_many_months.
        TooBig: a single month is still too large.
    """
    request = replace(request, wanted=log.asked(request.wanted))
    span = log.span(request.wanted)
    if span is None:
        raise DomainError("decision_log.nothing_matches", total=log.survey().total)
    first, last = map(from_text, span)
    months = list(months_of(request.wanted, first, last, request.zone))
    if len(months) > MONTHS_LIMIT:
        raise DomainError("decision_log.too_many_months", months=len(months), limit=MONTHS_LIMIT)
    parts: list[MonthFile] = []
    for month, wanted in months:
        if not log.survey(wanted).shown:
            continue
        done = sum(part.export.found.shown for part in parts)
        file = files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the caller's stack closes it
        export = write_export(
            log, file, replace(request, wanted=wanted), limit=limit, on_progress=_counting_from(done, on_progress)
        )
        file.seek(0)
        parts.append(MonthFile(month, file, export))
    return tuple(parts)


def combined_survey(parts: tuple[MonthFile, ...]) -> Survey:
    """Add up what the files of a set hold; there is at least one."""
    first = parts[0].export.found
    return Survey(sum(part.export.found.shown for part in parts), 0, first.total, first.head)


def _counting_from(done: int, on_progress: ProgressCallback) -> Callable[[int], None]:
    return lambda count: on_progress(done + count)
