"""The table of ballots that goes with an export of polls, for `/decision-log export` and `circle-take export` alike."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from bot.export_file import Export, Format, Order, TooBig
from db.decisions import LogReader
from domain.decisions import Draft
from domain.exports import Kind, csv_line
from domain.outcome_export import ballot_rows

BYTE_ORDER_MARK = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class Ballots:
    """A table that was written: how many ballots it holds, and the SHA-256 of its bytes in hex."""

    count: int
    sha256: str


def has_ballots(file_format: Format, kind: Kind) -> bool:
    """Whether an export comes with a table of ballots: those for people that ask for polls."""
    return file_format is Format.CSV and kind is not Kind.SIGNOFFS


def write_ballots(
    log: LogReader, file: IO[bytes], order: Order, export: Export, *, limit: int | None = None
) -> Ballots:
    """Write the ballots of the polls whose outcomes `order` asks for to `file`; nothing if there are none.

    Args:
        log: the log as it stood for the export itself.
        file: open for writing.
        order: what was exported.
        export: what came of it.
        limit: the most bytes the file may have.

    Raises:
        TooBig: it cannot stay within `limit`.
    """
    digest, size, rows = hashlib.sha256(), 0, 0
    for row in ballot_rows(log.ballots(order.wanted)):
        line = (b"" if rows else BYTE_ORDER_MARK) + csv_line(row)
        size += len(line)
        if limit is not None and size > limit:
            raise TooBig(export.found)
        digest.update(line)
        file.write(line)
        rows += 1
    return Ballots(max(0, rows - 1), digest.hexdigest())


def beside(output: Path) -> Path:
    """Where the ballots of the export at `output` go: `log.csv` has them in `log-ballots.csv`."""
    return output.with_name(f"{output.stem}-ballots.csv")


def with_ballots(draft: Draft, ballots: Ballots | None) -> Draft:
    """The entry of an export, saying also which ballots left the house."""
    if ballots is None or not ballots.count:
        return draft
    return replace(draft, facts={**draft.facts, "ballots": ballots.count, "ballots_sha256": ballots.sha256})
