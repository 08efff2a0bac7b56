"""Hints for a moderator who saves an entry: phrasings that another entry answers, and decoys that it now answers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.faq.matcher import FaqEntry, Matcher


class Concern(StrEnum):
    """Why a phrasing is reported: another entry has it, or another entry answers it better."""

    SAME_QUESTION = "same-question"
    CLOSER = "closer"


@dataclass(frozen=True, slots=True)
class PhrasingWarning:
    """A phrasing of the new entry that `other` has or answers."""

    concern: Concern
    phrasing: str
    other: FaqEntry


def lint(entry: FaqEntry, matcher: Matcher) -> tuple[PhrasingWarning, ...]:
    """Check each phrasing of `entry` against the other entries, with a matcher from before it was saved."""
    phrasings = (entry.question, *entry.alternates)
    found = (_lint_one(entry, phrasing, matcher) for phrasing in phrasings)
    return tuple(warned for warned in found if warned)


def _lint_one(entry: FaqEntry, phrasing: str, matcher: Matcher) -> PhrasingWarning | None:
    for other in matcher.entries:
        if other.id != entry.id and other.question.casefold() == phrasing.casefold():
            return PhrasingWarning(Concern.SAME_QUESTION, phrasing, other)
    answer = matcher.ask(phrasing)
    if answer.entry is None or answer.entry.id == entry.id:
        return None
    return PhrasingWarning(Concern.CLOSER, phrasing, answer.entry)


def released_decoys(ids: Collection[str], entries: Iterable[FaqEntry], decoys: Sequence[str]) -> tuple[str, ...]:
    """Return the `decoys` that one of the new entries (`ids`, among all `entries`) now answers."""
    if not (decoys and ids):
        return ()
    matcher = Matcher(entries)
    answers = ((decoy, matcher.ask(decoy).entry) for decoy in decoys)
    return tuple(decoy for decoy, entry in answers if entry and entry.id in ids)
