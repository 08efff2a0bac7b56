"""Forms of sign-offs on disk: what they show first, who is asked, what a refused one keeps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from db.engine.database import Database
from db.signoffs.drafts import SignoffDraftStore
from db.signoffs.policies import PolicyStore
from db.signoffs.store import SignoffStore
from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.choices import AiUse, ClientTold, Flag, SignoffVerdict
from domain.signoffs.policy import PolicyChange
from domain.signoffs.request import SignoffRequest
from domain.signoffs.slate_reader import Slate
from tests.db.decision_log.log_world import CAMERA, DP, EDITOR, GAFFER, GUILD, OTHER_GUILD, act, request

PRODUCTION = 88


@pytest.fixture
def drafts(database: Database) -> SignoffDraftStore:
    return SignoffDraftStore(database)


@pytest.fixture
def store(database: Database) -> SignoffStore:
    return SignoffStore(database)


@pytest.fixture
def policies(database: Database) -> PolicyStore:
    return PolicyStore(database)


def blank(by: Act, piece: str = "Harbour 30s", cut: int = 1) -> SignoffRequest:
    return SignoffRequest(0, by.at, piece, cut, Person.of(by.actor))


def names(asked: SignoffRequest) -> tuple[list[str], tuple[int, ...]]:
    return [user.name for user in asked.users], asked.roles


async def test_a_form_shows_what_was_said_of_the_pieces_last_cut(
    store: SignoffStore, drafts: SignoffDraftStore
) -> None:
    said = {
        "uses": (AiUse.GRADE, AiUse.BROLL),
        "tools": "Resolve",
        "client_told": ClientTold.TOLD,
        "flags": (Flag.FINAL,),
    }
    await store.open(GUILD, act(EDITOR), replace(request(), **said))  # type: ignore[arg-type]  # by name
    await store.open(GUILD, act(EDITOR), request("Teaser"))
    shown = await drafts.keep(GUILD, act(GAFFER), request(" HARBOUR 30s ", cut=2))
    assert (set(shown.uses), shown.tools, shown.client_told, shown.flags) == (
        set(said["uses"]),
        "Resolve",
        ClientTold.TOLD,
        (Flag.FINAL,),
    )
    elsewhere = await drafts.keep(OTHER_GUILD, act(EDITOR), request())
    assert (elsewhere.uses, elsewhere.tools) == ((), "")


async def test_who_was_asked_last_time_is_asked_again_else_the_opener(store: SignoffStore) -> None:
    first = await store.open(GUILD, act(EDITOR), blank(act(EDITOR)))
    assert names(first.request) == (["Lena"], ())
    await store.open(GUILD, act(EDITOR), request("Teaser", roles=(CAMERA,)))
    again = await store.open(GUILD, act(GAFFER), blank(act(GAFFER), "teaser", 2))
    assert names(again.request) == (["Mara"], (CAMERA,))
    await store.withdraw(GUILD, again.entry.seq, act(GAFFER))
    other = await store.open(GUILD, act(EDITOR), replace(request("Teaser", 3), users=(Person.of(DP),)))
    await store.withdraw(GUILD, other.entry.seq, act(EDITOR))
    third = await store.open(GUILD, act(EDITOR), blank(act(EDITOR), "Teaser", 4))
    assert names(third.request) == (["Mara"], (CAMERA,)), "a request that was taken back is no example"


async def test_a_policy_goes_before_last_time_and_is_frozen_in_the_request(
    store: SignoffStore, policies: PolicyStore
) -> None:
    await store.open(GUILD, act(EDITOR), request())
    await policies.change(GUILD, act(GAFFER), PolicyChange("harbour*", (CAMERA, PRODUCTION), need=1))
    opened = await store.open(GUILD, act(EDITOR), blank(act(EDITOR), cut=2))
    assert names(opened.request) == ([], (CAMERA, PRODUCTION))
    await policies.change(GUILD, act(GAFFER), PolicyChange("harbour*", ()))
    state = await store.get(GUILD, opened.entry.seq)
    assert state.request.policy is not None
    assert (state.request.policy.pattern, state.request.need) == ("harbour*", 1)
    await store.answer(GUILD, opened.entry.seq, act(DP), SignoffVerdict.SIGNED)
    assert (await store.get(GUILD, opened.entry.seq)).signed == 1


async def test_roles_that_are_gone_are_asked_no_more(
    store: SignoffStore, drafts: SignoffDraftStore, policies: PolicyStore
) -> None:
    await store.open(GUILD, act(EDITOR), request(roles=(CAMERA,)))
    command = act(EDITOR)
    await drafts.keep(GUILD, command, blank(command, cut=2))
    opened = await store.open_draft(GUILD, command.interaction_id, act(EDITOR), lambda draft: draft, {PRODUCTION})
    assert names(opened.request) == (["Mara"], ())
    await policies.change(GUILD, act(GAFFER), PolicyChange("*", (CAMERA,)))
    command = act(EDITOR)
    await drafts.keep(GUILD, command, blank(command, cut=3))
    with pytest.raises(DomainError, match=r"signoffs\.policy_role_gone"):
        await store.open_draft(GUILD, command.interaction_id, act(EDITOR), lambda draft: draft, {PRODUCTION})


async def test_a_message_is_read_with_the_servers_pieces_at_hand(
    store: SignoffStore, drafts: SignoffDraftStore
) -> None:
    await store.open(GUILD, act(EDITOR), request("Teaser", 7))
    await store.open(OTHER_GUILD, act(EDITOR), request("Secret", 2))
    seen: list[str] = []

    def read(known: Sequence[str]) -> Slate:
        seen.extend(known)
        return Slate("teaser", None)

    draft = await drafts.keep_message(GUILD, act(EDITOR), blank(act(EDITOR), "", 0), read)
    assert seen == ["Teaser"]
    assert (draft.piece, draft.cut) == ("teaser", 8)
    nothing = await drafts.keep_message(GUILD, act(EDITOR), blank(act(EDITOR), "", 0), lambda _: Slate("", None))
    assert (nothing.piece, nothing.cut) == ("", 0)


async def test_the_next_cut_follows_the_newest_of_its_own_server(
    store: SignoffStore, drafts: SignoffDraftStore
) -> None:
    first = await store.open(GUILD, act(EDITOR), request(cut=3))
    await store.open(GUILD, act(EDITOR), request(cut=9_999))
    draft = await drafts.keep_next(GUILD, act(GAFFER), first.entry.seq)
    assert (draft.piece, draft.cut) == ("Harbour 30s", 9_999)
    with pytest.raises(DomainError, match=r"signoffs\.unknown"):
        await drafts.keep_next(OTHER_GUILD, act(GAFFER), first.entry.seq)


async def test_the_next_cut_asks_the_same_people_and_whom_the_policy_names_now(
    store: SignoffStore, drafts: SignoffDraftStore, policies: PolicyStore
) -> None:
    sound, gone, lighting = 78, 79, 80
    await policies.change(GUILD, act(GAFFER), PolicyChange("Harbour*", (CAMERA,)))
    first = await store.open(GUILD, act(EDITOR), request(roles=(sound, gone)))
    await policies.change(GUILD, act(GAFFER), PolicyChange("Harbour*", (lighting,)))
    press = act(GAFFER)
    await drafts.keep_next(GUILD, press, first.entry.seq)
    here = {sound, lighting, CAMERA}
    following = await store.open_draft(GUILD, press.interaction_id, act(GAFFER), lambda draft: draft, here)
    asked, roles = names(following.request)
    assert asked == ["Mara"]
    assert set(roles) == {sound, lighting}


async def test_a_refused_form_keeps_what_stood_in_it_for_its_author_alone(drafts: SignoffDraftStore) -> None:
    command = act(EDITOR)
    await drafts.keep(GUILD, command, request())
    await drafts.refill(
        GUILD, command.interaction_id, act(EDITOR), lambda draft: replace(draft, piece="x" * 400, cut=0, tools="Flame")
    )
    shown = await drafts.get(GUILD, command.interaction_id, act(EDITOR))
    assert (shown.piece, shown.cut, shown.tools, shown.users) == ("x" * 400, 0, "Flame", request().users)
    for attempt in (
        drafts.get(GUILD, command.interaction_id, act(GAFFER)),
        drafts.refill(GUILD, command.interaction_id, act(GAFFER), lambda draft: draft),
    ):
        with pytest.raises(DomainError, match=r"signoffs\.not_your_draft"):
            await attempt
    with pytest.raises(DomainError, match=r"signoffs\.draft_gone"):
        await drafts.get(OTHER_GUILD, command.interaction_id, act(EDITOR))


async def test_a_repeated_policy_change_is_one_entry(policies: PolicyStore) -> None:
    once = act(EDITOR)
    first = await policies.change(GUILD, once, PolicyChange("*", (CAMERA,)))
    assert await policies.change(GUILD, once, PolicyChange("*", (CAMERA,))) == first
    assert await policies.all(GUILD) == (first.policy,)
    assert await policies.all(OTHER_GUILD) == ()


async def test_a_word_to_the_client_is_one_entry(store: SignoffStore) -> None:
    opened = await store.open(GUILD, act(EDITOR), request())
    once = act(EDITOR)
    first = await store.tell_client(GUILD, opened.entry.seq, once)
    assert (await store.tell_client(GUILD, opened.entry.seq, once)).entry == first.entry
    assert (await store.get(GUILD, opened.entry.seq)).client_told is ClientTold.TOLD
    with pytest.raises(DomainError, match=r"signoffs\.unknown"):
        await store.tell_client(OTHER_GUILD, opened.entry.seq, act(EDITOR))
