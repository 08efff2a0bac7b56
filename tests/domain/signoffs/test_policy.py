"""Policies: which one holds for a piece, how changes apply, and that none clears a cut without its signers."""

from contextlib import suppress
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.entries import EntryType, NewEntry
from domain.errors import DomainError
from domain.people import Actor
from domain.signoffs.choices import AiUse, ClientTold, SignoffVerdict
from domain.signoffs.policy import Policy, PolicyChange, change_policy, policy_for, standing_policies
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import SignoffState, Status, fold, tell_client, withdraw
from domain.text import piece_key
from tests.domain.proof.logs import ANA, BEN, CLEO, COLOURIST, DIRECTOR, DOV, PRODUCER, START, Log, act, person

CREW = (ANA, BEN, CLEO, DOV)
POLICIES = st.builds(
    lambda roles, need, maker, told: Policy("*", tuple(roles), min(need, len(roles)), maker, told, 1),
    st.lists(st.sampled_from([DIRECTOR, COLOURIST, PRODUCER]), min_size=1, max_size=3, unique=True),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(CREW), st.sampled_from([*SignoffVerdict, "why", "withdraw", "void", "told", "cut", "policy"])
    ),
    max_size=14,
)


def policy(pattern: str, number: int = 1) -> Policy:
    return Policy(pattern, (DIRECTOR,), 1, number=number)


@pytest.mark.parametrize(
    ("piece", "patterns", "holds"),
    [
        ("Harbour 30s", ["*", "Harbour*", "Harbour 30s"], "Harbour 30s"),
        ("HARBOUR  30S", ["*", "Harbour*", "harbour 30s"], "harbour 30s"),
        ("Harbour 60s", ["*", "Harbour*", "Harbour 30s"], "Harbour*"),
        ("Harbour 60s", ["*60s", "Harbour*"], "Harbour*"),
        ("Harbour 60s", ["Harbour*", "Harbour ?0s"], "Harbour ?0s"),
        ("Teaser", ["*", "Harbour*"], "*"),
        ("Teaser", ["Harbour*"], None),
        ("Spot [EN]", ["Spot [EN]"], "Spot [EN]"),
        ("Spot E", ["Spot [EN]"], None),
        ("Straße", ["STRASSE"], "STRASSE"),
        ("Café", ["CAFE\u0301"], "CAFE\u0301"),
        ("Har\u2062bour 30s", ["Harbour*", "*"], "Harbour*"),
        ("Harbour\u3164 30s", ["Harbour 30s", "*"], "Harbour 30s"),
        ("Mara\u2019s cut", ["Mara's*", "*"], "Mara's*"),
        ("Mara's cut", ["Mara\u2019s*", "*"], "Mara\u2019s*"),
        ("Harbour \u2013 30s", ["Harbour-30s", "*"], "Harbour-30s"),
        ("Spot v12", ["Spot v1.2", "*"], "*"),
        ("C++", ["C", "*"], "*"),
        ("Who? 30s", ["Who? 30s", "*"], "Who? 30s"),
        ("Harbour - 30s", ["Harbour * 30s", "*"], "Harbour * 30s"),
        ("\U0001f3ac Harbour", ["\U0001f3ac*", "*"], "\U0001f3ac*"),
        ("Harbour", ["\U0001f3ac*", "*"], "*"),
    ],
)
def test_the_most_specific_pattern_holds(piece: str, patterns: list[str], holds: str | None) -> None:
    for order in (patterns, patterns[::-1]):
        found = policy_for(piece, map(policy, order))
        assert (found and found.pattern) == holds


def test_the_newest_of_equally_specific_patterns_holds() -> None:
    found = policy_for("ab", [policy("a*", 4), policy("*b", 3)])
    assert found
    assert found.number == 4


@given(st.text(max_size=100), st.text("ab*?[]!\\ ", max_size=100))
def test_any_pattern_answers_for_any_piece(piece: str, pattern: str) -> None:
    assert policy(pattern).fits(piece) in {True, False}
    assert policy("*").fits(piece)


@given(st.text(max_size=100), st.text("ab*?[]!\\ ", max_size=100))
def test_what_matched_as_it_was_typed_still_matches(piece: str, pattern: str) -> None:
    typed = fnmatchcase(piece_key(piece), piece_key(pattern).replace("[", "[[]"))
    assert policy(pattern).fits(piece) >= typed


def test_a_pattern_designed_to_be_slow_is_fast() -> None:
    assert not policy("a*" * 49 + "b").fits("a" * 100)


def changed(log: Log, **change: object) -> tuple[Policy, ...]:
    wanted = PolicyChange(**change)  # type: ignore[arg-type]  # tests name the fields
    log.add(change_policy(wanted, standing_policies(log.entries), act(ANA)))
    return standing_policies(log.entries)


def test_changes_add_up_and_the_newest_for_a_pattern_stands() -> None:
    log = Log()
    (first,) = changed(log, pattern="Harbour*", roles=(DIRECTOR, PRODUCER))
    assert (first.need, first.maker_may_sign, first.disclosure) == (2, True, False)
    (second,) = changed(log, pattern=" harbour* ", maker_may_sign=False, disclosure=True)
    assert (second.roles, second.need, second.maker_may_sign) == ((DIRECTOR, PRODUCER), 2, False)
    (third,) = changed(log, pattern="Harbour*", roles=(DIRECTOR, PRODUCER, COLOURIST))
    assert third.need == 3, "a policy for all stays one for all"
    (fourth,) = changed(log, pattern="Harbour*", need=2)
    assert fourth.need == 2
    assert changed(log, pattern="HARBOUR*", roles=()) == ()


def test_a_pattern_is_changed_in_any_spelling_that_looks_the_same() -> None:
    log = Log()
    changed(log, pattern="Mara's*", roles=(DIRECTOR,))
    (only,) = changed(log, pattern="MARA\u2019S*", roles=(PRODUCER,))
    assert (only.pattern, only.roles) == ("Mara's*", (PRODUCER,))
    assert changed(log, pattern="Mara\u02bcs\u2062*", roles=()) == ()


def test_policies_that_were_set_as_two_stay_two() -> None:
    log = Log()
    for pattern, role in (("Mara's*", DIRECTOR), ("Mara\u2019s*", PRODUCER)):
        log.add(change_policy(PolicyChange(pattern, (role,)), (), act(ANA)))
    assert {policy.roles for policy in standing_policies(log.entries)} == {(DIRECTOR,), (PRODUCER,)}
    assert [policy.roles for policy in changed(log, pattern="Mara's*", roles=())] == [(PRODUCER,)]
    assert changed(log, pattern="Mara's*", roles=()) == ()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"pattern": " "}, "signoffs.no_piece"),
        ({"pattern": "\u2800 \u2062"}, "signoffs.no_piece"),
        ({"pattern": "x" * 101, "roles": (1,)}, "signoffs.piece_too_long"),
        ({"pattern": "*"}, "signoffs.policy_signers"),
        ({"pattern": "*", "roles": ()}, "signoffs.no_policy"),
        ({"pattern": "*", "roles": (1,), "need": 2}, "signoffs.bad_need"),
        ({"pattern": "*", "roles": (1,), "need": -1}, "signoffs.bad_need"),
        ({"pattern": "*", "roles": tuple(range(11))}, "signoffs.policy_roles"),
    ],
)
def test_an_impossible_policy_is_refused_in_words(change: dict[str, object], key: str) -> None:
    with pytest.raises(DomainError) as caught:
        changed(Log(), **change)
    assert caught.value.key == key


def step(log: Log, asked: SignoffRequest, actor: Actor, press: object) -> None:
    """Do one thing as a person; what the rules refuse leaves no entry."""
    state, now = log.state(asked), act(actor, len(log.entries))
    own = state.decision_of(actor.id)
    if isinstance(press, SignoffVerdict):
        log.decide(asked, actor, press)
    elif press == "why" and own:
        log.decide(
            asked, actor, next(verdict for verdict in SignoffVerdict if verdict == own.verdict), f"{len(log.entries)}"
        )
    elif press == "told":
        log.add(tell_client(state, now))
    elif press == "withdraw":
        log.add(withdraw(state, own.seq if own else (state.told or log.entries[0]).seq, now))
    elif press == "policy":
        log.add(change_policy(PolicyChange("*", (PRODUCER,)), (), now))
    elif press == "void" and own:
        log.add(NewEntry(EntryType.VOID, START, refs={"voids": own.seq}))
    else:
        open_newer(log, void=actor is DOV)


def open_newer(log: Log, *, void: bool) -> None:
    newer = log.open(cut=4)
    if void:
        log.add(NewEntry(EntryType.VOID, START, refs={"voids": newer.number}))


@given(POLICIES, st.booleans(), STEPS, st.randoms())
def test_no_policy_clears_with_somebody_missing_whatever_happened(  # type: ignore[no-untyped-def]
    rule: Policy, named: bool, steps: list[tuple[Actor, object]], chance
) -> None:
    log = Log()
    users = (person(BEN),) if named else ()
    asked = log.open(policy=rule, users=users, roles=(), uses=(AiUse.GRADE,), client_told=ClientTold.NOT_KNOWN)
    for actor, press in steps:
        with suppress(DomainError):
            step(log, asked, actor, press)
    state = log.state(asked)
    shuffled = [*log.entries, *log.entries]
    chance.shuffle(shuffled)
    assert fold(asked, shuffled) == state
    assert (state.status is Status.CLEARED) == _holds(rule, users != (), state)


def _holds(rule: Policy, named: bool, state: SignoffState) -> bool:
    """Compute in another way, from who has signed, whether the policy is met."""
    verdicts = {entry.person.id: entry.verdict for entry in state.standing if entry.person}
    signed = [actor for actor in CREW if verdicts.get(actor.id) == SignoffVerdict.SIGNED]
    assert rule.maker_may_sign or DOV not in signed
    filled = sum(any(role in actor.role_ids for actor in signed) for role in rule.roles)
    told = not rule.disclosure or state.told is not None
    refused = set(verdicts.values()) & {SignoffVerdict.REVISE, SignoffVerdict.DECLINED}
    return filled >= rule.need and (not named or BEN in signed) and told and not refused and state.in_force


def test_an_erasure_never_loosens_a_policy() -> None:
    log = Log()
    rule = Policy("*", (DIRECTOR,), 1, disclosure=True, number=1)
    asked = log.open(policy=rule, users=(), roles=(), uses=(AiUse.GRADE,), client_told=ClientTold.NOT_KNOWN)
    log.decide(asked, ANA, SignoffVerdict.SIGNED)
    log.erase((asked.number, "who"), (asked.number, "work"))
    erased = SignoffRequest.read(log.entries[asked.number - 1])
    assert (erased.policy, erased.need, erased.uses) == (rule, 1, ())
    assert log.state(erased).status is Status.OPEN


def test_only_those_involved_say_that_the_client_was_told_and_only_once() -> None:
    log = Log()
    rule = Policy("*", (DIRECTOR,), 1, disclosure=True, number=1)
    asked = log.open(policy=rule, users=(), roles=(), client_told=ClientTold.NOT_KNOWN)
    with pytest.raises(DomainError, match=r"signoffs\.not_teller"):
        tell_client(log.state(asked), act(BEN))
    told = log.add(tell_client(log.state(asked), act(DOV)))
    with pytest.raises(DomainError, match=r"signoffs\.told_already"):
        tell_client(log.state(asked), act(ANA))
    with pytest.raises(DomainError, match=r"signoffs\.not_yours"):
        withdraw(log.state(asked), told.seq, act(ANA))
    log.add(withdraw(log.state(asked), told.seq, act(DOV)))
    assert log.state(asked).client_told is ClientTold.NOT_KNOWN
