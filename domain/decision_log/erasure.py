"""Erasure: removing a person from the log without breaking the chain.

Names stand in salted parts, so a part and its salt can be deleted while its commitment stays. An `erased` entry
accounts for every blank by number and part, without a name. If an erased part also names others, a `correct` entry
repeats it without the person who left, so that other signers keep their place.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.decision_log.entries import ERASED, EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import BY_ERASURE, Blank, CorrectionEntry, ExportEntry, PollStage, Stage
from domain.people import Act

BLANKS_LIMIT = 10_000
"""Blanks that one entry accounts for: at 25 bytes each they fit into the body of an entry."""

_NOBODY = ERASED.value() | {"name": ""}


@dataclass(frozen=True, slots=True)
class PurgedLog:
    """What the bot remembers of a purged log."""

    log_id: str
    entries: int
    head: str
    purged_at: datetime


def account(blanks: Sequence[Blank], at: datetime, moderator: Act | None = None) -> Iterator[NewEntry]:
    """Yield the entries that account for `blanks`; they name the moderator who erased, never the person who left."""
    for start in range(0, len(blanks), BLANKS_LIMIT):
        yield NewEntry(
            EntryType.ERASED,
            at,
            moderator.interaction_id if moderator else None,
            refs={"erases": [list(blank) for blank in blanks[start : start + BLANKS_LIMIT]]},
            facts={"by": "moderator" if moderator else "person"},
            who=Person.of(moderator.actor).value() if moderator else None,
        )


def blanks_of(entry: LogEntry, person_id: int, words: Collection[str] = ()) -> dict[str, Any]:
    """Return the parts of an entry to erase with a person, each with what to repeat of it (None for nothing).

    Args:
        entry: Any entry of the log.
        person_id: Who leaves.
        words: Their reasons that stand, without a name, in the outcome of a poll.
    """
    gone: dict[str, Any] = {}
    if entry.who and _names(entry.value("who"), person_id):
        gone["who"] = _left(without(entry.value("who"), person_id), _people)
        if entry.text and entry.person and entry.person.id == person_id and not _is_of_closing(entry):
            gone["text"] = None
    if entry.text and "text" not in gone and words and _holds(entry.value("text"), words):
        gone["text"] = _left(without(entry.value("text"), person_id, words), _texts)
    if entry.type is EntryType.EXPORT and ExportEntry.read(entry).person == person_id:
        gone["work"] = None
    return gone


def _is_of_closing(entry: LogEntry) -> bool:
    """Return whether its text is dissent and holds, which other people than its author typed."""
    of_poll = PollStage.read(entry)
    return of_poll is not None and of_poll.stage is Stage.CLOSED


def say_again(entry: LogEntry, left: Mapping[str, Any], at: datetime) -> NewEntry | None:
    """Return the entry that repeats what was `left` of the erased parts; None if nothing was."""
    kept = {name: value for name, value in left.items() if value}
    if not kept:
        return None
    corrects = CorrectionEntry.read(entry).corrects if entry.type is EntryType.CORRECT else entry.seq
    of_poll = PollStage.read(entry)
    return NewEntry(
        EntryType.CORRECT,
        at,
        refs={"corrects": corrects} | ({} if entry.request is None else {"request": entry.request}),
        facts={"by": BY_ERASURE} | (of_poll.value if of_poll else {}),
        who=kept.get("who"),
        text=kept.get("text"),
    )


def without(value: Any, person_id: int, words: Collection[str] = ()) -> Any:
    """Return the value of a part with the person and their words blanked."""
    match value:
        case {"id": id_} if id_ == str(person_id):
            return {name: without(item, person_id, words) for name, item in value.items()} | _NOBODY
        case dict():
            return {name: without(item, person_id, words) for name, item in value.items()}
        case list():
            return [without(item, person_id, words) for item in value]
        case str():
            return "" if value in words else value
    return value


def _left(value: Any, found: Any) -> Any:
    return value if any(found(value)) else None


def _names(value: Any, person_id: int) -> bool:
    return str(person_id) in _people(value)


def _holds(value: Any, words: Collection[str]) -> bool:
    return not set(words).isdisjoint(_texts(value))


def _people(value: Any) -> Iterator[str]:
    """Yield the ids of all people that a part names."""
    match value:
        case {"id": str(id_), **more}:
            if id_ != "0":
                yield id_
            yield from _people(list(more.values()))
        case dict():
            yield from _people(list(value.values()))
        case list():
            for item in value:
                yield from _people(item)


def _texts(value: Any) -> Iterator[str]:
    """Yield what people typed in a part; the names of choices are not theirs."""
    match value:
        case dict():
            yield from (text for name, item in value.items() if name != "choice" for text in _texts(item))
        case list():
            for item in value:
                yield from _texts(item)
        case str() if value:
            yield value
