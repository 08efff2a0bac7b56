"""Recomputing a log or an exported proof, and reporting what holds and what cannot be shown."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any

from domain.proof.containers import proof_lines
from domain.proof.records import BrokenError, Fault, Reader, readable
from domain.proof.reports import Integrity, Pin, Report
from domain.proof.skim import skim
from domain.proof.walk import Walk


def verify_lines(
    lines: Iterable[str | bytes], pins: Iterable[str] = (), previous: Iterable[str | bytes] | None = None
) -> Report:
    """Check a proof line by line, in constant memory.

    Any content of the lines leads to a report, never to an exception.

    Args:
        lines: The proof's lines; use `containers.read_lines` on a file that may be anything.
        pins: Receipts, anchors or heads that were kept elsewhere, each as ``N:HEX``.
        previous: The lines of an earlier proof of the same log.

    Raises:
        DomainError: ``verify.bad_pin``, before anything is read.
    """
    walk, known = Walk(), list(map(Pin.parse, pins))
    try:
        pinned = _walk_lines(walk, lines, known, previous)
    except BrokenError as broken:
        return _report(walk, Integrity.BROKEN, fault=broken.fault)
    return report_sound(walk, pinned)


def verify_file(stream: IO[bytes], pins: Iterable[str] = (), previous: IO[bytes] | None = None) -> Report:
    """Check an exported proof: JSONL, the ZIP or the page. It raises what `verify_lines` raises.

    Both streams are binary and can seek. Memory stays small for any content.
    """
    notes: list[str] = []
    earlier = None if previous is None else proof_lines(previous, [])
    report = verify_lines(proof_lines(stream, notes), pins, earlier)
    return replace(report, warnings=(*notes, *report.warnings))


def _walk_lines(
    walk: Walk, lines: Iterable[str | bytes], pins: list[Pin], previous: Iterable[str | bytes] | None
) -> list[int]:
    """Walk to the end and return the entries that pins and the earlier export vouch for."""
    source = ProofLines(lines)
    manifest = source.manifest()
    if manifest is None:
        raise BrokenError(None, "The file is empty", "A proof begins with a manifest.")
    walk.start(manifest)
    earlier = _Earlier(previous, walk.log) if previous is not None else None
    pinned = {pin.seq for pin in pins}
    while source.step(walk):
        if walk.seq in pinned:
            _check_pins(walk, pins)
        if earlier:
            earlier.check(walk)
    if earlier:
        earlier.finish(walk)
    _check_reached(walk, pins)
    walk.finish(manifest)
    vouched = [pin.seq for pin in pins]
    return [*vouched, earlier.walk.seq] if earlier and earlier.walk.seq else vouched


def _check_pins(walk: Walk, pins: list[Pin]) -> None:
    for pin in pins:
        if pin.seq == walk.seq:
            pin.check(walk)


def _check_reached(walk: Walk, pins: list[Pin]) -> None:
    last = max((pin.seq for pin in pins), default=0)
    if last > walk.seq:
        why = "This copy is older than the pin, or its end was cut off."
        raise BrokenError(last, f"Entry {last} is pinned, but the chain ends at {walk.seq}", why)


class ProofLines:
    """The lines of a proof; each is skimmed, or parsed if that is not enough."""

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        self._lines = readable(lines)
        self._reader = Reader()

    def manifest(self) -> dict[str, Any] | None:
        """Return the first record; None if there is none."""
        return next((record for line in self._lines if (record := self._read(line)) is not None), None)

    def step(self, walk: Walk) -> bool:
        """Take the next step of `walk`; return False at the end."""
        for line in self._lines:
            if isinstance(line, bytes) and skim(walk, line):
                self._reader.number += 1
                return True
            if (record := self._read(line)) is not None:
                walk.step(record)
                return True
        return False

    def _read(self, line: str | bytes) -> dict[str, Any] | None:
        self._reader.number += 1
        return self._reader.read(line)


class _Earlier:
    """An earlier proof, walked in step with the one to check."""

    def __init__(self, lines: Iterable[str | bytes], log: str) -> None:
        self.walk = Walk()
        self._source = ProofLines(lines)
        with _blamed():
            self._manifest = self._source.manifest() or {}
            self.walk.start(self._manifest)
        if self.walk.log != log:
            raise BrokenError(None, "The two files are of different logs", "They come from different servers.")

    def check(self, walk: Walk) -> None:
        """Take the next step of the earlier proof and compare the heads."""
        if not self._step() or self.walk.head == walk.head:
            return
        what = f"Entry {walk.seq}: it is not the one of the earlier export"
        raise BrokenError(walk.seq, what, "It was changed after that export was made.")

    def finish(self, walk: Walk) -> None:
        """Check that the earlier proof ends here and is sound itself."""
        if self._step():
            what = f"Entry {self.walk.seq} is in the earlier export, but the chain ends at {walk.seq}"
            raise BrokenError(self.walk.seq, what, "The end of this log was cut off.")
        with _blamed():
            self.walk.finish(self._manifest)

    def _step(self) -> bool:
        with _blamed():
            return self._source.step(self.walk)


@contextmanager
def _blamed() -> Iterator[None]:
    """Attribute any fault inside to the earlier export."""
    try:
        yield
    except BrokenError as error:
        fault = error.fault
        raise BrokenError(fault.entry, f"In the earlier export: {fault.what}", fault.why) from error


def report_sound(walk: Walk, vouched: list[int]) -> Report:
    """Report a walk without a fault; `vouched` are the entries that something kept elsewhere vouches for."""
    status = Integrity.INTACT_PINNED if vouched else Integrity.INTACT_UNPINNED
    return replace(_report(walk, status), pins=len(vouched), pinned_to=max(vouched, default=0))


def _report(walk: Walk, status: Integrity, *, fault: Fault | None = None) -> Report:
    warnings = list(walk.warnings)
    if walk.more_warnings:
        warnings.append(f"{walk.more_warnings} more warnings of this kind.")
    return Report(
        status,
        walk.log,
        walk.seq,
        walk.shown,
        walk.stubs,
        walk.erased,
        walk.withheld,
        walk.head.hex(),
        fault=fault,
        warnings=tuple(warnings),
    )
