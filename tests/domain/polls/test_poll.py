from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.people import Actor
from domain.polls.checks import check_keeper, check_open, check_reason, check_voter, is_owner
from domain.polls.poll import (
    DETAILS_LENGTH,
    LONGEST,
    QUORUMS,
    REASON_LENGTHS,
    SHORTEST,
    TASK_LENGTH,
    Ballot,
    Choice,
    Ground,
    Hold,
    Poll,
    PollDraft,
    PollResult,
    PollVerdict,
    Tally,
    Vote,
    decide,
)

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
EXECUTION, JUDGMENT, ABSTAIN = Choice.EXECUTION, Choice.JUDGMENT, Choice.ABSTAIN
NO_VOTES = dict.fromkeys(Choice, 0)
VOTES = st.lists(st.tuples(st.sampled_from(Choice), st.booleans()), max_size=25)
QUORUM = st.integers(1, 12)
HOLDS = st.integers(0, 2)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


def tally(
    execution: int = 0, judgment: int = 0, abstain: int = 0, *, owners: tuple[int, int, int] = (0, 0, 0)
) -> Tally:
    everyone, three = (execution, judgment, abstain), (EXECUTION, JUDGMENT, ABSTAIN)
    return Tally(*(NO_VOTES | dict(zip(three, counts, strict=True)) for counts in (everyone, owners)))


def draft(**changes: object) -> PollDraft:
    typed: dict[str, object] = {"task": "Roto", "details": "", "opens_at": START, "closes_at": START + LONGEST}
    return PollDraft.of(**{**typed, **changes})  # type: ignore[arg-type]  # tests name the fields


def poll(*, closes_at: datetime = START + SHORTEST, closed_at: datetime | None = None, **changes: object) -> Poll:
    wanted = draft(closes_at=closes_at, **changes)
    return Poll(1, 2, None, 7, wanted, START, tally(execution=3), closed_at=closed_at)


def refusal(call: object, *args: object, **options: object) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **options)  # type: ignore[operator]  # always a function
    return caught.value.key


@given(VOTES, QUORUM, HOLDS)
def test_execution_wins_exactly_when_every_condition_holds(
    votes: list[tuple[Choice, bool]], quorum: int, holds: int
) -> None:
    said = [choice for choice, _ in votes]
    owners = [choice for choice, owner in votes if owner]
    wins = (
        len(said) >= quorum
        and holds == 0
        and said.count(EXECUTION) > said.count(JUDGMENT)
        and owners.count(JUDGMENT) <= owners.count(EXECUTION)
    )
    outcome = decide(Tally.count(votes), quorum=quorum, open_holds=holds)
    assert (outcome.verdict is PollVerdict.EXECUTION) == wins
    assert (outcome.ground is Ground.MAJORITY) == wins


@given(VOTES, QUORUM, HOLDS)
def test_no_vote_for_judgment_and_no_hold_ever_helps_execution(
    votes: list[tuple[Choice, bool]], quorum: int, holds: int
) -> None:
    assume(len(votes) >= quorum)  # below it a vote of any kind helps to reach the quorum
    if decide(Tally.count(votes), quorum=quorum, open_holds=holds).verdict is PollVerdict.JUDGMENT:
        for owner in (False, True):
            more = Tally.count([*votes, (JUDGMENT, owner)])
            assert decide(more, quorum=quorum, open_holds=holds).verdict is PollVerdict.JUDGMENT
        assert decide(Tally.count(votes), quorum=quorum, open_holds=holds + 1).verdict is PollVerdict.JUDGMENT


@given(VOTES, st.randoms())
def test_a_tally_does_not_depend_on_the_order_of_votes(votes: list[tuple[Choice, bool]], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(votes)
    chance.shuffle(shuffled)
    assert Tally.count(shuffled) == Tally.count(votes)
    assert Tally.count(votes).turnout == len(votes)


@given(VOTES, st.data())
def test_moving_one_vote_counts_as_counting_all_anew(votes: list[tuple[Choice, bool]], data: st.DataObject) -> None:
    def vote(pair: tuple[Choice, bool]) -> Vote:
        return Vote(1, *pair, START)

    new = data.draw(st.tuples(st.sampled_from(Choice), st.booleans()))
    counted = Tally.count(votes)
    assert counted.after_change(None, vote(new)) == Tally.count([*votes, new])
    assert counted.after_change(None, None) == counted
    if votes:
        old, rest = votes[0], votes[1:]
        assert counted.after_change(vote(old), vote(new)) == Tally.count([*rest, new])
        assert counted.after_change(vote(old), None) == Tally.count(rest)
    assert Tally.count(votes) == counted


@pytest.mark.parametrize(
    ("votes", "quorum", "holds", "verdict", "ground"),
    [
        (tally(), 1, 0, PollVerdict.JUDGMENT, Ground.NO_QUORUM),
        (tally(execution=2), 3, 1, PollVerdict.JUDGMENT, Ground.NO_QUORUM),
        (tally(execution=3), 3, 1, PollVerdict.JUDGMENT, Ground.HOLD),
        (tally(execution=2, judgment=2), 3, 0, PollVerdict.JUDGMENT, Ground.NO_MAJORITY),
        (tally(abstain=5), 3, 0, PollVerdict.JUDGMENT, Ground.NO_MAJORITY),
        (tally(execution=5, judgment=2, owners=(1, 2, 0)), 3, 0, PollVerdict.JUDGMENT, Ground.OWNER),
        (tally(execution=5, judgment=2, owners=(2, 2, 0)), 3, 0, PollVerdict.EXECUTION, Ground.MAJORITY),
        (tally(execution=1, abstain=9, owners=(0, 0, 9)), 10, 0, PollVerdict.EXECUTION, Ground.MAJORITY),
    ],
)
def test_the_first_part_of_the_rule_that_fails_is_the_ground(
    votes: Tally, quorum: int, holds: int, verdict: PollVerdict, ground: Ground
) -> None:
    assert decide(votes, quorum=quorum, open_holds=holds) == PollResult(verdict, ground)


def test_an_outcome_once_fixed_outlasts_what_the_votes_would_say_now() -> None:
    fixed = PollResult(PollVerdict.JUDGMENT, Ground.HOLD)
    assert poll().standing.verdict is PollVerdict.EXECUTION
    assert Poll(1, 2, None, 7, draft(), START, tally(execution=3), result=fixed).standing == fixed
    assert Poll(1, 2, None, 7, draft(), START, tally(execution=3), (Hold(1, "Wait", START),)).standing == fixed


@pytest.mark.parametrize(
    ("ballot", "shown_open", "shown_closed"),
    [
        (Ballot.OPEN, (True, True), (True, True)),
        (Ballot.AFTER_CLOSE, (False, False), (True, True)),
        (Ballot.SECRET, (False, False), (True, False)),
    ],
)
def test_a_ballot_shows_counts_and_names_when_it_says(
    ballot: Ballot, shown_open: tuple[bool, bool], shown_closed: tuple[bool, bool]
) -> None:
    running, closed = poll(ballot=ballot), poll(ballot=ballot, closed_at=START)
    assert (running.counts_shown, running.names_shown) == shown_open
    assert (closed.counts_shown, closed.names_shown) == shown_closed


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"task": " \u200b\n "}, "polls.no_task"),
        ({"task": "\u3164 \u2800\u200d"}, "polls.no_task"),
        ({"task": "x" * (TASK_LENGTH + 1)}, "polls.task_too_long"),
        ({"details": "x" * (DETAILS_LENGTH + 1)}, "polls.details_too_long"),
        ({"closes_at": START - timedelta(days=1)}, "polls.closes_too_soon"),
        ({"closes_at": START + SHORTEST - timedelta(seconds=1)}, "polls.closes_too_soon"),
        ({"closes_at": START + LONGEST + timedelta(seconds=1)}, "polls.closes_too_late"),
        ({"quorum": QUORUMS[0] - 1}, "polls.quorum"),
        ({"quorum": QUORUMS[-1] + 1}, "polls.quorum"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(changes: dict[str, object], key: str) -> None:
    assert refusal(draft, **changes) == key


@pytest.mark.parametrize(
    "changes",
    [
        {"task": "x" * TASK_LENGTH, "details": "y" * DETAILS_LENGTH},
        {"closes_at": START + SHORTEST},
        {"closes_at": START + LONGEST},
        {"quorum": QUORUMS[0]},
        {"quorum": QUORUMS[-1]},
    ],
)
def test_limits_themselves_are_allowed(changes: dict[str, object]) -> None:
    opened = draft(**changes)
    assert {name: getattr(opened, name) for name in changes} == changes


@given(st.text(max_size=300), st.text(max_size=1200), INSTANTS, st.integers(-5, 2000))
def test_whatever_is_typed_opens_a_poll_within_limits_or_is_refused(
    task: str, details: str, closes_at: datetime, quorum: int
) -> None:
    try:
        opened = draft(task=task, details=details, closes_at=closes_at, quorum=quorum)
    except DomainError as refused:
        event = refused.key
    else:
        event = ""
        assert 0 < len(opened.task) <= TASK_LENGTH
        assert "\n" not in opened.task
        assert len(opened.details) <= DETAILS_LENGTH
        assert SHORTEST <= opened.closes_at - START <= LONGEST
        assert opened.quorum in QUORUMS
    assert not event or event.startswith("polls.")


def test_a_poll_is_open_until_its_deadline_and_not_at_it() -> None:
    running = poll()
    check_open(running, running.draft.closes_at - timedelta(milliseconds=1))
    assert refusal(check_open, running, running.draft.closes_at) == "polls.closed"
    assert refusal(check_open, poll(closed_at=START), START) == "polls.closed"


def test_the_electorate_is_everyone_or_one_role() -> None:
    gaffer = Actor(1, "Gus", frozenset({4}))
    check_voter(poll(), gaffer)
    check_voter(poll(voter_role_id=4), gaffer)
    assert refusal(check_voter, poll(voter_role_id=5), gaffer) == "polls.not_a_voter"


def test_the_owning_department_is_one_role_or_nobody() -> None:
    gaffer = Actor(1, "Gus", frozenset({4}))
    assert is_owner(poll(owner_role_id=4), gaffer)
    assert not is_owner(poll(owner_role_id=5), gaffer)
    assert not is_owner(poll(), gaffer)


def test_a_poll_is_kept_by_its_opener_and_moderators() -> None:
    check_keeper(poll(), Actor(7, "Opener"))
    check_keeper(poll(), Actor(8, "Moderator", moderator=True))
    assert refusal(check_keeper, poll(), Actor(8, "Somebody")) == "polls.not_yours"


def test_a_reason_says_something_and_is_read_on_a_phone() -> None:
    least, most = REASON_LENGTHS[0], REASON_LENGTHS[-1]
    assert check_reason(f"  {'x' * least}\u202e\0 ") == "x" * least
    assert len(check_reason("x" * most)) == most
    for reason in ("", "x" * (least - 1), " " * 20, "x" * (most + 1)):
        assert refusal(check_reason, reason) == "polls.reason_length"
