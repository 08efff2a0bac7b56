"""Anonymous counts of how a server's FAQ is used."""

from dataclasses import dataclass
from datetime import timedelta

from domain.ranking.gate import FaqOutcome

STATS_OVER = timedelta(days=30)
"""The period over which questions are counted."""

ENOUGH_RATINGS = 5
"""The fewest ratings from which an entry can be listed as least helpful."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How many of the people who rated an entry found it helpful."""

    entry_id: str
    helpful: int
    rated: int


@dataclass(frozen=True, slots=True)
class Usage:
    """How a server's FAQ was used in the last 30 days, with ratings of the last 90."""

    asked: dict[FaqOutcome, int]
    most_asked: tuple[tuple[str, int], ...]
    least_helpful: tuple[Rating, ...]

    @property
    def total(self) -> int:
        """The number of questions."""
        return sum(self.asked.values())
