"""Verify a proof in a file, on all processors where that saves time.

One processor takes 3 s for 300,000 entries and 10 s for a million.
"""

import os
import threading
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from domain.proof.reports import Pin, Report
from domain.proof.segments import cut_into_segments, join_walks, walk_segment
from domain.proof.verifier import report_sound, verify_file

PARALLEL_FROM = 8 * 1024 * 1024
"""Bytes from which more processes save more time than they take to start."""


def verify_path(path: Path, pins: Sequence[str] = (), previous: Path | None = None) -> Report:
    """Verify the proof in `path`, as `domain.proof.verifier.verify_file` does.

    A long JSONL file is verified in segments in parallel. Their only conclusive result is that all is well; for any
    other, the whole file is verified again from the beginning, and that result counts.

    Raises:
        DomainError: ``verify.bad_pin``, before anything is read.
        OSError: a file cannot be read.
    """
    if previous is None and (report := _in_segments(path, pins)):
        return report
    with path.open("rb") as file:
        if previous is None:
            return verify_file(file, pins)
        with previous.open("rb") as earlier:
            return verify_file(file, pins, earlier)


def _in_segments(path: Path, pins: Sequence[str]) -> Report | None:
    """Return the report of a long JSONL file in which all is well; None for any other."""
    known = [Pin.parse(pin).seq for pin in pins]
    processors = os.cpu_count() or 1
    # not inside the bot: it has threads, which a fork would not copy, and other work for its processors
    if processors == 1 or threading.active_count() > 1 or path.stat().st_size < PARALLEL_FROM:
        return None
    with path.open("rb") as file:
        manifest_and_segments = cut_into_segments(file, processors) if file.read(1) == b"{" else None
    if manifest_and_segments is None:
        return None
    manifest, segments = manifest_and_segments
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(len(segments)) as pool:
        walks = list(pool.map(walk_segment, repeat(path), segments, repeat(pins)))
    walk = join_walks(manifest, segments, walks)
    return None if walk is None or max(known, default=0) > walk.seq else report_sound(walk, known)
