from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.entries import EntryType, NewEntry
from domain.errors import DomainError
from domain.people import Actor
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.request import may_sign, open_request
from domain.signoffs.slate import parse_cut
from domain.signoffs.state import SignoffState, Status, fold, withdraw
from domain.text import piece_key
from tests.domain.proof.logs import ANA, BEN, CLEO, COLOURIST, DIRECTOR, DOV, PRODUCER, START, Log, act, person, request

CREW = (ANA, BEN, CLEO)
PRESSES = st.lists(
    st.tuples(st.sampled_from(CREW), st.sampled_from([*SignoffVerdict, "withdraw", "void"])), max_size=12
)


def play(presses: list[tuple[Actor, object]]) -> tuple[Log, SignoffState]:
    """Press the given buttons; what the rules refuse leaves no entry."""
    log = Log()
    asked = log.open()
    for actor, press in presses:
        state = log.state(asked)
        standing = state.decision_of(actor.id)
        with suppress(DomainError):
            if isinstance(press, SignoffVerdict):
                log.decide(asked, actor, press)
            elif press == "withdraw":
                log.add(withdraw(state, standing.seq if standing else 999, act(actor, 5)))
            elif standing:
                log.add(NewEntry(EntryType.VOID, START, refs={"voids": standing.seq}))
    return log, log.state(asked)


def shape(state: SignoffState) -> object:
    """Return the state without entry numbers."""
    said = sorted((entry.person.id if entry.person else 0, entry.verdict or "") for entry in state.standing)
    return state.status, said, state.signed, state.missing_users, state.missing_roles, state.newer


def refusal(call: object, *args: object, **options: object) -> str:
    with pytest.raises(DomainError) as caught:
        call(*args, **options)  # type: ignore[operator]  # always a function
    return caught.value.key


@given(PRESSES, st.randoms())
def test_any_sequence_folds_to_one_state_whatever_order_it_is_read_in(presses: list, chance) -> None:  # type: ignore[no-untyped-def, type-arg]
    log, state = play(presses)
    shuffled = [*log.entries, *log.entries]
    chance.shuffle(shuffled)
    assert fold(state.request, shuffled) == state
    expected: dict[int, SignoffVerdict] = {}
    for actor, press in presses:
        if isinstance(press, SignoffVerdict):
            expected[actor.id] = press
        else:
            expected.pop(actor.id, None)
    assert {entry.person.id: entry.verdict for entry in state.standing if entry.person} == expected


@given(PRESSES, st.permutations(CREW))
def test_the_order_of_independent_people_does_not_matter(presses: list, order: list) -> None:  # type: ignore[type-arg]
    regrouped = [press for actor in order for press in presses if press[0] == actor]
    assert shape(play(presses)[1]) == shape(play(regrouped)[1])


@given(PRESSES, st.data())
def test_erasing_anyone_keeps_the_state(presses: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    log, state = play(presses)
    pairs = [(e.seq, name) for e in log.entries[1:] for name in ("who", "text") if e.part(name)]
    log.erase(*(pair for pair in pairs if data.draw(st.booleans())))
    after = log.state(state.request)
    assert (after.status, after.signed, after.missing_roles) == (state.status, state.signed, state.missing_roles)


@given(PRESSES)
def test_taking_back_a_first_decision_restores_what_was_before(presses: list) -> None:  # type: ignore[type-arg]
    without_ana = [press for press in presses if press[0] != ANA]
    for verdict in SignoffVerdict:
        assert shape(play([*without_ana, (ANA, verdict), (ANA, "withdraw")])[1]) == shape(play(without_ana)[1])


def test_a_cut_is_cleared_when_each_person_and_one_holder_of_each_role_signed() -> None:
    log = Log()
    asked = log.open()
    before = log.state(asked)
    assert (before.status, before.signed, asked.need) == (Status.OPEN, 0, 2)
    assert (before.missing_users, before.missing_roles) == ((person(BEN),), (DIRECTOR,))
    log.decide(asked, CLEO, SignoffVerdict.SIGNED)
    assert log.state(asked).missing_roles == ()
    log.decide(asked, BEN, SignoffVerdict.SIGNED)
    assert (log.state(asked).status, log.state(asked).signed) == (Status.CLEARED, 2)


def test_one_not_yet_outweighs_signatures_and_a_refusal_outweighs_it() -> None:
    log = Log()
    asked = log.open()
    for actor in (ANA, BEN):
        log.decide(asked, actor, SignoffVerdict.SIGNED)
    log.decide(asked, CLEO, SignoffVerdict.REVISE)
    assert log.state(asked).status is Status.REVISE
    log.decide(asked, ANA, SignoffVerdict.DECLINED)
    assert log.state(asked).status is Status.DECLINED


def test_a_smaller_number_of_signers_can_be_enough() -> None:
    log = Log()
    asked = log.open(need=1)
    log.decide(asked, BEN, SignoffVerdict.SIGNED)
    assert log.state(asked).status is Status.CLEARED
    assert log.state(asked).missing_roles == (DIRECTOR,)


def test_one_signature_fills_every_place_its_author_holds() -> None:
    log = Log()
    asked = log.open(users=(person(CLEO),), roles=(DIRECTOR, PRODUCER))
    log.decide(asked, CLEO, SignoffVerdict.SIGNED)
    assert log.state(asked).status is Status.CLEARED


def test_without_signers_the_opener_signs() -> None:
    asked = Log().open(users=(), roles=())
    assert (asked.users, asked.need) == ((person(DOV),), 1)


def test_only_those_named_or_holding_a_role_may_sign() -> None:
    log = Log()
    asked = log.open()
    assert may_sign(asked, BEN.id, ())
    assert may_sign(asked, 999, [DIRECTOR])
    assert not may_sign(asked, 999, [COLOURIST])
    assert refusal(log.decide, asked, DOV, SignoffVerdict.SIGNED) == "signoffs.not_a_signer"


def test_nobody_can_sign_for_an_erased_signer() -> None:
    log = Log()
    asked = log.open()
    log.erase((asked.number, "who"), (asked.number, "work"))
    erased = type(asked).read(log.entries[0])
    assert (erased.users[0].id, erased.piece, erased.cut, erased.need) == (0, "", 0, 2)
    assert not may_sign(erased, 0, ())
    assert not may_sign(erased, BEN.id, ())
    assert log.decide(erased, ANA, SignoffVerdict.SIGNED).value("work") == {}


def test_repeating_an_answer_changes_nothing_unless_it_adds_a_reason() -> None:
    log = Log()
    asked = log.open()
    first = log.decide(asked, BEN, SignoffVerdict.REVISE)
    assert refusal(log.decide, asked, BEN, SignoffVerdict.REVISE) == "signoffs.already"
    second = log.decide(asked, BEN, SignoffVerdict.REVISE, "The sky looks bought.")
    assert second.refs == {"request": asked.number, "supersedes": first.seq}
    assert log.state(asked).standing == (second,)


def test_a_newer_cut_makes_the_older_one_stale_until_it_is_void() -> None:
    log = Log()
    old = log.open()
    log.decide(old, BEN, SignoffVerdict.SIGNED)
    other = log.open(piece="Titles", cut=9)
    new = log.open(piece="SPOT  30S", cut=4)
    late = log.open(cut=2)
    assert (log.state(old).newer, log.state(old).stale) == (new.number, True)
    assert log.state(late).newer == new.number
    assert not log.state(new).stale
    assert not log.state(other).stale
    assert refusal(log.decide, old, ANA, SignoffVerdict.SIGNED) == "signoffs.newer_cut"
    log.add(NewEntry(EntryType.VOID, START, refs={"voids": new.number}))
    assert not log.state(old).stale
    assert refusal(log.decide, new, ANA, SignoffVerdict.SIGNED) == "signoffs.closed"


def test_a_cut_is_superseded_even_when_its_work_was_erased() -> None:
    log = Log()
    old = log.open()
    new = log.add(open_request(request(cut=4), interaction=None, supersedes=old.number))
    log.erase((old.number, "work"), (new.seq, "work"))
    assert log.state(type(old).read(log.entries[0])).newer == new.seq


def test_people_take_back_only_their_own_answers_and_only_once() -> None:
    log = Log()
    asked = log.open()
    entry = log.decide(asked, BEN, SignoffVerdict.SIGNED)
    assert refusal(withdraw, log.state(asked), entry.seq, act(ANA)) == "signoffs.not_yours"
    assert refusal(withdraw, log.state(asked), 999, act(BEN)) == "signoffs.not_standing"
    log.add(withdraw(log.state(asked), entry.seq, act(BEN), "Wrong button"))
    assert log.state(asked).standing == ()
    assert refusal(withdraw, log.state(asked), entry.seq, act(BEN)) == "signoffs.not_standing"


def test_nobody_can_sign_after_the_opener_takes_back_the_request() -> None:
    log = Log()
    asked = log.open()
    assert refusal(withdraw, log.state(asked), asked.number, act(BEN)) == "signoffs.not_yours"
    log.add(withdraw(log.state(asked), asked.number, act(DOV)))
    assert log.state(asked).status is Status.WITHDRAWN
    assert refusal(log.decide, asked, BEN, SignoffVerdict.SIGNED) == "signoffs.closed"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"piece": " \u202e\0 "}, "signoffs.no_piece"),
        ({"piece": "\u3164\u034f\u17b4"}, "signoffs.no_piece"),
        ({"piece": "x" * 500}, "signoffs.piece_too_long"),
        ({"cut": 0}, "signoffs.bad_cut"),
        ({"cut": 10_000}, "signoffs.bad_cut"),
        ({"link": "javascript:alert(1)"}, "signoffs.bad_link"),
        ({"link": "https://"}, "signoffs.bad_link"),
        ({"link": "http://[::1"}, "signoffs.bad_link"),
        ({"link": "https://a b.example/"}, "signoffs.bad_link"),
        ({"link": "https://frame.example@evil.example/"}, "signoffs.bad_link"),
        ({"link": "https://review.example/" + "x" * 500}, "signoffs.link_too_long"),
        ({"link": "https://cdn.discordapp.com/attachments/1/2/a.mov?ex=1"}, "signoffs.link_expires"),
        ({"tools": "t" * 201}, "signoffs.tools_too_long"),
        ({"need": 3}, "signoffs.bad_need"),
        ({"need": -1}, "signoffs.bad_need"),
        ({"roles": tuple(range(1, 30))}, "signoffs.too_many_signers"),
    ],
)
def test_an_impossible_request_is_refused_in_words(changes: dict[str, object], key: str) -> None:
    assert refusal(open_request, request(**changes), interaction=None) == key


def test_a_reason_has_a_limit_and_keeps_its_lines() -> None:
    log = Log()
    asked = log.open()
    assert refusal(log.decide, asked, BEN, SignoffVerdict.REVISE, "x" * 1001) == "signoffs.reason_too_long"
    assert log.decide(asked, BEN, SignoffVerdict.REVISE, " The sky\r\n\u202elooks bought.\0 ").reason == (
        "The sky\nlooks bought."
    )


@given(st.text(max_size=120), st.integers(-5, 12_000), st.text(max_size=40))
def test_any_input_opens_a_request_or_is_refused(piece: str, cut: int, link: str) -> None:
    with suppress(DomainError):
        asked = Log().open(piece=piece, cut=cut, link=link, tools=link)
        assert 0 < len(asked.piece) <= 100
        assert asked.cut == cut in range(1, 10_000)
        assert asked.link == "" or asked.link.startswith("http")


@pytest.mark.parametrize(
    ("text", "piece", "cut"),
    [
        ("v3", "", 3),
        ("cut 3", "", 3),
        ("Spot_30s_v12.mov", "Spot 30s", 12),
        ("Spot 30s - Cut #", "Spot 30s - Cut", None),
        ("spot-30s.V003.MP4", "spot-30s", 3),
        ("Spot v1 to v2", "Spot v1 to", 2),
        ("Morning!\nHere is Titles_version_7.mxf", "Here is Titles", 7),
        ("Spot v0", "Spot v0", None),
        ("Spot v2.1", "Spot v2.1", None),
        ("Director's cut", "Director's cut", None),
        ("dev12 build", "dev12 build", None),
        ("v123456", "v123456", None),
        ("", "", None),
    ],
)
def test_piece_and_cut_are_read_from_names_and_messages(text: str, piece: str, cut: int | None) -> None:
    assert parse_cut(text) == (piece, cut)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    piece, cut = parse_cut(text)
    assert len(piece) <= 100
    assert cut is None or 1 <= cut <= 9999


def test_spellings_of_one_piece_have_one_key() -> None:
    assert piece_key("Café  SPOT") == piece_key("cafe\u0301 spot\u202e")
    assert piece_key("Straße") == piece_key("STRASSE")
    assert piece_key("Spot 30s") != piece_key("Spot 60s")
