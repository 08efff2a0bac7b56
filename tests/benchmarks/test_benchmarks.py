import asyncio
import contextlib
import io
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.__main__ import line, main
from benchmarks.crowd import GUILD, at_once, finish, in_batches, one_thread, open_store, vote
from benchmarks.hosting import Size as HostSize
from benchmarks.presses import Size as CrowdSize
from benchmarks.tools.measure import (
    Case,
    Claim,
    Figure,
    Report,
    Together,
    is_met,
    percentile,
    report,
    run,
    run_together,
)
from benchmarks.votes import Size
from bot.host.run import run_async
from db.polls.store import PollStore
from domain.polls.poll import Choice, Tally

TINY = Size(votes=30, tasks=7, alone=5, standing=10)
SMALL_CROWD = CrowdSize(presses=20, tasks=5, crowd=10, seconds=0.1)
SMALL_HOST = HostSize(answers=3, presses=20, servers=(0, 2), settled=0.0, rows=100)
CASES = {
    "votes-vs-ceiling",
    "votes-vs-awaiting-each",
    "votes-vs-one-commit-each",
    "vote-p99-200-tasks",
    "votes-flat",
    "presses-vs-nothing-stored",
    "press-cpu",
    "crowd-slowest-answer",
    "faq-ask",
    "faq-meaning-vs-plain",
    "faq-meaning-median",
    "faq-meaning-p95",
    "faq-memory-meaning",
    "faq-memory-words",
    "export-csv",
    "export-jsonl",
    "export-memory-growth",
    "export-loop-held",
    "verify-rate",
    "answer-reply",
    "answer-card",
    "answer-vote",
    "answer-signature",
    "answer-form",
    "answer-choices",
    "start-to-identify",
    "memory-0-servers",
    "memory-2-servers",
    "two-processes-presses",
    "two-processes-votes",
    "kib-for-1000-votes",
    "kib-for-1000-entries",
}


def nothing(_: Path) -> float:
    return 1.0


def test_a_report_has_medians_and_the_median_of_the_rounds_own_ratios() -> None:
    found = report(Case("case", "votes/s", "high", nothing, nothing, 0.75), [(10, 20), (90, 100), (40, 10)])
    expected: Report = {"ours": 40, "floor": 20, "ratio": 0.9, "target": 0.75, "better": "high", "unit": "votes/s"}
    assert found == expected


def test_a_limit_in_units_becomes_its_ratio_to_the_floor() -> None:
    case = Case("case", "ms", "low", nothing, nothing, limit=15)
    assert report(case, [(12, 0.5)])["target"] == 30
    assert is_met(report(case, [(15, 0.5)]))
    assert not is_met(report(case, [(15.1, 0.5)]))
    assert not is_met(report(case, [(16, 1.0), (16, 1.0), (16, 9.0), (2, 9.0)]))


@pytest.mark.parametrize(
    ("ours", "better", "met"), [(8, "high", True), (7, "high", False), (8, "low", True), (9, "low", False)]
)
def test_a_target_is_met_when_the_ratio_reaches_it(ours: float, better: str, met: bool) -> None:
    case = Case("case", "ms", better, nothing, nothing, 0.8)  # type: ignore[arg-type]  # either word
    found = report(case, [(ours, 10)])
    assert is_met(found) == met
    assert line("case", found).endswith("met" if met else "missed")


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_99_of_100_values_are_at_most_their_99th_percentile(values: list[float]) -> None:
    found = percentile(99, values)
    assert found in values
    assert sum(value <= found for value in values) >= 0.99 * len(values)
    assert sum(value < found for value in values) < 0.99 * len(values)


def test_rounds_alternate_and_each_figure_has_its_own_empty_folder(tmp_path: Path) -> None:
    seen: list[tuple[str, Path]] = []

    def figure(name: str, value: float) -> Figure:
        def measure(folder: Path) -> float:
            assert not list(folder.iterdir())
            (folder / "file").touch()
            seen.append((name, folder))
            return value

        return measure

    case = Case("case", "ms", "low", figure("ours", 1), figure("floor", 2))
    assert run(case, rounds=3, folder=tmp_path)["ratio"] == 0.5
    assert [name for name, _ in seen] == ["ours", "floor"] * 3
    assert len({folder for _, folder in seen}) == 6
    assert not list(tmp_path.iterdir())


def test_claims_of_one_measurement_are_reported_separately_in_as_few_rounds_as_they_need(tmp_path: Path) -> None:
    rounds = iter([{"a": (1.0, 2.0), "b": (9.0, 3.0)}, {"a": (3.0, 2.0), "b": (9.0, 3.0)}])
    group = Together(
        (Claim("a", "ms", "low", 1.5), Claim("b", "s", "high", limit=6.0)), lambda _: next(rounds), rounds=2
    )
    found = run_together(group, rounds=7, folder=tmp_path)
    assert (found["a"]["ours"], found["a"]["ratio"], found["a"]["unit"]) == (2, 1, "ms")
    assert (found["b"]["ratio"], found["b"]["target"]) == (3, 2)
    assert is_met(found["b"])


def test_one_case_can_be_measured_again_while_the_others_keep_their_figures(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    output.write_text('{"another-case": {"ours": 1}}', encoding="utf-8")
    arguments = ["--rounds", "1", "--only", "votes-vs-ceiling", "--output", str(output), "--folder", str(tmp_path)]
    main(arguments, size=TINY)
    assert set(json.loads(output.read_text(encoding="utf-8"))) == {"another-case", "votes-vs-ceiling"}


def test_both_sides_cast_the_same_votes_and_they_are_on_disk(tmp_path: Path) -> None:
    sides = tmp_path / "ours", tmp_path / "floor"
    for side in sides:
        side.mkdir()

    async def ours() -> int:
        async with open_store(sides[0]) as store:
            return len(await at_once(store, range(23), 5))

    assert run_async(ours()) == 23
    with one_thread(sides[1]) as database:
        assert len(in_batches(database, range(23), 5)) == 5

    async def tally(folder: Path) -> Tally:
        async with open_store(folder) as store:
            return (await store.get(GUILD, 1)).tally

    assert run_async(tally(sides[0])) == run_async(tally(sides[1])) == Tally.count([(Choice.EXECUTION, True)] * 23)


def test_the_single_thread_of_a_floor_does_not_wait_for_an_event_loop(tmp_path: Path) -> None:
    with one_thread(tmp_path) as database:
        finish(vote(PollStore(database), 1))
    with pytest.raises(RuntimeError):
        finish(asyncio.sleep(0))


def whole_run(arguments: list[str]) -> str:
    """Run every case in small sizes and return what is printed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main(arguments, size=TINY, crowd=SMALL_CROWD, questions=5, host=SMALL_HOST)
    return printed.getvalue()


def test_the_whole_run_leaves_bench_json_in_the_documented_form(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    arguments = ["--rounds", "1", "--entries", "300", "--output", str(output), "--folder", str(tmp_path)]
    # in another process: the 300 MB that it needs end with it
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        printed = pool.submit(whole_run, arguments).result()
    found = json.loads(output.read_text(encoding="utf-8"))
    assert set(found) == CASES
    for case in found.values():
        assert set(case) == {"ours", "floor", "ratio", "target", "better", "unit"}
        assert case["better"] in {"low", "high"}
        assert case["unit"]
        assert case["ratio"] == pytest.approx(case["ours"] / case["floor"], rel=0.01)
        assert case["target"] > 0
    assert found["presses-vs-nothing-stored"]["floor"] > 20, "presses that are answered are counted"
    assert [row.split()[0] for row in printed.splitlines()[1:]] == list(found)
