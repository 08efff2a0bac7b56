import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.entries import LogEntry
from domain.export.columns import cell
from domain.export.filters import EVERYTHING, Filter, Kind, record_export
from domain.export.tables import HEADERS, csv_blocks
from domain.signoffs.choices import SignoffVerdict
from tests.domain.proof.logs import ANA, DOV, START, Log, act, proof, request, survey, table, working_day


def csv_of(entries: list[LogEntry], wanted: Filter = EVERYTHING) -> bytes:
    return b"".join(block for _, block in csv_blocks(table(entries, wanted)))


def rows(entries: list[LogEntry], wanted: Filter = EVERYTHING) -> list[dict[str, str]]:
    text = csv_of(entries, wanted).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_excel_opens_the_csv_without_asking() -> None:
    data = csv_of(working_day().entries)
    assert data.startswith(b'\xef\xbb\xbf"Time (UTC)","Entry type",')
    assert data.count(b"\r\n") == 9
    assert data.endswith(b'"8"\r\n')


def test_a_row_says_who_decided_what_about_which_cut() -> None:
    log = working_day()
    row = rows(log.entries)[2]
    assert tuple(row) == HEADERS
    assert list(row)[-2:] == ["Full hash", "Entry no."]
    assert row["Verdict"] == "revise"
    assert (row["Piece"], row["Cut"], row["Person"]) == ("Spot 30s", "3", "Ben")
    assert row["Person's Discord id"] == "u102"
    assert row["Reason"] == "The sky looks bought."
    assert row["About entry"] == "request 2"
    assert (row["Full hash"], row["Entry no."]) == (log.entries[2].hash, "3")
    assert rows(log.entries)[1]["What AI did"] == "B-roll in place of stock"
    assert rows(log.entries)[1]["Client told"] == "Not known"


def test_erased_cells_say_so_and_empty_ones_stay_empty() -> None:
    log = working_day()
    log.erase((3, "who"), (3, "text"))
    row = rows(log.entries)[2]
    assert (row["Person"], row["Person's Discord id"], row["Reason"]) == ("(erased)", "(erased)", "(erased)")
    assert rows(log.entries)[4]["Reason"] == ""


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
)
def test_no_cell_starts_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_typed_text_stays_in_its_cell(name: str, tools: str) -> None:
    log = Log()
    asked = log.open(opener=request().opener.__class__(104, name), tools=tools)
    row = rows(log.entries)[0]
    assert row["Tools"] == cell(asked.tools)
    assert row["Person"] == cell(asked.opener.name)
    assert row["Entry no."] == "1"


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [1, 2, 3, 4, 5, 6, 7, 8]),
        (Filter(kind=Kind.SIGNOFFS), [2, 3, 4, 5, 6, 7, 8]),
        (Filter(kind=Kind.POLLS), []),
        (Filter(verdict=SignoffVerdict.SIGNED), [5, 6, 7]),
        (Filter(person=102), [3, 5]),
        (Filter(piece="  SPOT 30s"), [2, 3, 4, 5, 6, 7]),
        (Filter(piece="titles", verdict="signed"), []),
        (Filter(since=START + timedelta(minutes=3), until=START + timedelta(minutes=6)), [4, 5, 6]),
    ],
)
def test_a_filter_keeps_exactly_what_was_asked_for(wanted: Filter, numbers: list[int]) -> None:
    entries = working_day().entries
    assert [int(row["Entry no."]) for row in rows(entries, wanted)] == numbers
    found = survey(entries, wanted)
    assert (found.shown, found.total, found.head) == (len(numbers), 8, entries[-1].hash)


def test_erased_parts_match_no_name_and_no_piece() -> None:
    log = working_day()
    log.erase((3, "who"), (3, "work"))
    assert [e.seq for e in log.entries if Filter(person=102).matches(e)] == [5]
    assert 3 not in [e.seq for e in log.entries if Filter(piece="Spot 30s").matches(e)]


def test_a_proof_begins_with_a_manifest_and_has_a_line_for_every_entry() -> None:
    log = working_day()
    wanted = Filter(person=ANA.id, until=START + timedelta(days=1))
    lines = [json.loads(line) for line in proof(log, wanted, withheld=["text"])]
    assert lines[0] == {
        "format": "circle-take/log/1",
        "log": log.id,
        "filter": {"person": "101", "until": "2026-11-21T10:00:00.123Z", "kind": "all"},
        "shown": 1,
        "accounts": 0,
        "total": 8,
        "first": 1,
        "last": 8,
        "head": log.entries[-1].hash,
        "withheld": ["text"],
        "made_at": "2026-11-20T10:00:00.123Z",
        "made_by": "Dov",
        "bot": "0.1.0",
    }
    assert [set(line) for line in lines[1:6]] == [{"seq", "digest"}] * 5
    assert lines[6]["body"] == log.entries[5].body
    assert lines[3]["digest"] == hashlib.sha256(log.entries[2].body.encode()).hexdigest()


def test_parts_are_shown_erased_withheld_or_null() -> None:
    log = working_day()
    log.erase((3, "who"))
    line = json.loads(proof(log, withheld=["text", "who"])[3])
    assert (line["who"], line["text"]) == ("erased", "withheld")
    part = log.entries[2].work
    assert part
    assert line["work"] == {"salt": part.salt, "value": part.value}
    assert json.loads(proof(log)[5])["text"] is None


def test_erasures_are_in_every_proof() -> None:
    log = working_day()
    log.erase((3, "who"))
    lines = [json.loads(line) for line in proof(log, Filter(verdict="signed"))]
    assert "body" in lines[-1]
    assert (lines[0]["shown"], lines[0]["accounts"]) == (3, 1)


def test_an_export_is_an_entry_that_names_nobody_in_its_body() -> None:
    log = working_day()
    wanted = Filter(person=ANA.id, piece="Spot\0 30s")
    found = survey(log.entries, wanted)
    entry = log.add(record_export(act(DOV, 30), wanted, found, file_format="csv", sha256="ab" * 32))
    assert entry.facts == {"format": "csv", "shown": 1, "total": 8, "head": found.head, "sha256": "ab" * 32}
    assert entry.value("work") == {"filter": {"person": "101", "piece": "Spot 30s", "kind": "all"}}
    assert '"101"' not in entry.body
