"""What a moderator who saves an entry should know: phrasings that another answers, and decoys that it releases."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.faq.matcher import FaqEntry, Matcher


class Concern(StrEnum):
    """What may be wrong with a phrasing."""

    SAME_QUESTION = "same-question"
    CLOSER = "closer"


@dataclass(frozen=True, slots=True)
class PhrasingWarning:
    """A phrasing that another entry has, or is sure to answer."""

    concern: Concern
    phrasing: str
    other: FaqEntry


def lint(entry: FaqEntry, matcher: Matcher) -> tuple[PhrasingWarning, ...]:
    """Rank each phrasing of `entry` among the others, as `matcher` knew them before it was saved."""
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
    """Those of `decoys` that one of the new entries (`ids`, among all `entries`) is now sure to answer."""
    if not (decoys and ids):
        return ()
    matcher = Matcher(entries)
    answers = ((decoy, matcher.ask(decoy).entry) for decoy in decoys)
    return tuple(decoy for decoy, entry in answers if entry and entry.id in ids)
