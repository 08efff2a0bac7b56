"""The table of ballots that goes with an export of polls, for `/decision-log export` and `circle-take export`."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from bot.export.file import ExportedFile, ExportRequest, Format, ProgressCallback, TooBig, write_export
from bot.export.months import MonthFile, combined_survey, write_months
from db.export.log_reader import LogReader
from domain.decision_log.entries import NewEntry
from domain.export.columns import ballot_rows, csv_line
from domain.export.filters import Kind, Survey

BYTE_ORDER_MARK = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class BallotFile:
    """A written table of ballots: how many, and the SHA-256 of the file in hex."""

    count: int
    sha256: str


def has_ballots(file_format: Format, kind: Kind) -> bool:
    """Say whether an export comes with a table of ballots: it includes polls and is for people to read."""
    return not file_format.is_proof and kind is not Kind.SIGNOFFS


def write_ballots(
    log: LogReader, file: IO[bytes], request: ExportRequest, found: Survey, *, limit: int | None = None
) -> BallotFile | None:
    """Write to `file` the ballots of the polls that are exported; return None if such an export has none.

    Args:
        log: the log in the same snapshot as the export itself.
        file: open for writing.
        request: what was exported.
        found: what the export holds.
        limit: the most bytes that the file may have.

    Raises:
        TooBig: the file would pass `limit`.
    """
    if not has_ballots(request.format, request.wanted.kind):
        return None
    digest, size, rows = hashlib.sha256(), 0, 0
    for row in ballot_rows(log.ballots(request.wanted)):
        line = (b"" if rows else BYTE_ORDER_MARK) + csv_line(row)
        size += len(line)
        if limit is not None and size > limit:
            raise TooBig(found, size)
        digest.update(line)
        file.write(line)
        rows += 1
    return BallotFile(max(0, rows - 1), digest.hexdigest())


def write_export_and_ballots(
    log: LogReader,
    file: IO[bytes],
    votes: IO[bytes],
    request: ExportRequest,
    *,
    limit: int | None = None,
    on_progress: ProgressCallback = lambda _: None,
) -> tuple[ExportedFile, BallotFile | None]:
    """Write the export to `file` and its ballots, if it comes with any, to `votes`.

    It raises what `write_export` and `write_ballots` raise.
    """
    export = write_export(log, file, request, limit=limit, on_progress=on_progress)
    return export, write_ballots(log, votes, request, export.found, limit=limit)


def write_months_and_ballots(
    log: LogReader,
    request: ExportRequest,
    limit: int,
    files: ExitStack,
    votes: IO[bytes],
    on_progress: ProgressCallback = lambda _: None,
) -> tuple[tuple[MonthFile, ...], BallotFile | None]:
    """Write a file for each month, and the ballots of all of them, if the export comes with any, to `votes`."""
    parts = write_months(log, request, limit, files, on_progress)
    return parts, write_ballots(log, votes, request, combined_survey(parts), limit=limit)


def ballots_path(output: Path) -> Path:
    """Return the path for the ballots of the export at `output`: `log-ballots.csv` for `log.csv`."""
    return output.with_name(f"{output.stem}-ballots.csv")


def entry_with_ballots(draft: NewEntry, ballots: BallotFile | None) -> NewEntry:
    """Add to the log entry of an export which ballots went with it."""
    if ballots is None or not ballots.count:
        return draft
    return replace(draft, facts={**draft.facts, "ballots": ballots.count, "ballots_sha256": ballots.sha256})
