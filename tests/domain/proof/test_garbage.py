"""The verifier reports on any file in words."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.chain import GENESIS, digest, link
from domain.proof.containers import read_lines
from domain.proof.records import LINE_LIMIT
from domain.proof.reports import Integrity
from domain.proof.verifier import verify_lines
from tests.domain.proof.logs import edit, edit_body, proof, remanifest, working_day


@given(st.lists(st.binary(max_size=80) | st.text(max_size=80)), st.booleans())
def test_garbage_is_broken_in_words_and_never_an_exception(lines: list[str | bytes], started: bool) -> None:
    report = verify_lines([*([proof(working_day())[0]] if started else []), *lines])
    assert report.status is Integrity.BROKEN
    assert all(report.words())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(["log", "seq", "type", "at", "interaction", "refs", "who", "v", "verdict"]), JSON)
def test_a_hashed_body_of_nonsense_is_never_an_exception(key: str, value: object) -> None:
    log = working_day()
    lines = proof(log)
    forged = edit_body(lines[1], **{key: value})
    forged = edit(forged, hash=link(GENESIS, json_digest(forged)))
    report = verify_lines(remanifest([lines[0], forged]))
    assert all(report.words())


def json_digest(line: bytes) -> str:
    return digest(json.loads(line)["body"].encode(errors="replace").decode())


@given(st.sampled_from(["body", "hash", "who", "work", "text", "seq", "digest"]), JSON)
def test_a_line_of_nonsense_is_never_an_exception(key: str, value: object) -> None:
    lines = proof(working_day())
    for place in (0, 3):
        report = verify_lines([*lines[:place], edit(lines[place], **{key: value}), *lines[place + 1 :]])
        assert all(report.words())


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"body":' + b"[" * 5_000,
        b"1" * 5_000,
        b'{"format":"circle-take/log/1","log":"' + b"ab" * LINE_LIMIT,
        b'{"body":"\\ud800"}',
        b"\xff\xfe\x00",
    ],
)
def test_hostile_lines_are_broken_anywhere(line: bytes) -> None:
    lines = proof(working_day())
    assert verify_lines([line]).status is Integrity.BROKEN
    assert verify_lines([*lines[:3], line, *lines[3:]]).status is Integrity.BROKEN


def test_a_huge_line_is_not_read_whole() -> None:
    stream = io.BytesIO(b"x" * (LINE_LIMIT * 3))
    assert verify_lines(read_lines(stream)).status is Integrity.BROKEN
    assert stream.tell() == LINE_LIMIT + 1


def test_a_text_file_that_is_not_utf_8_is_broken() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"\xff\xfe binary"), encoding="utf-8")
    assert verify_lines(stream).status is Integrity.BROKEN


def test_changes_that_editors_make_break_nothing() -> None:
    log = working_day()
    lines = [b"\xef\xbb\xbf" + proof(log)[0], *(line.replace(b"\n", b"\r\n") for line in proof(log)[1:]), b"\r\n"]
    assert verify_lines(lines).status is Integrity.INTACT_UNPINNED
