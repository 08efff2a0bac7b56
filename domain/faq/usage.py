"""How a server's FAQ is used: counts of nobody in particular."""

from dataclasses import dataclass
from datetime import timedelta

from domain.ranking.gate import FaqOutcome

STATS_OVER = timedelta(days=30)
"""How far back questions are counted."""

ENOUGH_RATINGS = 5
"""Ratings of an entry below which nothing is said of how helpful it is."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How many found an entry helpful, of how many who said."""

    entry_id: str
    helpful: int
    rated: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How a server's FAQ was used over the last 30 days; ratings over the last 90. Counts of nobody in particular."""

    asked: dict[FaqOutcome, int]
    most_asked: tuple[tuple[str, int], ...]
    least_helpful: tuple[Rating, ...]

    @property
    def total(self) -> int:
        """All questions."""
        return sum(self.asked.values())
