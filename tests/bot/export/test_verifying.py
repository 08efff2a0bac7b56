"""A proof verified in segments gets the same report as one verified as a whole, or none."""

from pathlib import Path

import pytest

from bot.export import verifying
from bot.export.verifying import verify_path
from domain.proof.segments import cut_into_segments, join_walks, walk_segment
from domain.proof.verifier import verify_file
from tests.domain.proof.logs import Lines, proof, working_day
from tests.proofs.cases import Case, cases
from tests.proofs.checks import as_jsonl
from tests.proofs.long_proofs import long_proof

LONG = long_proof(2000)


@pytest.fixture(autouse=True)
def every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split files of any size into three segments, on any machine and beside other threads."""
    monkeypatch.setattr(verifying, "PARALLEL_FROM", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr("threading.active_count", lambda: 1)


def saved(tmp_path: Path, lines: Lines) -> Path:
    file = tmp_path / "log.jsonl"
    file.write_bytes(as_jsonl(lines))
    return file


def in_segments(path: Path, pins: list[str], count: int) -> object:
    """Walk the segments in this process and join them."""
    with path.open("rb") as file:
        found = cut_into_segments(file, count)
    if found is None:
        return None
    manifest, segments = found
    return join_walks(manifest, segments, [walk_segment(path, segment, pins) for segment in segments])


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_sound_proof_is_sound_in_any_number_of_segments(tmp_path: Path, count: int) -> None:
    path = saved(tmp_path, LONG)
    with path.open("rb") as file:
        whole = verify_file(file)
    joined = in_segments(path, [], count)
    assert joined is not None
    assert (joined.seq, joined.head.hex(), joined.shown) == (whole.total, whole.head, whole.shown)  # type: ignore[attr-defined]  # a walk


@pytest.mark.parametrize("place", [1, 500, 667, 668, 999, 1000, 1333, 1334, 1700, 2000])
def test_segments_with_a_fault_in_or_between_them_are_never_joined(tmp_path: Path, place: int) -> None:
    edited = LONG[place].replace(b"Editorial", b"Sound")
    for here in ([], [edited]):
        path = saved(tmp_path, [*LONG[:place], *here, *LONG[place + 1 :]])
        assert in_segments(path, [], 3) is None


def test_a_log_made_of_two_is_never_joined(tmp_path: Path) -> None:
    other = long_proof(2000)
    assert in_segments(saved(tmp_path, [*LONG[:1000], *other[1000:]]), [], 2) is None


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_every_case_of_the_matrix_ends_alike(case: Case, tmp_path: Path) -> None:
    path = saved(tmp_path, case.lines)
    pins = [case.pin] if case.pin else []
    assert verify_path(path, pins).exit_code == case.code


def test_several_processes_find_what_one_process_finds(tmp_path: Path) -> None:
    path = saved(tmp_path, LONG)
    with path.open("rb") as file:
        assert verify_path(path) == verify_file(file)
    tampered = saved(tmp_path, [*LONG[:1500], LONG[1500].replace(b"Editorial", b"Sound"), *LONG[1501:]])
    report = verify_path(tampered)
    assert report.fault
    assert report.fault.entry == 1500


def test_an_earlier_export_is_still_compared(tmp_path: Path) -> None:
    log = working_day()
    path = saved(tmp_path, proof(log))
    earlier = tmp_path / "earlier.jsonl"
    earlier.write_bytes(path.read_bytes())
    assert verify_path(path, [], earlier).exit_code == 0
