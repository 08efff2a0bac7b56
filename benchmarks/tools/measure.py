"""Measure a case against its floor: both in every round, in turn, so that load on the machine affects both."""

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
    """A case in bench.json; `ratio` is ours divided by the floor."""

    ours: float
    floor: float
    ratio: float
    target: float
    better: Literal["low", "high"]
    unit: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured, against what, and the ratio to reach.

    `limit` replaces `target` if the claim is about our figure itself, in `unit`: the target is then the ratio of the
    limit to this run's floor.
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
    """Claims that share one measurement, because its setup is slow; the two sides take turns.

    `measure` returns (ours, floor) by the claim's name, in an empty folder. `rounds` is the most rounds for figures
    that hardly vary.
    """

    claims: tuple[Claim, ...]
    measure: Callable[[Path], Mapping[str, tuple[float, float]]]
    rounds: int | None = None


def run_together(group: Together, *, rounds: int, folder: Path) -> dict[str, Report]:
    """Measure all claims of a group in each round and report the medians."""
    found = [_measure(group.measure, folder) for _ in range(min(rounds, group.rounds or rounds))]
    return {claim.name: report(claim, [pairs[claim.name] for pairs in found]) for claim in group.claims}


def run(case: Case, *, rounds: int, folder: Path) -> Report:
    """Measure ours and the floor in turn and report the medians; `ratio` is the median of the rounds' ratios."""
    return report(case, [(_measure(case.ours, folder), _measure(case.floor, folder)) for _ in range(rounds)])


def report(case: Case | Claim, pairs: Iterable[tuple[float, float]]) -> Report:
    """Sum up rounds of (ours, floor). With a limit, `ratio` is that of the medians, to compare with it."""
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
    """Say whether the ratio reaches the target."""
    if found["better"] == "high":
        return found["ratio"] >= found["target"]
    return found["ratio"] <= found["target"]


def percentile(percent: int, values: Iterable[float]) -> float:
    """Return the smallest value that at least `percent` of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]


def _measure(figure: Callable[[Path], Result], folder: Path) -> Result:
    with TemporaryDirectory(dir=folder, prefix=".bench-") as name:
        gc.collect()
        gc.freeze()  # else a collection in the middle of this case would walk all that was imported or left by others
        return figure(Path(name))


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
