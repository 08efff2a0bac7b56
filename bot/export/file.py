"""Write an export to a file, for `/decision-log export` and `circle-take export`."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import IO, TypeAlias

from db.export.log_reader import LogReader
from domain.errors import DomainError
from domain.export.filters import EVERYTHING, Filter, Manifest, Survey
from domain.export.tables import csv_blocks
from domain.proof.lines import proof_blocks
from domain.proof.page import page_blocks

ProgressCallback: TypeAlias = Callable[[int], None]
"""Called with how many entries the file has so far."""


class Format(StrEnum):
    """The format of an export: a table for people, or a proof that can be verified."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    HTML = "html"
    PROOF = "proof"

    @property
    def suffix(self) -> str:
        """The suffix of the file's name, without a dot."""
        return "zip" if self is Format.PROOF else self.value

    @property
    def is_proof(self) -> bool:
        """Whether it has a line for every entry of the log, if only a stub."""
        return self in {Format.JSONL, Format.HTML, Format.PROOF}


MIN_BYTES = {
    Format.CSV: (150, 0),
    Format.XLSX: (50, 0),
    Format.JSONL: (350, 80),
    Format.HTML: (350, 80),
    Format.PROOF: (50, 32),
}
"""The fewest bytes of an entry, shown and as a stub: below any that the bot writes."""

COMPRESSED_FORMATS = frozenset({Format.XLSX, Format.PROOF})
"""Formats that are not written from the first byte to the last."""

COMPRESSED_SHARE = 0.4
"""The size of a compressed proof as a share: hashes do not compress."""


class TooBig(Exception):
    """The file would be larger than allowed.

    Attributes:
        found: what it would hold.
        size: about how many bytes it would have.
    """

    def __init__(self, found: Survey, size: int) -> None:
        super().__init__(found, size)
        self.found = found
        self.size = size


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A written file: what it holds, and its SHA-256 in hex."""

    found: Survey
    sha256: str


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export, when and by whom; days and months begin at midnight in `zone`."""

    format: Format
    made_at: datetime
    made_by: str = ""
    wanted: Filter = EVERYTHING
    zone: tzinfo = UTC

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day of the filter, None where it is open."""
        since, until = self.wanted.since, self.wanted.until
        last = (until.astimezone(self.zone) - timedelta(days=1)).date() if until else None
        return since.astimezone(self.zone).date() if since else None, last


class SizeLimitedFile:
    """A file of at most `limit` bytes; its writer may also seek in it.

    Raises:
        OverflowError: on the first byte over the limit.
    """

    def __init__(self, file: IO[bytes], limit: int | None) -> None:
        self._file = file
        self._limit = limit

    def write(self, data: bytes) -> int:
        """Write all of `data` or nothing."""
        if self._limit is not None and self._file.tell() + len(data) > self._limit:
            raise OverflowError
        return self._file.write(data)

    def __getattr__(self, name: str) -> object:
        """Pass everything else on to the file."""
        return getattr(self._file, name)


def write_export(
    log: LogReader,
    file: IO[bytes],
    request: ExportRequest,
    *,
    limit: int | None = None,
    on_progress: ProgressCallback = lambda _: None,
) -> ExportedFile:
    """Write an export to `file`, in constant memory.

    Args:
        log: a snapshot of the log.
        file: empty, open for writing and reading.
        request: what to write.
        limit: the most bytes that the file may have.
        on_progress: called after each block.

    Raises:
        DomainError: decision_log.empty, decision_log.too_many_rows.
        TooBig: the file would pass `limit`; raised before anything is written wherever that is certain.
    """
    request = replace(request, wanted=log.asked(request.wanted))
    found = log.survey(request.wanted)
    if not found.total:
        raise DomainError("decision_log.empty")
    if limit is not None and _is_surely_too_big(log, request, found, limit):
        raise TooBig(found, estimate(log, request, found))
    done, digest = 0, hashlib.sha256()
    try:
        for count in _write(log, SizeLimitedFile(file, limit), request, found, digest):  # type: ignore[arg-type]  # it passes everything else on to the file
            done += count
            on_progress(done)
    except OverflowError:
        raise TooBig(found, estimate(log, request, found)) from None
    if request.format in COMPRESSED_FORMATS:
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # it can be read
    return ExportedFile(found, digest.hexdigest())


def _is_surely_too_big(log: LogReader, request: ExportRequest, found: Survey, limit: int) -> bool:
    """Say whether the file is certain to pass `limit`, so that nobody waits for it to be written."""
    least = min_size(request.format, found)
    return least > limit or (least > limit / 8 and estimate(log, request, found) > 2 * limit)


def min_size(file_format: Format, found: Survey) -> int:
    """Return the fewest bytes that the file can have."""
    shown, stub = MIN_BYTES[file_format]
    return found.shown * shown + (found.total - found.shown) * stub * file_format.is_proof


def estimate(log: LogReader, request: ExportRequest, found: Survey) -> int:
    """Estimate the bytes of the file from what its entries hold."""
    bodies, parts = log.weigh(request.wanted)
    if not request.format.is_proof:
        return round((found.shown * 250 + parts) * (0.35 if request.format is Format.XLSX else 1))
    lines = bodies * 1.1 + parts * 1.1 + found.shown * 300 + (found.total - found.shown) * 95
    return round(lines * (COMPRESSED_SHARE if request.format is Format.PROOF else 1))


def _write(
    log: LogReader, file: IO[bytes], request: ExportRequest, found: Survey, digest: "hashlib._Hash"
) -> Iterator[int]:
    """Write block by block and yield how many entries each has. `digest` is updated unless the format compresses."""
    if request.format is Format.XLSX:
        from bot.export.workbook import write_workbook

        return write_workbook(file, log.table_rows(request.wanted), found.shown, request.made_at)
    if request.format is Format.CSV:
        return _write_blocks(file, csv_blocks(log.table_rows(request.wanted)), digest)
    from importlib.metadata import version

    bot = f"circle-take {version('circle-take')}"
    manifest = Manifest(log.log_id, found, request.made_at, bot, made_by=request.made_by, wanted=request.wanted)
    blocks = proof_blocks(log.proof_rows(request.wanted), manifest)
    if request.format is Format.PROOF:
        from domain.proof.zip_file import write_zip

        return write_zip(file, blocks, manifest)
    return _write_blocks(file, page_blocks(blocks) if request.format is Format.HTML else blocks, digest)


def _write_blocks(file: IO[bytes], blocks: Iterable[tuple[int, bytes]], digest: "hashlib._Hash") -> Iterator[int]:
    for count, block in blocks:
        digest.update(block)
        file.write(block)
        yield count


def parse_days(first: str | None, last: str | None, zone: tzinfo = UTC) -> tuple[datetime | None, datetime | None]:
    """Parse two days, such as `2026-11-20`, to the instants (UTC) when the first begins and the last ends in `zone`.

    Raises:
        DomainError: decision_log.bad_date, decision_log.bad_days.
    """
    since = _midnight(first, zone, days=0) if first else None
    until = _midnight(last, zone, days=1) if last else None
    if since and until and since >= until:
        raise DomainError("decision_log.bad_days")
    return since, until


def _midnight(day: str, zone: tzinfo, *, days: int) -> datetime:
    try:
        begins = datetime.combine(date.fromisoformat(day.strip()) + timedelta(days=days), time.min, zone)
        return begins.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DomainError("decision_log.bad_date") from None
