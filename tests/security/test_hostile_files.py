"""Files made to keep the bot busy or to fill the host's memory are refused at once and in words."""

import io
import struct
import tracemalloc
import zipfile
from time import process_time

import pytest

from domain.faq.entry_files import read_file
from domain.faq.knowledge import KnowledgeError, parse_entries
from domain.proof import zip_file as proof_zip
from domain.proof.reports import Integrity
from domain.proof.verifier import verify_file, verify_lines
from tests.domain.proof.logs import proof, working_day

MANY = 20_000
KEYS = [f'"{number:x}":0' for number in range(MANY)]
DOTS = ".".join(["a"] * MANY)
SECONDS = 1.0
"""Far more than each file takes, and far less than with a time that grows with the square of its length."""


def test_a_line_full_of_ends_of_parts_is_refused_at_once() -> None:
    end = '"},"work":{"salt":"","value":"}"},"text":{"salt":"","value":"}'
    line = '{"body":"{}","hash":"x","who":{"salt":"","value":"}' + end * 1000 + "\n"
    before = process_time()
    report = verify_lines([proof(working_day())[0], line.encode()])
    assert process_time() - before < SECONDS
    assert report.status is Integrity.BROKEN


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_compressed_without_known_bounds_is_not_unpacked(method: int) -> None:
    data = bomb(method)
    tracemalloc.start()
    report = verify_file(io.BytesIO(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.status is Integrity.BROKEN
    assert "is packed as no file that the bot makes" in report.words()[0]
    assert peak < 4 * 1024 * 1024


def bomb(method: int) -> bytes:
    """Make a ZIP whose manifest claims to be small and would unpack to 64 MiB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in proof_zip.FILES:
            with archive.open(name, "w") as member:
                for part in [bytes(1024 * 1024)] * 64 if name == proof_zip.MANIFEST else [bytes(9)]:
                    member.write(part)
    data = bytearray(file.getvalue())
    listed = data.rfind(proof_zip.MANIFEST.encode())  # the last mention is in the directory
    struct.pack_into("<L", data, listed - 46 + 24, 1000)
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("keys.json", "{" + ",".join([*KEYS, KEYS[-1]]) + "}"),
        ("key.toml", f"{DOTS} = 1"),
        ("table.toml", f"[{DOTS}]"),
        ("inline.toml", f"a = {{{DOTS} = 1}}"),
        ("spaced.toml", " . ".join(['"a"', "'a'", "a"] * MANY) + " = 1"),
    ],
)
def test_a_file_with_more_keys_than_anyone_needs_is_refused_at_once(name: str, text: str) -> None:
    before = process_time()
    with pytest.raises(KnowledgeError):
        read_file(name, text.encode())
    assert process_time() - before < SECONDS


def test_full_stops_in_an_answer_are_not_a_long_key() -> None:
    text = (
        '[[entry]]\nquestion = "Who?"\nanswer = """\nA' + " ." * 99 + "\n1.2.3.4 www.example.com. Yes. " * 20 + '"""\n'
    )
    assert len(parse_entries(read_file("a.toml", text.encode()))) == 1


def test_a_number_too_long_to_print_is_not_an_id() -> None:
    text = f'[[entry]]\nid = 0x{"f" * 5000}\nquestion = "Who?"\nanswer = "Noor."\n'
    with pytest.raises(KnowledgeError, match="“id” must be a text"):
        parse_entries(read_file("a.toml", text.encode()))
