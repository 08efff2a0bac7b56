"""`python -m benchmarks`: measure every case against its floor, print a table, write bench.json."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import exports, faq, faq_meaning, hosting, presses, red, votes
from benchmarks.tools.long_log import LongLog
from benchmarks.tools.measure import Case, Report, Together, is_met, run, run_together
from bot import semantic

ROUNDS = 5
ENTRIES = 50_000
"""A million take an hour for all rounds; their ratios are the same."""


def measure(cases: Sequence[Case | Together], *, rounds: int, folder: Path) -> dict[str, Report]:
    """Run every case and print its line of the table as soon as it is measured."""
    print(f"{'case':<26}{'ours':>12}{'floor':>12} {'unit':<9}{'ratio':>8}{'target':>11}")
    found: dict[str, Report] = {}
    for case in cases:
        if isinstance(case, Together):
            new = run_together(case, rounds=rounds, folder=folder)
        else:
            new = {case.name: run(case, rounds=rounds, folder=folder)}
        for name, report in new.items():
            print(line(name, report), flush=True)
        found |= new
    return found


def names(case: Case | Together) -> list[str]:
    """Return the names of a case's figures in bench.json."""
    return [claim.name for claim in case.claims] if isinstance(case, Together) else [case.name]


def line(name: str, found: Report) -> str:
    """Format one line of the table."""
    sign = "≥" if found["better"] == "high" else "≤"
    target = f"{sign} {found['target']:g}"
    figures = f"{found['ours']:>12,.4g}{found['floor']:>12,.4g} {found['unit']:<9}{found['ratio']:>8g}{target:>11}"
    return f"{name:<26}{figures}  {'met' if is_met(found) else 'missed'}"


def every_case(
    log: LongLog,
    size: votes.Size = votes.Size(),  # noqa: B008 - frozen
    crowd: presses.Size = presses.Size(),  # noqa: B008 - frozen
    questions: int | None = None,
    host: hosting.Size = hosting.Size(),  # noqa: B008 - frozen
) -> list[Case | Together]:
    """Return all cases; those that run in this process come before Discord's loopback fills it."""
    return [
        *exports.cases(log),
        faq.case(questions),
        *(faq_meaning.cases(questions) if semantic.is_installed() else ()),
        *votes.cases(size),
        *presses.cases(crowd),
        *hosting.cases(host),
    ]


def main(arguments: Sequence[str] | None = None, **sizes: Any) -> None:
    """Measure, print and write; `sizes` go to `every_case`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each case (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="WORD", help="cases with this in their name; others keep theirs")
    parser.add_argument("--output", type=Path, default=Path("bench.json"), help="where the figures go")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="of the exported log (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=Path(), help="where databases are made: a real disk, not memory")
    parser.add_argument("--red", type=Path, metavar="PYTHON", help="of an environment with Red-DiscordBot, a peer")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory(dir=chosen.folder, prefix=".bench-") as kept:
        cases = every_case(LongLog(Path(kept), chosen.entries), **sizes)
        cases += [red.case(chosen.red)] if chosen.red else []
        wanted = [case for case in cases if any(chosen.only in name for name in names(case))]
        found = measure(wanted, rounds=chosen.rounds, folder=chosen.folder)
    if chosen.only and chosen.output.exists():
        found = json.loads(chosen.output.read_text(encoding="utf-8")) | found
    chosen.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
