from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.entries import Person, seal
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.polls.outcomes import (
    CONDITIONS_LENGTH,
    NOTE_LENGTH,
    OutcomeRecord,
    close_entry,
    dissent,
    record_entry,
    task_key,
)
from domain.polls.poll import REASON_LENGTHS, Ballot, Choice, Hold, Poll, PollDraft, PollVerdict, Tally, Vote, decide
from tests.domain.proof.logs import START

LENA = Person(7, "Lena")
LONGEST = "\U0001f3ac" * REASON_LENGTHS[-1]  # four bytes each


def closed(votes: list[Vote], *, holds: tuple[Hold, ...] = (), ballot: Ballot = Ballot.OPEN) -> Poll:
    draft = PollDraft("Pick the take", "", START, 1, ballot, owner_role_id=3)
    tally = Tally.count((vote.choice, vote.owner) for vote in votes)
    outcome = decide(tally, quorum=1, open_holds=len(holds))
    return Poll(1, 2, None, LENA.id, draft, START, tally, holds, START, result=outcome)


def vote(choice: Choice, reason: str | None = None) -> Vote:
    return Vote(8, choice, owner=False, voted_at=START, reason=reason)


def test_wordings_that_differ_in_case_spaces_and_full_stop_are_one_task() -> None:
    wordings = ("Pick the take", " pick  THE take.", "PICK THE TAKE . ")
    assert {task_key(task) for task in wordings} == {"pick the take"}
    assert task_key("Pick the take") != task_key("Pick the takes")


@pytest.mark.parametrize("verdict", PollVerdict)
def test_dissent_is_the_other_side_with_its_reasons(verdict: PollVerdict) -> None:
    votes = [vote(choice, reason) for choice in Choice for reason in (None, f"Because {choice}")]
    other = Choice.JUDGMENT if verdict is PollVerdict.EXECUTION else Choice.EXECUTION
    assert [found.reason for found in dissent(verdict, votes)] == [f"Because {other}"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"conditions": "x" * (CONDITIONS_LENGTH + 1)}, "conditions_too_long"),
        ({"note": "x" * (NOTE_LENGTH + 1)}, "note_too_long"),
        ({"review_at": START}, "review_too_soon"),
        ({"review_at": START + timedelta(days=6 * 366)}, "review_too_late"),
    ],
)
def test_what_cannot_be_recorded_is_refused(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(DomainError, match=key):
        OutcomeRecord.of(LENA, at=START, **changes)


@given(st.integers(0, 60), st.integers(0, 20), st.sampled_from(Choice))
def test_the_longest_words_of_any_number_of_people_fit_into_an_entry(voters: int, holders: int, choice: Choice) -> None:
    holds = tuple(Hold(number, LONGEST, START) for number in range(holders))
    votes = [vote(choice, LONGEST) for _ in range(voters)]
    poll = closed(votes, holds=holds)
    entry = seal(close_entry(poll, LENA, None, votes=votes, link="", supersedes=()), log_id="ab" * 16, seq=1)
    assert entry.facts["turnout"] == voters
    record = OutcomeRecord.of(
        LENA, at=START, conditions="\U0001f3ac" * CONDITIONS_LENGTH, note="\U0001f3ac" * NOTE_LENGTH
    )
    act = Act(1, START, Actor(7, "Lena"))
    recorded = record_entry(poll, record, act, link="", supersedes=(1,))
    assert seal(recorded, log_id="ab" * 16, seq=2, prev=entry.hash).reason == record.note


def test_text_that_was_typed_is_cleaned() -> None:
    record = OutcomeRecord.of(LENA, at=START, conditions=" wide\u202e shots\x00 ", note="\u200b")
    assert (record.conditions, record.note) == ("wide shots", "")
