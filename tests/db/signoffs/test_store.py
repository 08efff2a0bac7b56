"""Sign-offs on disk: one unit of work for each act, repeats change nothing, servers never meet."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from db.decision_log.store import DecisionStore
from db.engine.database import Database
from db.signoffs.drafts import DRAFTS_KEPT, SignoffDraftStore
from db.signoffs.store import SignoffStore
from domain.decision_log.chain import GENESIS
from domain.decision_log.entries import EntryType
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.choices import AiUse, SignoffVerdict
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import Signoff, Status
from tests.db.decision_log.log_world import CAMERA, DIRECTOR, DP, EDITOR, GAFFER, GUILD, OTHER_GUILD, act, request


@pytest.fixture
def drafts(database: Database) -> SignoffDraftStore:
    return SignoffDraftStore(database)


@pytest.fixture
def store(database: Database) -> SignoffStore:
    return SignoffStore(database)


@pytest.fixture
def log(database: Database) -> DecisionStore:
    return DecisionStore(database)


async def _open(store: SignoffStore, asked: SignoffRequest | None = None) -> int:
    return (await store.open(GUILD, act(EDITOR), asked or request())).entry.seq


def _fill(draft: SignoffRequest) -> SignoffRequest:
    return replace(draft, uses=(AiUse.CONCEPT,), tools="Runway 4")


async def test_all_who_must_sign_clear_a_cut(store: SignoffStore) -> None:
    number = await _open(store, request(roles=(CAMERA,)))
    await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    first = await store.get(GUILD, number)
    assert (first.status, first.signed) == (Status.OPEN, 1)
    await store.answer(GUILD, number, act(DP), SignoffVerdict.SIGNED)
    second = await store.get(GUILD, number)
    assert (second.status, second.signed) == (Status.CLEARED, 2)


async def test_a_receipt_names_the_entry_and_its_hash(store: SignoffStore, log: DecisionStore) -> None:
    number = await _open(store)
    signed = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    total, head = await log.head(GUILD)
    assert signed.entry.receipt == f"{total}:{head[:12]}"


async def test_a_stranger_leaves_no_trace(store: SignoffStore, log: DecisionStore) -> None:
    number = await _open(store)
    before = await log.head(GUILD)
    with pytest.raises(DomainError, match=r"signoffs\.not_a_signer"):
        await store.answer(GUILD, number, act(GAFFER), SignoffVerdict.SIGNED)
    assert await log.head(GUILD) == before


async def test_a_repeated_interaction_changes_nothing_and_answers_the_same(
    store: SignoffStore, log: DecisionStore
) -> None:
    number = await _open(store)
    presses: dict[str, Callable[[Act], Awaitable[Signoff]]] = {
        "open": lambda once: store.open(GUILD, once, request(cut=1)),
        "answer": lambda once: store.answer(GUILD, number + 1, once, SignoffVerdict.REVISE),
        "why": lambda once: store.add_reason(GUILD, number + 1, once, "The grade is off"),
        "withdraw": lambda once: store.withdraw(GUILD, number + 3, once),
    }
    for name, press in presses.items():
        once = act(EDITOR if name == "open" else DIRECTOR)
        first = await press(once)
        head = await log.head(GUILD)
        again = await press(once)
        assert (name, again) == (name, first)
        assert await log.head(GUILD) == head


async def test_a_reason_replaces_the_answer_without_one(store: SignoffStore, log: DecisionStore) -> None:
    number = await _open(store)
    bare = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.REVISE)
    why = await store.add_reason(GUILD, number, act(DIRECTOR), "Six fingers in shot 4")
    assert why.entry.refs["supersedes"] == bare.entry.seq
    assert [entry.reason for entry in (await store.get(GUILD, number)).standing] == ["Six fingers in shot 4"]
    assert (await log.entry(GUILD, bare.entry.seq)).reason == ""


async def test_no_reason_without_an_answer(store: SignoffStore) -> None:
    number = await _open(store)
    with pytest.raises(DomainError, match=r"signoffs\.no_decision"):
        await store.add_reason(GUILD, number, act(DIRECTOR), "because")


async def test_withdrawing_adds_an_entry_and_takes_the_name_off(store: SignoffStore, log: DecisionStore) -> None:
    number = await _open(store)
    signed = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    await store.withdraw(GUILD, signed.entry.seq, act(DIRECTOR), "Wrong file")
    state = await store.get(GUILD, number)
    assert (state.status, state.standing) == (Status.OPEN, ())
    assert (await log.entry(GUILD, signed.entry.seq)) == signed.entry
    with pytest.raises(DomainError, match=r"signoffs\.not_standing"):
        await store.withdraw(GUILD, signed.entry.seq, act(DIRECTOR))


async def test_only_the_author_takes_an_answer_back(store: SignoffStore) -> None:
    number = await _open(store)
    signed = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    with pytest.raises(DomainError, match=r"signoffs\.not_yours"):
        await store.withdraw(GUILD, signed.entry.seq, act(EDITOR))


async def test_a_newer_cut_makes_the_older_one_stale(store: SignoffStore) -> None:
    first = await _open(store, request("Harbour 30s", 1))
    second = await store.open(GUILD, act(EDITOR), request(" harbour  30S ", 2))
    assert second.entry.refs["supersedes"] == first
    assert (await store.get(GUILD, first)).newer == second.entry.seq
    with pytest.raises(DomainError, match=r"signoffs\.newer_cut"):
        await store.answer(GUILD, first, act(DIRECTOR), SignoffVerdict.SIGNED)


async def test_an_older_cut_is_stale_from_the_start(store: SignoffStore) -> None:
    newest = await _open(store, request(cut=3))
    late = await store.open(GUILD, act(EDITOR), request(cut=2))
    assert late.state.newer == newest
    assert not (await store.get(GUILD, newest)).stale


async def test_taking_the_newer_cut_back_revives_the_older(store: SignoffStore) -> None:
    first = await _open(store)
    second = await _open(store, request(cut=2))
    await store.withdraw(GUILD, second, act(EDITOR))
    assert not (await store.get(GUILD, first)).stale
    assert (await store.status(GUILD, "Harbour 30s")).request.number == first
    third = await store.open(GUILD, act(EDITOR), request(cut=3))
    assert third.entry.refs["supersedes"] == first


async def test_status_finds_the_newest_cut_however_the_piece_is_spelled(store: SignoffStore) -> None:
    newest = await _open(store, request("Ouvertüre", 12))
    await _open(store, request("Ouvertüre", 3))
    assert (await store.status(GUILD, "OUVERTU\u0308RE")).request.number == newest
    with pytest.raises(DomainError, match=r"signoffs\.unknown_piece"):
        await store.status(GUILD, "Overture")


async def test_a_draft_opens_once_and_for_its_author_alone(
    store: SignoffStore, drafts: SignoffDraftStore, log: DecisionStore
) -> None:
    command = act(EDITOR)
    await drafts.keep(GUILD, command, request(roles=(CAMERA,)))
    with pytest.raises(DomainError, match=r"signoffs\.not_your_draft"):
        await store.open_draft(GUILD, command.interaction_id, act(GAFFER), _fill)
    with pytest.raises(DomainError, match=r"signoffs\.draft_gone"):
        await store.open_draft(OTHER_GUILD, command.interaction_id, act(EDITOR), _fill)
    assert await log.head(GUILD) == (0, GENESIS)
    sent = act(EDITOR)
    opened = await store.open_draft(GUILD, command.interaction_id, sent, _fill)
    asked = opened.request
    assert (asked.piece, asked.tools, asked.roles, asked.users[0].name) == (
        "Harbour 30s",
        "Runway 4",
        (CAMERA,),
        "Mara",
    )
    assert (await store.open_draft(GUILD, command.interaction_id, sent, _fill)).entry == opened.entry
    with pytest.raises(DomainError, match=r"signoffs\.draft_gone"):
        await store.open_draft(GUILD, command.interaction_id, act(EDITOR), _fill)


async def test_drafts_nobody_sent_are_swept(store: SignoffStore, drafts: SignoffDraftStore) -> None:
    forgotten, later = act(EDITOR), act(EDITOR)
    await drafts.keep(GUILD, forgotten, request())
    await drafts.keep(GUILD, replace(later, at=forgotten.at + 2 * DRAFTS_KEPT), request())
    with pytest.raises(DomainError, match=r"signoffs\.draft_gone"):
        await store.open_draft(GUILD, forgotten.interaction_id, act(EDITOR), _fill)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ({"piece": "x" * 500}, "signoffs.piece_too_long"),
        ({"piece": "\u200e\n"}, "signoffs.no_piece"),
        ({"cut": 10_000}, "signoffs.bad_cut"),
        ({"link": "file:///etc/passwd"}, "signoffs.bad_link"),
        ({"roles": tuple(range(30))}, "signoffs.too_many_signers"),
    ],
)
async def test_a_draft_that_cannot_be_is_refused_before_its_form(
    drafts: SignoffDraftStore, fault: dict[str, object], key: str
) -> None:
    with pytest.raises(DomainError, match=key):
        await drafts.keep(GUILD, act(EDITOR), replace(request(), **fault))  # type: ignore[arg-type]  # by name


async def test_waiting_holds_what_one_has_still_to_answer(store: SignoffStore) -> None:
    old = await _open(store, request(cut=1))
    new = await _open(store, request(cut=2))
    other = await _open(store, request("Teaser", roles=(CAMERA,)))

    async def waiting_for(who: Act) -> list[int]:
        return [state.request.number for state in await store.waiting(GUILD, who.actor)]

    assert await waiting_for(act(DIRECTOR)) == [other, new]
    assert await waiting_for(act(DP)) == [other]
    assert await waiting_for(act(GAFFER)) == []
    await store.answer(GUILD, new, act(DIRECTOR), SignoffVerdict.REVISE)
    assert await waiting_for(act(DIRECTOR)) == [other]
    assert old not in await waiting_for(act(DIRECTOR))


async def test_own_lists_what_can_be_taken_back(store: SignoffStore) -> None:
    number = await _open(store)
    await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.REVISE)
    signed = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    assert [entry.seq for entry in await store.own(GUILD, DIRECTOR.id)] == [signed.entry.seq]
    assert [entry.type for entry in await store.own(GUILD, EDITOR.id)] == [EntryType.REQUEST]
    await store.withdraw(GUILD, signed.entry.seq, act(DIRECTOR))
    assert await store.own(GUILD, DIRECTOR.id) == []


async def test_pieces_are_suggested_latest_first_and_once(store: SignoffStore) -> None:
    for piece in ("Harbour 30s", "Teaser", "HARBOUR 30s"):
        await _open(store, request(piece))
    assert await store.pieces(GUILD, "") == ["HARBOUR 30s", "Teaser"]
    assert await store.pieces(GUILD, "tea") == ["Teaser"]
    assert await store.pieces(OTHER_GUILD, "") == []


async def test_where_a_card_stands_is_remembered(store: SignoffStore) -> None:
    number = await _open(store)
    assert await store.message(GUILD, number) is None
    await store.set_message(GUILD, number, 5, 6)
    await store.set_message(GUILD, number, 5, 7)
    assert await store.message(GUILD, number) == (5, 7)
    assert await store.message(OTHER_GUILD, number) is None


async def test_cards_to_redraw_are_those_of_recent_entries_and_of_cuts_they_made_stale(store: SignoffStore) -> None:
    first = await _open(store)
    await _open(store, request("Teaser"))
    second = await store.open(GUILD, act(EDITOR), request(cut=2))
    assert await store.to_redraw(second.entry.at) == [(GUILD, second.entry.seq), (GUILD, first)]
    assert await store.to_redraw(act(EDITOR).at) == []


async def test_no_number_reaches_another_servers_sign_off(store: SignoffStore, log: DecisionStore) -> None:
    number = await _open(store)
    signed = await store.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    before = await log.head(GUILD)
    for attempt in (
        lambda: store.get(OTHER_GUILD, number),
        lambda: store.answer(OTHER_GUILD, number, act(DIRECTOR), SignoffVerdict.DECLINED),
        lambda: store.add_reason(OTHER_GUILD, number, act(DIRECTOR), "because"),
        lambda: store.withdraw(OTHER_GUILD, signed.entry.seq, act(DIRECTOR)),
        lambda: store.status(OTHER_GUILD, "Harbour 30s"),
    ):
        with pytest.raises(DomainError, match=r"signoffs\.(unknown|unknown_piece|not_standing)"):
            await attempt()
    assert await store.waiting(OTHER_GUILD, DIRECTOR) == []
    assert await store.own(OTHER_GUILD, DIRECTOR.id) == []
    assert await log.head(GUILD) == before
    assert await log.head(OTHER_GUILD) == (0, GENESIS)


async def test_presses_at_the_same_moment_all_find_their_place_in_the_chain(
    store: SignoffStore, log: DecisionStore
) -> None:
    number = await _open(store, request(roles=(CAMERA,)))
    presses = [
        (DIRECTOR, SignoffVerdict.SIGNED),
        (DP, SignoffVerdict.SIGNED),
        (DIRECTOR, SignoffVerdict.REVISE),
        (DP, SignoffVerdict.DECLINED),
    ]
    done = await asyncio.gather(*(store.answer(GUILD, number, act(who), verdict) for who, verdict in presses))
    assert [signoff.entry.seq for signoff in done] == [3, 4, 5, 6]
    assert (await store.get(GUILD, number)).status is Status.DECLINED
