"""Walking a long proof in segments at the same time, and joining the walks.

Every entry in full states its number and hash, so a walk can begin after any of them, on the assumption that they are
true. The walk before it checks that: the joined walk is sound only if each one ends where the next began.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from domain.proof.records import LINE_LIMIT, BrokenError, Reader, decode
from domain.proof.reports import Pin
from domain.proof.verifier import ProofLines
from domain.proof.walk import Walk, milliseconds

LOOK_AHEAD = 1000
"""Lines to search for a place to begin; a copy of mostly stubs may have none."""

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes `start` to `stop` of a JSONL file, and a walk that stands at the entry before them."""

    start: int
    stop: int
    before: Walk


def cut_into_segments(file: IO[bytes], count: int) -> tuple[dict[str, Any], list[Segment]] | None:
    """Return the manifest and about `count` segments of similar size; None if that is not possible."""
    size = file.seek(0, 2)
    file.seek(0)
    try:
        manifest = Reader().read(file.readline(LINE_LIMIT + 1))
        first = Walk()
        first.start(manifest or {})
        begins = [(file.tell(), first)]
        begins += [begin for n in range(1, count) if (begin := _begin_behind(file, size * n // count, first.log))]
    except (BrokenError, ValueError):
        return None
    stops = [start for start, _ in begins[1:]] + [size]
    found = [Segment(start, stop, before) for (start, before), stop in zip(begins, stops, strict=True)]
    return manifest or {}, found


def _begin_behind(file: IO[bytes], place: int, log: str) -> tuple[int, Walk] | None:
    """Return the first position after `place` that follows an entry in full, and a walk that stands at that entry."""
    file.seek(place)
    file.readline(LINE_LIMIT + 1)
    for _ in range(LOOK_AHEAD):
        record = Reader().read(file.readline(LINE_LIMIT + 1)) or {}
        if isinstance(record.get("body"), str):
            return file.tell(), _walk_behind(record, log)
    return None


def _walk_behind(record: dict[str, Any], log: str) -> Walk:
    body = decode(record["body"])
    if not (isinstance(body, dict) and type(body.get("seq")) is int and _HASH.fullmatch(str(record.get("hash")))):
        raise ValueError("that is no entry")
    return Walk(log, body["seq"], bytes.fromhex(record["hash"]), clock_ms=milliseconds(str(body.get("at"))))


def walk_segment(path: Path, segment: Segment, pins: Sequence[str]) -> Walk | None:
    """Walk a segment of the file in `path` and compare the pins in it; return None if anything is wrong.

    Raises:
        DomainError: verify.bad_pin.
    """
    walk, known = replace(segment.before), [Pin.parse(pin) for pin in pins]
    try:
        with path.open("rb") as file:
            source = ProofLines(_lines(file, segment))
            while source.step(walk):
                for pin in known:
                    if pin.seq == walk.seq:
                        pin.check(walk)
    except BrokenError:
        return None
    return walk


def _lines(file: IO[bytes], segment: Segment) -> Iterator[bytes]:
    left = segment.stop - segment.start
    file.seek(segment.start)
    while left > 0 and (line := file.readline(LINE_LIMIT + 1)):
        left -= len(line)
        yield line


def join_walks(manifest: dict[str, Any], segments: Sequence[Segment], walks: Sequence[Walk | None]) -> Walk | None:
    """Join the walks of all segments into one; return None unless everything is sound."""
    whole = Walk(segments[0].before.log)
    for segment, walk in zip(segments, walks, strict=True):
        if walk is None or (segment.before.seq, segment.before.head) != (whole.seq, whole.head):
            return None
        whole.continue_with(walk)
    try:
        whole.finish(manifest)
    except BrokenError:
        return None
    return whole
