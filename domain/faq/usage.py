"""How a server's FAQ is used: counts of nobody in particular."""

from dataclasses import dataclass
from datetime import timedelta

from domain.ranking.gate import FaqOutcome

STATS_OVER = timedelta(days=30)
"""How far back questions are counted."""

ENOUGH_RATINGS = 5
"""Ratings that an entry needs before it can be listed as unhelpful."""


@dataclass(frozen=True, slots=True)
class Rating:
    """How many people found an entry helpful, of how many who rated it."""

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
        """Count all questions, whatever came of them."""
        return sum(self.asked.values())
