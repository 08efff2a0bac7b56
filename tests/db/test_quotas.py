"""Nobody fills a server's records for everybody."""

import asyncio
from datetime import timedelta

import pytest

from db.engine.database import Database
from db.polls.store import PollStore
from db.settings import SettingsStore
from db.signoffs.store import SignoffStore
from domain import quotas as room
from domain.people import Actor
from domain.polls.poll import PollDraft
from domain.quotas import CORRECTIONS, DAY, POLLS_A_DAY, POLLS_OPEN
from domain.settings import Settings
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import Correction
from tests.db.decision_log import log_world
from tests.db.decision_log.log_world import DIRECTOR, EDITOR, GAFFER
from tests.db.polls.acts import ADA, BO, CREW, GUILD, MOD, OTHER_GUILD, START, act, refusal

DRAFT = PollDraft("Rotoscope the crowd", "", START + timedelta(days=3), 1)


@pytest.fixture
def polls(database: Database) -> PollStore:
    return PollStore(database)


async def _many(polls: PollStore, count: int, opener: Actor = MOD) -> None:
    await asyncio.gather(*(polls.open(GUILD, act(opener), 5, DRAFT) for _ in range(count)))


async def test_one_member_opens_so_many_polls_a_day_and_no_other_is_kept_from_opening(polls: PollStore) -> None:
    await _many(polls, POLLS_A_DAY, ADA)
    assert await refusal(polls.open(GUILD, act(ADA), 5, DRAFT)) == "polls.too_many_today"
    await polls.open(GUILD, act(BO), 5, DRAFT)
    await polls.open(OTHER_GUILD, act(ADA), 5, DRAFT)
    assert (await polls.open(GUILD, act(ADA, START + DAY), 5, DRAFT)).poll_id == POLLS_A_DAY + 2


async def test_moderators_open_as_many_as_the_work_asks_for(database: Database, polls: PollStore) -> None:
    await _many(polls, POLLS_A_DAY + 1)
    await _many(polls, POLLS_A_DAY, ADA)
    await SettingsStore(database).change(GUILD, lambda _: Settings(moderator_role_id=CREW))
    assert (await polls.open(GUILD, act(ADA), 5, DRAFT)).poll_id == 2 * POLLS_A_DAY + 2


async def test_a_server_has_so_many_open_polls_and_room_again_when_one_ends(polls: PollStore) -> None:
    await _many(polls, POLLS_OPEN)
    full = act(MOD)
    assert await refusal(polls.open(GUILD, full, 5, DRAFT)) == "polls.server_full"
    await polls.open(OTHER_GUILD, act(MOD), 5, DRAFT)
    await polls.close(GUILD, 7, act(MOD))
    assert (await polls.open(GUILD, full, 5, DRAFT)).poll_id == POLLS_OPEN + 1
    assert (await polls.open(GUILD, full, 5, DRAFT)).poll_id == POLLS_OPEN + 1, "a repeat is none more"


async def test_one_member_opens_so_many_sign_offs_a_day(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SIGNOFFS_A_DAY", 20)
    store = SignoffStore(database)
    asked = (log_world.request(cut=cut) for cut in range(1, 21))
    await asyncio.gather(*(store.open(GUILD, log_world.act(EDITOR), one) for one in asked))
    more = store.open(GUILD, log_world.act(EDITOR), log_world.request("Night Ferry"))
    assert await refusal(more) == "signoffs.too_many_today"
    await store.open(GUILD, log_world.act(GAFFER), log_world.request("Night Ferry"))
    assert await store.pieces(GUILD, "") == ["Night Ferry", "Harbour 30s"]


async def test_one_signer_leaves_so_many_entries_on_a_card_and_can_always_take_the_last_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "ENTRIES_EACH", 20)
    store = SignoffStore(database)
    number = (await store.open(GUILD, log_world.act(EDITOR), log_world.request(roles=(log_world.CAMERA,)))).entry.seq
    for turn in range(20):
        verdict = SignoffVerdict.REVISE if turn % 2 else SignoffVerdict.SIGNED
        last = await store.answer(GUILD, number, log_world.act(DIRECTOR), verdict)
    again = store.answer(GUILD, number, log_world.act(DIRECTOR), SignoffVerdict.SIGNED)
    assert await refusal(again) == "signoffs.too_many_entries"
    assert (await store.get(GUILD, number)).decision_of(DIRECTOR.id) == last.entry
    await store.withdraw(GUILD, last.entry.seq, log_world.act(DIRECTOR))
    await store.answer(GUILD, number, log_world.act(log_world.DP), SignoffVerdict.SIGNED)
    assert (await store.get(GUILD, number)).signed == 1


async def test_a_slate_is_corrected_so_often_and_no_more(database: Database) -> None:
    store = SignoffStore(database)
    number = (await store.open(GUILD, log_world.act(EDITOR), log_world.request())).entry.seq
    for cut in range(2, CORRECTIONS + 2):
        await store.correct(GUILD, number, log_world.act(EDITOR), Correction.of("Harbour 30s", cut, "", ""))
    more = store.correct(GUILD, number, log_world.act(EDITOR), Correction.of("Harbour 30s", 99, "", ""))
    assert await refusal(more) == "signoffs.too_many_entries"
