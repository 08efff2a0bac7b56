"""Checking a server's own log, or an export of it against that log."""

import json
from dataclasses import dataclass, replace
from typing import IO, Any

from db.export.log_reader import LogReader
from domain.decision_log.erasure import PurgedLog
from domain.proof.containers import proof_lines
from domain.proof.records import BrokenError
from domain.proof.reports import Report
from domain.proof.verifier import verify_file

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
    return Check(log.verify(), OWN)


def check_upload(log: LogReader, file: IO[bytes]) -> Check:
    """Check an export; if it is of this server, compare it with the log."""
    manifest = _manifest(file)
    pins: list[str] = []
    note = FOREIGN
    if log.log_id and manifest.get("log") == log.log_id:
        last = manifest.get("last")
        known = log.hash_of(last) if type(last) is int and 0 < last < 2**53 else None
        note, pins = (SAME, [f"{last}:{known}"]) if known else (LONGER, [])
    return Check(verify_file(file, pins), note)


def compare_with_purged(check: Check, purged: PurgedLog | None) -> Check:
    """Compare a sound export with what is remembered of its log, if that was deleted."""
    if purged is None or check.report.fault:
        return check
    same = (check.report.total, check.report.head) == (purged.entries, purged.head)
    return replace(check, note=PURGED if same else PURGED_OTHER)


def _manifest(file: IO[bytes]) -> dict[str, Any]:
    """Return the first line of a proof, unchecked; {} for anything else."""
    try:
        manifest = json.loads(next(proof_lines(file, []), b""))
    except (ValueError, RecursionError, BrokenError):
        return {}
    finally:
        file.seek(0)
    return manifest if isinstance(manifest, dict) else {}
