"""What a moderator who saves an entry should know: phrasings that another answers, and decoys that it releases."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.faq.matcher import Answer, FaqEntry, Matcher


class Asker(Protocol):
    """What answers questions."""

    @property
    def entries(self) -> Sequence[FaqEntry]:
        """All its entries."""

    def ask(self, question: str) -> Answer:
        """Its answer to one."""


class Concern(StrEnum):
    """What may be wrong with a phrasing."""

    SAME_QUESTION = "same-question"
    CLOSER = "closer"


@dataclass(frozen=True, slots=True)
class Warned:
    """A phrasing that another entry has, or is sure to answer."""

    concern: Concern
    phrasing: str
    other: FaqEntry


def lint(entry: FaqEntry, matcher: Asker) -> tuple[Warned, ...]:
    """Rank each phrasing of `entry` among the others, as `matcher` knew them before it was saved."""
    phrasings = (entry.question, *entry.alternates)
    found = (_lint_one(entry, phrasing, matcher) for phrasing in phrasings)
    return tuple(warned for warned in found if warned)


def _lint_one(entry: FaqEntry, phrasing: str, matcher: Asker) -> Warned | None:
    for other in matcher.entries:
        if other.id != entry.id and other.question.casefold() == phrasing.casefold():
            return Warned(Concern.SAME_QUESTION, phrasing, other)
    answer = matcher.ask(phrasing)
    if answer.entry is None or answer.entry.id == entry.id:
        return None
    return Warned(Concern.CLOSER, phrasing, answer.entry)


def released(ids: Collection[str], entries: Iterable[FaqEntry], decoys: Sequence[str]) -> tuple[str, ...]:
    """Those of `decoys` that one of the new entries (`ids`, among all `entries`) is now sure to answer."""
    if not (decoys and ids):
        return ()
    matcher = Matcher(entries)
    answers = ((decoy, matcher.ask(decoy).entry) for decoy in decoys)
    return tuple(decoy for decoy, entry in answers if entry and entry.id in ids)
