import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.chain import GENESIS, make_part
from domain.decision_log.entries import PARTS, EntryType, NewEntry, Person
from domain.errors import DomainError
from domain.export.filters import Filter, Kind
from domain.proof.reports import Integrity, Report
from domain.proof.verifier import verify_lines
from domain.signoffs.choices import SignoffVerdict
from tests.domain.proof.logs import ANA, BEN, CLEO, START, Lines, Log, act, proof, working_day
from tests.domain.proof.tampering import TAMPERED, careful_last_edit, careful_rewrite, careful_truncation, swap_name

FILTERS = st.sampled_from(
    [Filter(), Filter(kind=Kind.POLLS), Filter(verdict="signed"), Filter(person=102), Filter(piece="titles")]
)


@pytest.mark.parametrize(("how", "tamper", "entry"), TAMPERED, ids=[how for how, _, _ in TAMPERED])
def test_tampering_shows_at_the_right_entry_with_and_without_a_pin(
    how: str, tamper: Callable[[Lines], Lines], entry: int | None
) -> None:
    log = working_day()
    lines = proof(log)
    report = verify_lines(tamper(lines))
    assert (report.status, report.exit_code) == (Integrity.BROKEN, 1)
    assert report.fault
    assert report.fault.entry == entry
    assert report.words()[0].startswith("Broken. ")
    assert verify_lines(tamper(lines), [log.entries[-1].receipt]).status is Integrity.BROKEN


@pytest.mark.parametrize("forge", [careful_truncation, careful_rewrite, careful_last_edit])
def test_only_a_pin_or_an_earlier_export_reveals_a_forging_host(forge: Callable[[Log], Lines]) -> None:
    log = working_day()
    lines = forge(log)
    unpinned = verify_lines(lines)
    assert (unpinned.status, unpinned.exit_code) == (Integrity.INTACT_UNPINNED, 2)
    assert "rewritten the whole log" in " ".join(unpinned.words())
    assert verify_lines(lines, [log.entries[-1].receipt]).exit_code == 1
    assert verify_lines(lines, previous=proof(log, Filter(kind=Kind.POLLS))).exit_code == 1


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["open", *SignoffVerdict, "erase", "export"]),
        st.sampled_from([ANA, BEN, CLEO]),
        st.text(max_size=30),
    ),
    max_size=15,
)


def grow(events: list[Any]) -> Log:
    """Return an honest log of any shape."""
    log = Log()
    for what, actor, text in events:
        number = len(log.entries)
        if isinstance(what, SignoffVerdict):
            who, words = Person.of(actor).value(), {"reason": text.encode(errors="replace").decode().replace("\0", "")}
            log.add(NewEntry(EntryType.DECISION, act(actor, number).at, verdict=what.value, who=who, text=words))
        elif what == "open":
            log.open(cut=number + 1, opened_at=START + timedelta(minutes=number))
        elif what == "erase":
            log.erase(*((e.seq, name) for e in log.entries[:3] for name in PARTS if e.part(name)))
        else:
            log.add(NewEntry(EntryType.EXPORT, START, facts={"shown": number}))
    return log


@given(EVENTS, FILTERS, st.sets(st.sampled_from(PARTS)))
def test_honest_logs_of_any_shape_verify_filtered_or_withheld_to_the_same_head(
    events: list[Any], wanted: Filter, withheld: set[str]
) -> None:
    log = grow(events)
    head = log.entries[-1].hash if log.entries else GENESIS
    copy = proof(log, wanted, sorted(withheld))
    report = verify_lines(copy)
    assert (report.status, report.head, report.total) == (Integrity.INTACT_UNPINNED, head, len(log.entries))
    assert report.shown + report.stubs == report.total
    pins = [entry.receipt for entry in log.entries]
    expected = Integrity.INTACT_PINNED if pins else Integrity.INTACT_UNPINNED
    assert verify_lines(copy, pins).status is expected
    assert verify_lines(copy, previous=proof(log)).status is expected


@given(EVENTS, st.data())
def test_any_changed_character_of_an_entry_is_noticed(events: list[Any], data: st.DataObject) -> None:
    log = grow([("open", ANA, ""), *events])
    lines = [line.decode() for line in proof(log)]
    at = data.draw(st.integers(1, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[at]) - 2))
    other = data.draw(st.sampled_from('09azA"{}:, é').filter(lambda c: c != lines[at][place]))
    changed = lines[at][:place] + other + lines[at][place + 1 :]
    same = False
    with suppress(ValueError):
        same = json.loads(changed) == json.loads(lines[at])
    report = verify_lines([*lines[:at], changed, *lines[at + 1 :]])
    assert (report.status is not Integrity.BROKEN) == same


def test_an_erasure_with_its_account_keeps_the_log_intact_and_the_earlier_export_true() -> None:
    log = working_day()
    earlier = proof(log)
    log.erase((3, "who"), (3, "text"))
    report = verify_lines(proof(log, Filter(verdict="revise")), previous=earlier)
    assert (report.status, report.erased, report.shown, report.stubs) == (Integrity.INTACT_PINNED, 2, 2, 7)


def test_an_erasure_covers_only_what_it_lists() -> None:
    log = working_day()
    log.erase((3, "who"))
    log.entries[4] = replace(log.entries[4], who=None)
    report = verify_lines(proof(log))
    assert report.fault
    assert report.fault.entry == 5


@pytest.mark.parametrize("erases", [None, [[9, "who"]], [[3, "body"]], [["3", "who"]], [[3]], 3])
def test_an_erasure_of_a_missing_part_is_broken(erases: object) -> None:
    log = working_day()
    log.add(NewEntry(EntryType.ERASED, START + timedelta(hours=1), refs={"erases": erases}))
    assert verify_lines(proof(log)).status is Integrity.BROKEN


def test_a_foreign_or_broken_earlier_export_does_not_pin() -> None:
    log = working_day()
    assert "different logs" in verify_lines(proof(log), previous=proof(working_day())).words()[0]
    assert "In the earlier export" in verify_lines(proof(log), previous=swap_name(proof(log))).words()[0]
    assert "In the earlier export" in verify_lines(proof(log), previous=[]).words()[0]
    assert verify_lines(proof(log), previous=proof(Log())).status is Integrity.BROKEN


def test_the_earlier_export_of_an_empty_log_does_not_pin() -> None:
    log, empty = working_day(), Log()
    empty.id = log.id
    assert verify_lines(proof(log), previous=proof(empty)).status is Integrity.INTACT_UNPINNED


def test_a_pin_that_the_chain_does_not_run_through_is_broken() -> None:
    log = working_day()
    pins = {"3:00000000": 3, "99:00000000": 99, f"2:{log.entries[2].hash}": 2}
    for pin, entry in pins.items():
        report = verify_lines(proof(log), [pin])
        assert report.fault
        assert report.fault.entry == entry


@pytest.mark.parametrize(
    "pin", ["", "3", "3:abc", "0:abcdef01", "-1:abcdef01", "3:ghijklmn", "3:" + "a" * 65, "x" * 999]
)
def test_a_malformed_pin_is_refused_in_words(pin: str) -> None:
    with pytest.raises(DomainError) as refused:
        verify_lines([], [pin])
    assert refused.value.key == "verify.bad_pin"


def test_a_pin_is_read_as_people_copy_it() -> None:
    log = working_day()
    assert verify_lines(proof(log), [f" #8:{log.entries[7].hash[:12].upper()}\n"]).exit_code == 0


def warned(**changes: Any) -> Report:
    log = working_day()
    log.add(replace(NewEntry(EntryType.EXPORT, START + timedelta(hours=1)), **changes))
    return verify_lines(proof(log))


def test_a_time_that_differs_from_discords_gets_a_warning() -> None:
    fair = act(ANA, 60).interaction_id
    assert warned(interaction=fair).warnings == ()
    assert "away from Discord's own time" in warned(interaction=fair + (6_000 << 22)).words()[-2]
    assert "before the entry that precedes" in warned(at=START - timedelta(days=1)).words()[-2]


def test_a_thousand_warnings_are_summarised() -> None:
    log = Log()
    for number in range(50):
        log.add(NewEntry(EntryType.EXPORT, START - timedelta(minutes=number)))
    report = verify_lines(proof(log))
    assert len(report.warnings) == 21
    assert report.warnings[-1] == "29 more warnings of this kind."


def test_a_log_with_a_replaced_name_is_broken() -> None:
    log = working_day()
    log.entries[2] = replace(log.entries[2], who=make_part(Person.of(ANA).value()))
    report = verify_lines(proof(log))
    assert report.fault
    assert (report.fault.entry, report.fault.what) == (3, "Entry 3: the person was changed")


def test_every_report_says_what_it_cannot_show() -> None:
    log = working_day()
    for pins in ([], [log.entries[-1].receipt], ["1:00000000"]):
        assert "can show" in verify_lines(proof(log), pins).words()[-1]


def test_a_pin_in_the_middle_says_how_far_it_reaches() -> None:
    log = working_day()
    report = verify_lines(proof(log), [log.entries[4].receipt])
    assert (report.pins, report.pinned_to) == (1, 5)
    assert "What came after entry 5 is not pinned." in report.words()
    assert "not pinned" not in " ".join(verify_lines(proof(log), [log.entries[-1].receipt]).words())
