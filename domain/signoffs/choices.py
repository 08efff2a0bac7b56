"""The choices of a sign-off: the values that the log stores and the labels that people see."""

from collections.abc import Collection
from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A choice with the label that people see; its value is what the log stores."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make a member that equals its value and has a label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def parse_all(cls, values: Collection[str]) -> tuple[Self, ...]:
        """Return the choices that `values` names, in their own order; unknown values are left out."""
        return tuple(choice for choice in cls if choice in values) if values else ()


class SignoffVerdict(Labelled):
    """The answer to the question."""

    SIGNED = "signed", "Signed"
    REVISE = "revise", "Not yet"
    DECLINED = "declined", "Won't sign"


class AiUse(Labelled):
    """What AI did; the essay's author allows himself the first five."""

    CONCEPT = "concept", "Concept and treatment drafts"
    REFERENCE = "reference", "Reference frames"
    AUDIO = "audio", "Rough audio clean-up"
    TRANSCRIPT = "transcript", "Transcript sync"
    BROLL = "broll", "B-roll in place of stock"
    ROUGH_CUT = "rough-cut", "Rough cut"
    GRAPHICS = "graphics", "Templated graphics"
    GRADE = "grade", "Grade on standard deliverables"
    LIKENESS = "likeness", "Voice or likeness"
    OTHER = "other", "Something else"


class ClientTold(Labelled):
    """Whether the client has been told about AI; apart from the question, which is one of taste."""

    TOLD = "told", "Told"
    WILL_BE_TOLD = "will-be-told", "Will be told"
    NOT_REQUIRED = "not-required", "Not required"
    NOT_KNOWN = "not-known", "Not known"


class Flag(Labelled):
    """What usually needs written approval before AI material is delivered."""

    FINAL = "final", "Part of the final deliverable"
    LIKENESS = "likeness", "A performer's voice or likeness"
    THIRD_PARTY = "third-party", "Third-party material"
    PERSONAL = "personal", "Personal or confidential input"
