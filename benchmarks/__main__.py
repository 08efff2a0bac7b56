"""`python -m benchmarks`: measure every case beside its floor, print a table, leave bench.json."""

import argparse
import gc
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import exports, faq, presses, votes
from benchmarks.long_log import LongLog
from benchmarks.measure import Case, Report, is_met, run

ROUNDS = 7
ENTRIES = 50_000
"""A million take an hour for all rounds; their ratios are the same."""


def measure(cases: Sequence[Case], *, rounds: int, folder: Path) -> dict[str, Report]:
    """Run every case and print its line of the table as soon as it is there."""
    print(f"{'case':<26}{'ours':>12}{'floor':>12} {'unit':<9}{'ratio':>8}{'target':>11}")
    found: dict[str, Report] = {}
    for case in cases:
        found[case.name] = run(case, rounds=rounds, folder=folder)
        print(line(case.name, found[case.name]), flush=True)
    return found


def line(name: str, found: Report) -> str:
    """One line of the table."""
    sign = "≥" if found["better"] == "high" else "≤"
    target = f"{sign} {found['target']:g}"
    figures = f"{found['ours']:>12,.4g}{found['floor']:>12,.4g} {found['unit']:<9}{found['ratio']:>8g}{target:>11}"
    return f"{name:<26}{figures}  {'met' if is_met(found) else 'missed'}"


def main(
    arguments: Sequence[str] | None = None,
    size: votes.Size = votes.Size(),  # noqa: B008 - frozen
    crowd: presses.Size = presses.Size(),  # noqa: B008 - frozen
    questions: int | None = None,
) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each case (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="where the figures go")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of the exported log (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=Path(), help="where databases are made: a real disk, not memory")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory(dir=chosen.folder, prefix=".bench-") as kept:
        log = LongLog(Path(kept), chosen.entries)
        cases = [*votes.cases(size), *presses.cases(crowd), faq.case(questions), *exports.cases(log)]
        found = measure(cases, rounds=chosen.rounds, folder=chosen.folder)
    chosen.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    gc.collect()
    gc.freeze()  # a collection that walks all that was imported takes 25 ms, in whoever's round it happens to fall
    main()
