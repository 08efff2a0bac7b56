"""Voids: a moderator marks spam, or what belongs to another server. The entry stays, and everybody sees the mark."""

from domain.decision_log.entries import EntryType, LogEntry, NewEntry, Person
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
"""What can be void, and the parts of it that hold what somebody typed."""


def void(entry: LogEntry, act: Act, reason: str) -> NewEntry:
    """Return the entry that marks `entry` as void. Whether it is void already is for the log to say.

    Raises:
        DomainError: decision_log.cannot_void, decision_log.void_reason_length.
    """
    why = clean_text(reason)
    if len(why) not in VOID_REASON_LENGTHS:
        raise DomainError("decision_log.void_reason_length", least=VOID_REASON_LENGTHS[0], most=VOID_REASON_LENGTHS[-1])
    if not can_be_void(entry):
        raise DomainError("decision_log.cannot_void", number=entry.seq, kind=entry.type.value)
    number = request_of(entry)
    work = {name: value for name, value in entry.value("work").items() if name in {"piece", "cut", "task"}}
    return NewEntry(
        EntryType.VOID,
        act.at,
        act.interaction_id,
        refs={"voids": entry.seq} | ({} if number is None else {"request": number}),
        who=Person.of(act.actor).value(),
        work=work or None,
        text={"reason": why},
    )


def can_be_void(entry: LogEntry) -> bool:
    """Whether it is something that somebody put into the log and a moderator may mark."""
    return entry.type in TYPED and entry.facts.get("by") != "erasure"


def request_of(entry: LogEntry) -> int | None:
    """The number of the sign-off that an entry belongs to; its own for a request."""
    if entry.type is EntryType.REQUEST:
        return entry.seq
    number: int | None = entry.refs.get("request")
    return number


def check_may_erase(mark: LogEntry, actor: Actor) -> None:
    """Let only whoever marked the entry as void, or another moderator, erase what was typed in it.

    Raises:
        DomainError: decision_log.not_yours_to_erase.
    """
    marked_by = mark.person.id if mark.person else 0
    if actor.id != marked_by and not actor.moderator:
        raise DomainError("decision_log.not_yours_to_erase")
