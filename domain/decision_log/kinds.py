"""What each kind of entry says, by name: the keys of `refs`, `facts` and parts are read here.

`domain.signoffs` reads requests and policies. Nothing reads back questions and anchors, which are for people who verify
the log. Exports and proofs work on the stored JSON, for speed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self, TypeAlias

from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.times import from_text

Blank: TypeAlias = tuple[int, str]
"""An erased part: the number of its entry and the name of the part."""

BY_ERASURE = "erasure"
"""The fact `by` of an entry that repeats what an erasure left of another."""


class Stage(StrEnum):
    """What an outcome records: the verdict of a poll as it closes, or later who decides from there on."""

    CLOSED = "closed"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class PollStage:
    """The poll that an entry is about, and its stage then."""

    poll: int
    stage: Stage

    @classmethod
    def read(cls, entry: LogEntry) -> Self | None:
        """Read it from an outcome, or from a correction that repeats one; return None for any other entry."""
        facts = entry.facts
        if entry.type not in {EntryType.OUTCOME, EntryType.CORRECT} or "poll" not in facts:
            return None
        return cls(facts["poll"], Stage(facts["stage"]))

    @property
    def value(self) -> dict[str, object]:
        """The facts that `read` reads."""
        return {"poll": self.poll, "stage": self.stage.value}


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """An answer to a sign-off.

    Attributes:
        request: The number of the sign-off.
        supersedes: The number of the same person's earlier answer, if one stood.
        slots: The places it fills (see `SignoffRequest.slots`).
        warned: Whether the signer saw that AI did what the crew had kept for people.
    """

    request: int
    supersedes: int | None
    slots: tuple[str, ...]
    warned: bool

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type DECISION."""
        refs, facts = entry.refs, entry.facts
        return cls(refs["request"], refs.get("supersedes"), tuple(facts["fills"]), bool(facts.get("warnings")))


@dataclass(frozen=True, slots=True)
class WithdrawalEntry:
    """An answer, a request or a word on the client that its author took back."""

    request: int
    withdraws: int

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type WITHDRAW."""
        return cls(entry.refs["request"], entry.refs["withdraws"])


@dataclass(frozen=True, slots=True)
class CorrectionEntry:
    """A later statement about an earlier entry.

    Attributes:
        corrects: The number of that entry.
        request: The number of the sign-off it belongs to; None for a poll's.
        tells_client: Whether it says that the client has been told; if so, it corrects nothing else.
        after_erasure: Whether it repeats what an erasure left of that entry.
    """

    corrects: int
    request: int | None
    tells_client: bool
    after_erasure: bool

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type CORRECT."""
        refs, facts = entry.refs, entry.facts
        return cls(refs["corrects"], refs.get("request"), "client_told" in facts, facts.get("by") == BY_ERASURE)


@dataclass(frozen=True, slots=True)
class VoidEntry:
    """A moderator's mark on an entry that does not count.

    Attributes:
        voids: The number of that entry.
        request: The number of the sign-off it belongs to; None for a poll's outcome.
    """

    voids: int
    request: int | None

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type VOID."""
        return cls(entry.refs["voids"], entry.refs.get("request"))

    @property
    def ends_signoff(self) -> bool:
        """Whether the entry is the request itself."""
        return self.voids == self.request


@dataclass(frozen=True, slots=True)
class ErasureEntry:
    """The account of an erasure: which parts of which entries are gone."""

    blanks: tuple[Blank, ...]

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type ERASED."""
        return cls(tuple((seq, part) for seq, part in entry.refs["erases"]))


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    """The verdict of a poll, or the record of who decides from there on.

    Attributes:
        poll: The number of the poll.
        stage: Which of the two it is.
        supersedes: The numbers of the entries whose place it takes.
        decider: Who decides, as a record says; None in the verdict, and once erased.
        conditions: "" for none.
        note: "" for none.
        review_at: When the crew wants to look at it again.
    """

    poll: int
    stage: Stage
    supersedes: tuple[int, ...]
    decider: Person | None
    conditions: str
    note: str
    review_at: datetime | None

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type OUTCOME."""
        facts, decider, text = entry.facts, entry.value("who").get("decider"), entry.value("text")
        return cls(
            facts["poll"],
            Stage(facts["stage"]),
            tuple(seq for seq in entry.refs.get("supersedes", ()) if seq),
            Person.read(decider) if decider else None,
            text.get("conditions", ""),
            text.get("reason", ""),
            from_text(facts["review"]) if "review" in facts else None,
        )


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """An export that left the server; `person` is the id of the member it was filtered by, if it was by one."""

    person: int | None

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read an entry of type EXPORT."""
        person = entry.value("work").get("filter", {}).get("person")
        return cls(int(person) if person else None)


def undone_by(entry: LogEntry) -> int | None:
    """Return the number of the entry that a withdrawal takes back or a void marks; None for other entries."""
    if entry.type is EntryType.WITHDRAW:
        return WithdrawalEntry.read(entry).withdraws
    return VoidEntry.read(entry).voids if entry.type is EntryType.VOID else None
