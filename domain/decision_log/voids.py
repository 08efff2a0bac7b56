"""Voids: a moderator marks spam or an entry meant for another server. It stays, and everybody sees the mark."""

from dataclasses import dataclass

from domain.decision_log.entries import EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import CorrectionEntry
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.text import clean_text

VOID_REASON_LENGTHS = range(6, 1001)

TYPED = {
    EntryType.REQUEST: ("work",),
    EntryType.DECISION: ("text",),
    EntryType.CORRECT: ("work", "text"),
    EntryType.OUTCOME: ("text",),
}
"""The types that can be void, and their parts that hold what somebody typed."""


@dataclass(frozen=True, slots=True)
class VoidEffect:
    """What a mark changed among the outcomes of polls.

    Attributes:
        changed: The polls whose cards are out of date.
        out: The poll whose verdict counts no more.
        without_record: The poll that lost what was recorded last; its verdict stays.
        standing: The polls whose verdict stands again.
    """

    changed: tuple[int, ...] = ()
    out: int | None = None
    without_record: int | None = None
    standing: tuple[int, ...] = ()


def void(entry: LogEntry, act: Act, reason: str) -> NewEntry:
    """Return the entry that marks `entry` as void; the caller checks that it is not void already.

    Raises:
        DomainError: decision_log.cannot_void, decision_log.void_reason_length.
    """
    why = clean_text(reason)
    if len(why) not in VOID_REASON_LENGTHS:
        raise DomainError("decision_log.void_reason_length", least=VOID_REASON_LENGTHS[0], most=VOID_REASON_LENGTHS[-1])
    if not can_be_void(entry):
        raise DomainError("decision_log.cannot_void", number=entry.seq, kind=entry.type.value)
    return NewEntry(
        EntryType.VOID,
        act.at,
        act.interaction_id,
        refs={"voids": entry.seq} | ({} if entry.request is None else {"request": entry.request}),
        who=Person.of(act.actor).value(),
        work=entry.subject.value or None,
        text={"reason": why},
    )


def can_be_void(entry: LogEntry) -> bool:
    """Return whether a moderator may mark the entry: a person made it, not an erasure."""
    if entry.type is EntryType.CORRECT and CorrectionEntry.read(entry).after_erasure:
        return False
    return entry.type in TYPED


def check_may_erase(mark: LogEntry, actor: Actor) -> None:
    """Let only the author of the mark, or another moderator, erase what was typed in the entry.

    Raises:
        DomainError: decision_log.not_yours_to_erase.
    """
    marked_by = mark.person.id if mark.person else 0
    if actor.id != marked_by and not actor.moderator:
        raise DomainError("decision_log.not_yours_to_erase")
