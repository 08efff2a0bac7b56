"""Any file or line that people give to read gets a verdict or words; a falsified proof never passes."""

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import cli
from cogs.polls.spoken_time import TIME_WORDS, WEEKDAYS, spoken_time
from domain.errors import DomainError
from domain.faq.entry_files import read_file, write_file
from domain.faq.knowledge import KnowledgeError, parse_entries
from domain.faq.matcher import FaqEntry
from domain.proof.reports import Integrity
from domain.proof.verifier import verify_lines
from domain.signoffs.slate_reader import read_slate, read_typed

from .proofs import ORIGINALS, Original, falsified, says_only
from .texts import JSON, TEXTS

EXAMPLES = max(200, int(os.environ.get("FUZZ_STEPS", "0")))
often = settings(max_examples=EXAMPLES, deadline=None, derandomize="FUZZ_STEPS" not in os.environ)
now_and_then = settings(often, max_examples=EXAMPLES // 5, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("original", ORIGINALS)
def test_an_untouched_proof_is_intact_and_says_the_same(original: Original) -> None:
    assert verify_lines(original.lines, [original.pin]).status is Integrity.INTACT_PINNED
    assert says_only(original.lines, original.lines)


@often
@given(st.sampled_from(ORIGINALS).flatmap(lambda original: st.tuples(st.just(original), falsified(original))))
def test_a_falsified_proof_never_passes_with_another_meaning(case: tuple[Original, list[bytes]]) -> None:
    original, lines = case
    report = verify_lines(lines, [original.pin])
    assert all(report.words())
    if report.status is Integrity.INTACT_PINNED:
        assert says_only(lines, original.lines)
    assert verify_lines(lines).status is not Integrity.INTACT_PINNED
    assert verify_lines(original.lines, previous=lines).words()


def test_a_changed_proof_differs_from_what_it_said() -> None:
    """Check the control: even without the verifier, the comparison sees a change in a body and in a part."""
    for original in ORIGINALS[:2]:
        changed = [
            line.replace(b'\\"verdict\\":\\"signed\\"', b'\\"verdict\\":\\"revise\\"') for line in original.lines
        ]
        assert not says_only(changed, original.lines)
        renamed = [line.replace(b"Ana", b"Eve") for line in original.lines]
        assert not says_only(renamed, original.lines)


GIVEN: list[dict[str, object]] = [
    {"id": "truck-parking", "question": "Where do trucks park?", "answer": "Behind hall 4.", "alternates": ["lorries"]},
    {"question": "When is lunch?", "answer": "At one.", "source": {"title": "Call sheet", "section": "Catering"}},
    {"question": "Who has the keys?", "answer": "The runner.", "source": "The unit manager"},
]
TOML = "".join(f'[[entry]]\nquestion = "{one["question"]}"\nanswer = "{one["answer"]}"\n' for one in GIVEN)
KEYS = st.sampled_from(("id", "question", "answer", "alternates", "source", "title", "essay", "colour"))
ENTRIES = st.lists(
    st.sampled_from(GIVEN) | st.dictionaries(KEYS, TEXTS | st.lists(TEXTS, max_size=3) | JSON), max_size=4
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Draw a file of entries, JSON or TOML, valid or damaged."""
    name = draw(st.sampled_from(("a.json", "a.toml", "A.TOML", "a")))
    whole = draw(st.sampled_from((json.dumps(GIVEN).encode(), TOML.encode())) | ENTRIES.map(json.dumps).map(str.encode))
    start = draw(st.integers(0, len(whole)))
    end = draw(st.sampled_from((start, start, start + 1, start + 20, len(whole))))
    return name, whole[:start] + draw(st.binary(max_size=4)) + whole[end:]


@often
@given(files())
@example(("a.json", b"[" * 100_000))
@example(("a.toml", b"a = " + b"[" * 100_000))
@example(("a.toml", b"a = 1" + b"0" * 5000))
@example(("a.json", b"[1" + b"0" * 5000 + b"]"))
def test_a_file_of_answers_is_read_or_refused_in_words(file: tuple[str, bytes]) -> None:
    for entry in read_or_refused(*file):
        assert read_or_refused("a.json", write_file([entry])) == (entry,)


def read_or_refused(name: str, data: bytes) -> tuple[FaqEntry, ...]:
    """Return the entries of a file; none if it is refused, which must be in words."""
    try:
        return parse_entries(read_file(name, data), {"reserved"})
    except KnowledgeError as refused:
        if all(map(str.strip, refused.faults)):
            return ()
        raise


FILLERS = ("next", "this", "in", "at", "on", "by", "of", "am", "pm", "utc", "now", "tonight", "today", "ago")
TIMES = st.lists(
    st.sampled_from((*TIME_WORDS, *WEEKDAYS, *FILLERS))
    | st.sampled_from(("2h", "90 min", "half an hour", "23 nov", "nov", "11/12", "31.2.2027", "18:00", "18.30", "9999"))
    | st.sampled_from(("tomorrow", "day after tomorrow", "weeks", "years", "999999999 years", "-1", "0", "٣d", "²"))
    | st.integers(-1, 10**6).map(str)
    | TEXTS,
    max_size=5,
).map(" ".join)
NOWS = st.integers(1_420_070_400, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From Discord's first day to the end of the century."""

ZONES = st.sampled_from(("UTC", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"))


@often
@given(TIMES, NOWS, ZONES)
def test_a_time_is_an_instant_or_nothing_or_words(text: str, now: datetime, zone: str) -> None:
    with contextlib.suppress(DomainError):
        at = spoken_time(text, now=now, zone=ZoneInfo(zone))
        assert at is None or at.utcoffset() is not None


@often
@given(TEXTS, st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_a_slate_is_read_from_anything(text: str, names: list[str], known: list[str]) -> None:
    for slate in (read_slate(text, names, known), read_typed(text)):
        assert isinstance(slate.piece, str)
        assert slate.cut is None or slate.cut >= 0


def ended(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> int:
    """Return the exit code of a call, which must print words and no traceback."""
    try:
        code = cli.main(arguments)
    except SystemExit as exited:
        code = int(exited.code or 0)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert said.out + said.err or code == 0
    return code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which a database would be created."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "take.sqlite3"))
    return tmp_path


@now_and_then
@given(data=st.data())
def test_a_call_with_any_file_ends_in_words(
    data: st.DataObject, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = data.draw(falsified(data.draw(st.sampled_from(ORIGINALS))))
    content = data.draw(st.just(b"".join(lines)) | st.binary(max_size=200) | files().map(lambda file: file[1]))
    file = folder / "any"
    file.write_bytes(content)
    pin = data.draw(st.sampled_from(("1:abcdef12", "0:", "9" * 30 + ":" + "a" * 8, "²:abcdefab")))
    calls: tuple[list[str], ...] = (
        ["verify", str(file)],
        ["verify", str(file), "--pin", pin, "--previous", str(file)],
        ["faq", "--file", str(file), "--json"],
        ["faq", "Where do we park?", "--file", str(file)],
    )
    assert ended(data.draw(st.sampled_from(calls)), capsys) in {0, 1, 2, 64}


WORDS = TEXTS.filter(lambda text: "\0" not in text and len(text) < 1000).map(
    lambda text: text.encode(errors="ignore").decode()
)


@now_and_then
@given(data=st.data())
def test_an_export_with_any_filter_ends_in_words(
    data: st.DataObject, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn: dict[str, Any] = data.draw(
        st.fixed_dictionaries(
            {"--guild": st.sampled_from(("1", "x", "9" * 40, "-1"))},
            optional={
                "--from": WORDS | st.dates().map(str),
                "--to": WORDS | st.dates().map(str),
                "--piece": WORDS,
                "--person": WORDS | st.integers(-1, 2**70).map(str),
                "--verdict": st.sampled_from(("signed", "execution", "none")),
                "--kind": st.sampled_from(("all", "polls", "x")),
            },
        )
    )
    options = [f"{name}={value}" for name, value in drawn.items()]
    output = ["--format", data.draw(st.sampled_from(("csv", "jsonl"))), "--output", str(folder / "out")]
    assert ended(["export", *options, *output], capsys) in {0, 1, 64}
