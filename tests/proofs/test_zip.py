"""The ZIP: its content, that it is reproducible, and what is refused in words."""

import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from domain.export.filters import Filter
from domain.proof import zip_file as proof_zip
from domain.proof.containers import UNPACKED_LIMIT
from domain.proof.reports import Integrity
from domain.proof.verifier import verify_file
from tests.domain.proof.logs import manifest_of, proof, working_day
from tests.proofs.checks import VERIFIER, as_jsonl, as_zip, by_program, by_script, zip_of

Members = dict[str, bytes]


def made(wanted: Filter = Filter()) -> bytes:  # noqa: B008 - frozen
    """Return the ZIP that the bot makes of a log; the log is the same within a test."""
    log = DAY
    file = io.BytesIO()
    list(proof_zip.write_zip(file, iter([(8, as_jsonl(proof(log, wanted)))]), manifest_of(log, wanted)))
    return file.getvalue()


DAY = working_day()


def members(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_log_a_manifest_a_verifier_and_a_readme() -> None:
    wanted = Filter(verdict="signed", piece="Spot {30s}")
    files = members(made(wanted))
    assert set(files) == set(proof_zip.FILES)
    manifest = json.loads(files["manifest.json"])
    head = DAY.entries[-1].hash
    assert manifest["schema"] == "circle-take/proof/1"
    assert (manifest["log"], manifest["head"], manifest["made_by"]) == (DAY.id, head, "Dov")
    assert (manifest["shown"], manifest["total"], manifest["count"], manifest["first"], manifest["last"]) == (
        0,
        8,
        8,
        1,
        8,
    )
    assert manifest["filter"] == wanted.value()
    for name in ("log.jsonl", "verify.py", "README.txt"):
        assert manifest["files"][name] == {"bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()}
    assert files["verify.py"] == VERIFIER.read_bytes()
    assert "0 of 8 entries" in files["README.txt"].decode()
    assert f"8:{head}" in files["README.txt"].decode()


def test_the_same_log_gives_the_same_bytes() -> None:
    assert made() == made()


def test_the_unpacked_zip_can_check_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "verify.py", "--pin", DAY.entries[5].receipt]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "INTACT from entry 1 to 8" in done.stdout


def test_the_verifier_is_short_enough_to_be_read() -> None:
    assert len(VERIFIER.read_text(encoding="utf-8").splitlines()) < 100


@pytest.mark.parametrize("arguments", [("--pin", "12"), ("no-such-file",), ("--what",)])
def test_a_wrong_call_of_the_verifier_gives_no_verdict(arguments: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(as_jsonl(proof(DAY)))
    command = [sys.executable, "-I", str(VERIFIER), *(() if "no-such-file" in arguments else (str(file),)), *arguments]
    assert subprocess.run(command, capture_output=True, check=False, cwd=tmp_path).returncode == 64


def test_the_program_reads_it_with_an_earlier_one(tmp_path: Path) -> None:
    now, earlier = tmp_path / "now.zip", tmp_path / "earlier.zip"
    now.write_bytes(made())
    earlier.write_bytes(made(Filter(verdict="signed")))
    assert by_program(now).code == 2
    assert by_program(now, "--previous", str(earlier)).code == 0
    assert by_program(now, "--pin", DAY.entries[0].receipt, "--pin", "8:00000000").code == 1


def changed(**files: bytes) -> bytes:
    return zip_of(members(made()) | {name.replace("__", "."): data for name, data in files.items()})


def with_manifest(**facts: object) -> bytes:
    manifest = json.loads(members(made())["manifest.json"])
    return changed(manifest__json=json.dumps(manifest | facts).encode())


def doubled() -> bytes:
    file = io.BytesIO(made())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("log.jsonl", as_jsonl(proof(working_day())))
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members(made()).items():
            with archive.open(name, "w") as member:
                for part in [b"\n" * 1024 * 1024] * UNPACKED_LIMIT * 2 if name == "log.jsonl" else [data]:
                    member.write(part)
    return file.getvalue()


def crowded() -> bytes:
    return zip_of({f"{number}.txt": b"" for number in range(5000)})


def encrypted() -> bytes:
    data = bytearray(made())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    data[data.find(b"PK\x03\x04") + 6] |= 1
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "the log changed": (lambda: changed(log__jsonl=as_jsonl(proof(working_day()))), "different things"),
    "the verifier changed": (lambda: changed(verify__py=b"print('INTACT')"), "verify.py in the ZIP is not the file"),
    "the readme changed": (lambda: changed(README__txt=b"All is well."), "README.txt in the ZIP is not the file"),
    "the head forged": (lambda: with_manifest(head="ab" * 32), "different things"),
    "the maker forged": (lambda: with_manifest(made_by="Somebody"), "different things"),
    "the list of files gone": (lambda: with_manifest(files=[]), "is not the file"),
    "another schema": (lambda: with_manifest(schema="x"), "is not a manifest"),
    "a manifest that is none": (lambda: changed(manifest__json=b"[" * 9000), "is not a manifest"),
    "a file too many": (lambda: changed(extra__txt=b""), "holds 5 files"),
    "a path that leads out": (lambda: zip_of({"../../etc/passwd": b""}), "../../etc/passwd"),
    "an absolute path": (lambda: zip_of({"/etc/passwd": b""}), "/etc/passwd"),
    "a doubled member": (doubled, "holds 5 files"),
    "a bomb": (bomb, "would unpack to"),
    "five thousand files": (crowded, "holds 5000 files"),
    "encrypted": (encrypted, "cannot be read"),
    "cut off": (lambda: made()[:-40], "cannot be read"),
    "damaged": (lambda: made()[:400] + b"\xff" * 50 + made()[450:], "cannot be read"),
    "nothing but a signature": (lambda: b"PK\x03\x04", "cannot be read"),
    "empty": (lambda: zip_of({}), "holds nothing"),
}  # fmt: skip


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_zip_is_broken_in_words_and_costs_no_memory(how: str) -> None:
    make, words = HOSTILE[how]
    data = make()
    tracemalloc.start()
    report = verify_file(io.BytesIO(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.status is Integrity.BROKEN
    assert words in report.words()[0]
    assert peak < 16 * 1024 * 1024


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", b"<!doctype html>\n"], ids=["jsonl", "zip", "html"])
def test_two_hundred_megabytes_of_zeros_are_refused_at_once(start: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sparse"
    with file.open("wb") as stream:
        stream.write(start)
        stream.truncate(200 * 1024 * 1024)
    tracemalloc.start()
    with file.open("rb") as stream:
        report = verify_file(stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.status is Integrity.BROKEN
    assert peak < 16 * 1024 * 1024
    if not start:
        assert by_script(file).code == 1


def test_a_forgery_with_a_fitting_manifest_is_found() -> None:
    lines = proof(DAY)
    tampered = [*lines[:5], lines[5].replace(b"signed", b"revise"), *lines[6:]]
    report = verify_file(io.BytesIO(as_zip(tampered)))
    assert report.fault
    assert report.fault.entry == 5
