"""Measuring a case beside its floor: both in every round, one after the other, so that the machine's moods hit both."""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Literal, TypedDict, TypeVar

Result = TypeVar("Result")

Figure = Callable[[Path], float]
"""One measurement in an empty folder on a real disk."""


class Report(TypedDict):
    """A case as it stands in bench.json; `ratio` is ours divided by the floor."""

    ours: float
    floor: float
    ratio: float
    target: float
    better: Literal["low", "high"]
    unit: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured, what beside, and what the ratio has to reach.

    `limit` replaces `target` where the claim is about our figure itself, in `unit`: the target is then the ratio that
    the limit is to this run's floor.
    """

    name: str
    unit: str
    better: Literal["low", "high"]
    ours: Figure
    floor: Figure
    target: float = 0.0
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A `Case` whose figures come from a `Together`."""

    name: str
    unit: str
    better: Literal["low", "high"]
    target: float = 0.0
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Claims measured in one go, because what they are measured on takes long to set up; the two sides take turns.

    `measure` gives (ours, floor) by the claim's name, in an empty folder. `rounds` are enough for figures that hardly
    vary.
    """

    claims: tuple[Claim, ...]
    measure: Callable[[Path], Mapping[str, tuple[float, float]]]
    rounds: int | None = None


def run_together(group: Together, *, rounds: int, folder: Path) -> dict[str, Report]:
    """Measure all claims of a group in each round and report medians."""
    found = [_measure(group.measure, folder) for _ in range(min(rounds, group.rounds or rounds))]
    return {claim.name: report(claim, [pairs[claim.name] for pairs in found]) for claim in group.claims}


def run(case: Case, *, rounds: int, folder: Path) -> Report:
    """Measure ours, the floor, ours, the floor … and report medians; `ratio` is the median of the rounds' ratios."""
    return report(case, [(_measure(case.ours, folder), _measure(case.floor, folder)) for _ in range(rounds)])


def report(case: Case | Claim, pairs: Iterable[tuple[float, float]]) -> Report:
    """Sum up the rounds, given as (ours, floor). Under a limit `ratio` is that of the medians, to be held to it."""
    rounds = list(pairs)
    ours, floor = (median(side) for side in zip(*rounds, strict=True))
    return Report(
        ours=_rounded(ours),
        floor=_rounded(floor),
        ratio=_rounded(median(one / other for one, other in rounds) if case.limit is None else ours / floor),
        target=_rounded(case.target if case.limit is None else case.limit / floor),
        better=case.better,
        unit=case.unit,
    )


def is_met(found: Report) -> bool:
    """Whether the ratio reaches the target."""
    if found["better"] == "high":
        return found["ratio"] >= found["target"]
    return found["ratio"] <= found["target"]


def p99(values: Iterable[float]) -> float:
    """The smallest value that at least 99 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * 99 // 100) - 1]


def _measure(figure: Callable[[Path], Result], folder: Path) -> Result:
    with TemporaryDirectory(dir=folder, prefix=".bench-") as name:
        gc.collect()
        gc.freeze()  # or a collection walks all that was imported, or left by other cases, in the middle of this one
        return figure(Path(name))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
