"""The report of a check, in words. The check itself is `domain.proof.verifier`, which is only imported when needed."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.errors import DomainError
from domain.proof.records import BrokenError, Fault

if TYPE_CHECKING:
    from domain.proof.walk import Walk

_PIN = re.compile(r"#?([1-9][0-9]{0,14}):([0-9a-f]{8,64})")

LIMITS = (
    "What no check of this file can show: that the person at the keyboard was the owner of the account, that "
    "nothing was left out before it was recorded, or that what somebody signed is true. The filter, the maker and "
    "the time in the first line are the exporter's word; the log has an entry of each export to compare them with."
)
PIN_ADVICE = (
    "Nothing outside this file was compared. Whoever runs the bot could have rewritten the whole log, or cut off its "
    "end, and it would look like this. Compare it with a receipt, an anchor message or an earlier export."
)


class Integrity(StrEnum):
    """What a check found."""

    INTACT_PINNED = "intact_pinned"
    BROKEN = "broken"
    INTACT_UNPINNED = "intact_unpinned"


_EXIT_CODES = {Integrity.INTACT_PINNED: 0, Integrity.BROKEN: 1, Integrity.INTACT_UNPINNED: 2}


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and the result.

    Attributes:
        total: How many entries were walked; up to the fault if there is one.
        shown: Entries in full.
        stubs: Entries that are there only as a digest.
        erased: Parts erased, each accounted for by an entry.
        withheld: Parts left out of this copy.
        head: The hash reached, 64 hex digits.
        pins: How many pins and earlier exports the chain runs through.
        pinned_to: The last entry that any of them vouches for; 0 for none.
        warnings: What is odd but breaks nothing.
    """

    status: Integrity
    log: str
    total: int
    shown: int
    stubs: int
    erased: int
    withheld: int
    head: str
    pins: int = 0
    pinned_to: int = 0
    fault: Fault | None = None
    warnings: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 intact and pinned, 1 broken, 2 intact but unpinned."""
        return _EXIT_CODES[self.status]

    def words(self) -> list[str]:
        """Return the report as sentences, the verdict first."""
        if self.fault:
            return [f"Broken. {self.fault.what}. {self.fault.why}", *self.warnings, LIMITS]
        counts = (
            f"{self.shown} of {self.total} entries are here in full, {self.stubs} as sealed stubs. "
            f"Parts erased, each with an entry that says so: {self.erased}. Parts withheld: {self.withheld}."
        )
        head = [f"Head {self.total}:{self.head}. Kept somewhere else, it pins this log."] if self.total else []
        return [*self._verdict(), counts, *head, *self.warnings, LIMITS]

    def _verdict(self) -> list[str]:
        holds = f"The chain holds from entry 1 to {self.total}" if self.total else "The log is empty"
        if self.status is Integrity.INTACT_UNPINNED:
            return [f"Intact but not pinned. {holds}.", PIN_ADVICE]
        later = f"What came after entry {self.pinned_to} is not pinned."
        return [f"Intact. {holds} and runs through {_pins(self.pins)}.", *([later] * (self.pinned_to < self.total))]


def _pins(count: int) -> str:
    return "the pin that was kept elsewhere" if count == 1 else f"{count} pins that were kept elsewhere"


@dataclass(frozen=True, slots=True)
class Pin:
    """What somebody kept of the log: the number of an entry and the first 8 to 64 hex digits of its hash."""

    seq: int
    hex: str

    @classmethod
    def parse(cls, text: str) -> "Pin":
        """Read ``N:HEX``, as in receipts and anchors.

        Raises:
            DomainError: verify.bad_pin.
        """
        match = _PIN.fullmatch(text.strip().lower())
        if match is None:
            raise DomainError("verify.bad_pin", pin=text[:80])
        return cls(int(match[1]), match[2])

    def check(self, walk: "Walk") -> None:
        """Compare the pin with the entry that `walk` has just reached."""
        head = walk.head.hex()
        if not head.startswith(self.hex):
            what = f"Entry {self.seq}: the pin says {self.hex[:12]}, the chain {head[:12]}"
            raise BrokenError(self.seq, what, "This entry, or one before it, was changed after the pin was kept.")
