"""Checking a server's own log, or an export of it against that log."""

import io
import json
from dataclasses import dataclass, replace
from typing import Any

from db.decisions import LogReader
from db.servers import PurgedLog
from domain.verify import Report, read_lines, verify_entries, verify_lines

OWN = "This server's log, as the bot keeps it now."
SAME = "An export of this server's log, compared with the log as the bot keeps it now."
LONGER = (
    "This export goes further than the log that the bot keeps now: the log was cut off, or an old backup was restored."
)
PURGED = "An export of a log that was deleted since. Its number of entries and its head are those the bot remembers."
PURGED_OTHER = (
    "It names a log that was deleted since, but does not end as the bot remembers: it is older, or was changed."
)
FOREIGN = "Not an export of this server's log; it was checked by itself."


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what was compared with what."""

    report: Report
    note: str


def check_log(log: LogReader) -> Check:
    """Recompute the chain of the server's own log."""
    return Check(verify_entries(log.entries(), log.log_id), OWN)


def check_upload(log: LogReader, data: bytes) -> Check:
    """Check an export; if it is of this server, the log itself serves as its pin."""
    manifest = _manifest(data)
    pins: list[str] = []
    note = FOREIGN
    if log.log_id and manifest.get("log") == log.log_id:
        last = manifest.get("last")
        known = log.hash_of(last) if isinstance(last, int) and 0 < last < 2**53 else None
        note, pins = (SAME, [f"{last}:{known}"]) if known else (LONGER, [])
    return Check(verify_lines(read_lines(io.BytesIO(data)), pins), note)


def recall(check: Check, purged: PurgedLog | None) -> Check:
    """Compare a sound export with what is remembered of its log, if that was deleted."""
    if purged is None or check.report.fault:
        return check
    same = (check.report.total, check.report.head) == (purged.entries, purged.head)
    return replace(check, note=PURGED if same else PURGED_OTHER)


def _manifest(data: bytes) -> dict[str, Any]:
    """The first line of a proof, whatever it is worth; {} for anything else."""
    try:
        manifest = json.loads(next(read_lines(io.BytesIO(data)), b""))
    except (ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
