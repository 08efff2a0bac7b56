"""The fast check of a line never accepts more than the careful one, and accepts what the bot writes."""

import json
from copy import deepcopy
from dataclasses import asdict
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decision_log.chain import new_salt
from domain.decision_log.entries import EntryType, NewEntry, seal
from domain.proof.records import BrokenError, Reader
from domain.proof.skim import skim
from domain.proof.walk import Walk
from tests.domain.proof.logs import START, Log, edit, edit_body, proof, remanifest, working_day

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
FLAT = TEXT | st.integers(-(10**14), 10**14) | st.none() | st.booleans() | st.lists(TEXT, max_size=3)
FACTS = st.dictionaries(st.text('abc_}{,"', max_size=5), FLAT, max_size=3)


SPLINTERS = [b"", b'"', b"\\", b'\\"', b"\\\\", b"\t", b"\x00", b"}", b"{", b"0", b"\xff", b"\n"]


def careful(walk: Walk, line: bytes) -> bool:
    """Return whether the careful walk accepts the line."""
    try:
        record = Reader().read(line)
        if record is None:
            return False
        walk.step(record)
    except BrokenError:
        return False
    return True


def at(log: Log, seq: int) -> Walk:
    """Return a walk that stands at entry `seq` of a log."""
    walk = Walk(log=log.id)
    for line in proof(log)[1 : seq + 1]:
        assert careful(walk, line)
    return walk


@settings(deadline=None)
@given(FACTS, FACTS, TEXT, st.sampled_from(["export", "outcome", "erased"]))
def test_it_agrees_with_the_careful_walk(
    facts: dict[str, object], who: dict[str, object], text: str, kind: str
) -> None:
    log = working_day()
    refs: dict[str, object] = {"erases": []} if kind == "erased" else {}
    held = {"reason": text} if text else None
    at_ = START + timedelta(hours=1)
    entry = seal(
        NewEntry(EntryType(kind), at_, refs=refs, facts=facts, who=who, text=held),
        log_id=log.id, seq=9, prev=log.entries[-1].hash, salts=new_salt,
    )  # fmt: skip
    log.entries.append(entry)
    quick, slow = at(log, 8), at(log, 8)
    line = proof(log)[9]
    assert careful(slow, line)
    if skim(quick, line):
        assert asdict(quick) == asdict(slow)
    else:
        assert quick.seq == 8


def test_it_accepts_nearly_every_line_that_the_bot_writes() -> None:
    log = working_day()
    walk = Walk(log=log.id)
    taken = []
    for line in proof(log)[1:]:
        taken.append(skim(walk, line))
        if not taken[-1]:
            assert careful(walk, line)
    assert sum(taken) >= 7


@settings(deadline=None)
@given(st.data())
def test_no_changed_character_passes_that_the_careful_walk_refuses(data: st.DataObject) -> None:
    log = working_day()
    seq = data.draw(st.sampled_from([2, 3, 5, 7]))
    line = proof(log)[seq]
    place = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.sampled_from(SPLINTERS))
    changed = line[:place] + other + line[place + data.draw(st.integers(0, 1)) :]
    quick, slow = at(log, seq - 1), at(log, seq - 1)
    before = deepcopy(quick)
    if skim(quick, changed):
        assert careful(slow, changed)
        assert asdict(quick) == asdict(slow)
    else:
        assert asdict(quick) == asdict(before)


def test_an_equivalent_line_in_another_form_is_left_to_the_careful_walk() -> None:
    log = working_day()
    line = proof(log)[1]
    for other in (
        line.replace(b'{"body"', b'{ "body"'),
        json.dumps(json.loads(line), indent=None, sort_keys=True).encode() + b"\n",
        line.replace(b"\n", b"\r\n"),
    ):
        walk = Walk(log=log.id)
        assert not skim(walk, other)
        assert careful(walk, other)


def test_a_body_that_is_not_json_is_refused_even_with_the_right_hash() -> None:
    lines = proof(working_day())
    for forged in (b'\\"seq\\":01,', b'\\"seq\\":1.0,', b'\\"seq\\":true,'):
        line = lines[1].replace(b'\\"seq\\":1,', forged)
        head = json.loads(remanifest([line, line])[0])["head"]
        line = line.replace(json.loads(lines[1])["hash"].encode(), head.encode())
        walk = Walk(log=json.loads(lines[0])["log"])
        assert not skim(walk, line)
        assert not careful(walk, line)


def test_a_wrong_day_is_left_to_the_careful_walk() -> None:
    lines = proof(working_day())
    body = edit_body(lines[1], at="2026-02-30T10:00:00.123Z")
    line = edit(body, hash=json.loads(remanifest([body, body])[0])["head"]) + b"\n"
    walk = Walk(log=json.loads(lines[0])["log"])
    assert not skim(walk, line)
    assert walk.seq == 0
