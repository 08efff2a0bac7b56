import json
from datetime import datetime, timedelta, timezone

import pytest

from domain.decision_log.chain import GENESIS, canon, digest, link
from domain.decision_log.entries import ERASED, QUESTION, EntryType, LogEntry, NewEntry, Person, ask_question, seal
from domain.signoffs.choices import SignoffVerdict
from tests.domain.proof.logs import ANA, START, working_day

LOG = "ab" * 16
KEYS = {"v", "log", "seq", "type", "at", "interaction", "verdict", "question", "refs", "who", "work", "text", "facts"}


def test_every_body_has_the_same_thirteen_keys_in_canonical_form() -> None:
    for entry in working_day().entries:
        assert set(entry.data) == KEYS
        assert canon(json.loads(entry.body)) == entry.body


def test_an_entry_is_linked_to_the_one_before_it() -> None:
    prev = GENESIS
    for entry in working_day().entries:
        assert (entry.prev, entry.hash) == (prev, link(prev, digest(entry.body)))
        prev = entry.hash


def test_no_body_names_a_person() -> None:
    for entry in working_day().entries:
        assert not any(word in entry.body for word in ("Ana", "Ben", "Cleo", "Dov", '"101"', "Spot 30s", "bought"))


def test_an_entry_contains_its_draft() -> None:
    decision = working_day().entries[2]
    assert (decision.type, decision.verdict, decision.refs) == (
        EntryType.DECISION,
        SignoffVerdict.REVISE,
        {"request": 2},
    )
    assert decision.person == Person(102, "Ben", ("Colourist",))
    assert decision.value("work") == {"piece": "Spot 30s", "cut": 3}
    assert decision.reason == "The sky looks bought."
    assert decision.data["question"] == {"id": QUESTION.id, "sha256": QUESTION.sha256}
    assert decision.receipt == f"3:{decision.hash[:12]}"


def test_an_erased_part_differs_from_one_that_never_existed() -> None:
    log = working_day()
    log.erase((3, "who"), (3, "text"))
    entry = log.entries[2]
    assert entry.is_erased("who")
    assert (entry.person, entry.reason, entry.value("who")) == (ERASED, "", {})
    assert not entry.is_erased("work")
    assert log.entries[0].person is None
    assert not log.entries[0].is_erased("who")


def test_times_are_stored_in_utc_to_the_millisecond() -> None:
    at = datetime(2026, 11, 20, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    entry = seal(ask_question(at), log_id=LOG, seq=1)
    assert entry.data["at"] == "2026-11-20T10:00:00.999Z"
    assert entry.at == at.replace(microsecond=999_000)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal(ask_question(START.replace(tzinfo=None)), log_id=LOG, seq=1)


def test_a_body_that_no_verifier_would_read_is_refused() -> None:
    erases = [[number, "who"] for number in range(40_000)]
    with pytest.raises(ValueError, match="too large"):
        seal(NewEntry(EntryType.ERASED, START, refs={"erases": erases}), log_id=LOG, seq=1)


def test_a_name_of_control_characters_becomes_the_id() -> None:
    assert Person(7, "\u202e\0\ud800").value()["name"] == "7"
    assert Person.read(Person.of(ANA).value()) == Person(101, "Ana", ("Director",))


def test_a_stored_entry_reads_back_equal() -> None:
    for entry in working_day().entries:
        parts = {"who": entry.who, "work": entry.work, "text": entry.text}
        assert LogEntry.read(entry.body, hash=entry.hash, prev=entry.prev, **parts) == entry


def test_the_question_fits_where_discord_shows_it_and_is_kept_once() -> None:
    assert len(QUESTION.title) <= 45
    assert len(QUESTION.detail) <= 95
    kept = working_day().entries[0]
    assert kept.facts == QUESTION.facts
    assert digest(canon(kept.facts)) == QUESTION.sha256
