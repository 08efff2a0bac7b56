"""The table of ballots that goes with an export of polls, for `/decision-log export` and `circle-take export` alike."""

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from bot.export.file import Export, Format, Order, TooBig, Watch, write_export
from bot.export.months import MonthFile, sum_up, write_months
from db.export.log_reader import LogReader
from domain.decision_log.entries import NewEntry
from domain.export.columns import ballot_rows, csv_line
from domain.export.filters import Kind, Survey

BYTE_ORDER_MARK = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class Ballots:
    """A table that was written: how many ballots it holds, and the SHA-256 of its bytes in hex."""

    count: int
    sha256: str


def has_ballots(file_format: Format, kind: Kind) -> bool:
    """Whether an export comes with a table of ballots: those for people that ask for polls."""
    return not file_format.is_proof and kind is not Kind.SIGNOFFS


def write_ballots(
    log: LogReader, file: IO[bytes], order: Order, found: Survey, *, limit: int | None = None
) -> Ballots | None:
    """Write the ballots of the polls whose outcomes `order` asks for to `file`; None if none go with such an export.

    Args:
        log: the log as it stood for the export itself.
        file: open for writing.
        order: what was exported.
        found: what it holds.
        limit: the most bytes the file may have.

    Raises:
        TooBig: it cannot stay within `limit`.
    """
    if not has_ballots(order.format, order.wanted.kind):
        return None
    digest, size, rows = hashlib.sha256(), 0, 0
    for row in ballot_rows(log.ballots(order.wanted)):
        line = (b"" if rows else BYTE_ORDER_MARK) + csv_line(row)
        size += len(line)
        if limit is not None and size > limit:
            raise TooBig(found, size)
        digest.update(line)
        file.write(line)
        rows += 1
    return Ballots(max(0, rows - 1), digest.hexdigest())


def write_both(
    log: LogReader,
    file: IO[bytes],
    votes: IO[bytes],
    order: Order,
    *,
    limit: int | None = None,
    watch: Watch = lambda _: None,
) -> tuple[Export, Ballots | None]:
    """Write the export to `file` and the ballots that go with it, if any do, to `votes`; see what each promises."""
    export = write_export(log, file, order, limit=limit, watch=watch)
    return export, write_ballots(log, votes, order, export.found, limit=limit)


def write_set(
    log: LogReader,
    order: Order,
    limit: int,
    files: ExitStack,
    votes: IO[bytes],
    watch: Watch = lambda _: None,
) -> tuple[tuple[MonthFile, ...], Ballots | None]:
    """Write a file for each month, and the ballots of all of them, if any go with it, to `votes`."""
    parts = write_months(log, order, limit, files, watch)
    return parts, write_ballots(log, votes, order, sum_up(parts), limit=limit)


def beside(output: Path) -> Path:
    """Where the ballots of the export at `output` go: `log.csv` has them in `log-ballots.csv`."""
    return output.with_name(f"{output.stem}-ballots.csv")


def with_ballots(draft: NewEntry, ballots: Ballots | None) -> NewEntry:
    """The entry of an export, saying also which ballots left the house."""
    if ballots is None or not ballots.count:
        return draft
    return replace(draft, facts={**draft.facts, "ballots": ballots.count, "ballots_sha256": ballots.sha256})
