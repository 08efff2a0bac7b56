"""Marking entries as void, correcting slates, and erasing what was typed, on a real file."""

from dataclasses import replace

import pytest

from db.decision_log.anchors import AnchorStore
from db.decision_log.store import DecisionStore
from db.decision_log.voids import VoidStore
from db.engine.database import Database
from db.export.log_reader import ExportStore, LogReader
from db.settings import SettingsStore
from db.signoffs.policies import PolicyStore
from db.signoffs.store import SignoffStore
from domain.decision_log.anchors import AnchorDue, anchor
from domain.decision_log.chain import GENESIS
from domain.decision_log.entries import EntryType
from domain.errors import DomainError
from domain.proof.reports import Pin, Report
from domain.signoffs.choices import AiUse, SignoffVerdict
from domain.signoffs.corrections import Correction
from domain.signoffs.policy import PolicyChange
from domain.signoffs.state import Status
from tests.db.decision_log.log_world import CAMERA, DIRECTOR, DP, EDITOR, GAFFER, GUILD, NOON, OTHER_GUILD, act, request
from tests.db.my_data.remains import remains

MODERATOR = replace(GAFFER, moderator=True)
SPAM = "This is spam from the test channel."
INSULT = "Mara is a clumsy pelican."


@pytest.fixture
def signoffs(database: Database) -> SignoffStore:
    return SignoffStore(database)


@pytest.fixture
def voids(database: Database, signoffs: SignoffStore) -> VoidStore:
    return VoidStore(database, signoffs.clear_cache)


async def is_sound(database: Database) -> bool:
    def work(log: LogReader) -> Report:
        return log.verify()

    return (await ExportStore(database).read(GUILD, work)).fault is None


async def test_a_void_request_is_over_and_a_void_answer_no_longer_stands(
    database: Database, signoffs: SignoffStore, voids: VoidStore
) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request(roles=(CAMERA,)))
    signed = await signoffs.answer(GUILD, opened.entry.seq, act(DIRECTOR), SignoffVerdict.SIGNED)
    mark = await voids.void(GUILD, signed.entry.seq, act(MODERATOR), SPAM)
    state = await signoffs.get(GUILD, opened.entry.seq)
    assert (state.signed, state.status, state.void) == (0, Status.OPEN, (signed.entry.seq,))
    assert await voids.marks(GUILD, [1, 2, 3]) == {signed.entry.seq: mark.seq}
    await voids.void(GUILD, opened.entry.seq, act(MODERATOR), SPAM)
    assert (await signoffs.get(GUILD, opened.entry.seq)).status is Status.VOID
    with pytest.raises(DomainError, match=r"signoffs\.closed"):
        await signoffs.answer(GUILD, opened.entry.seq, act(DP), SignoffVerdict.SIGNED)
    assert await is_sound(database)


async def test_a_void_newer_cut_gives_the_older_one_back(signoffs: SignoffStore, voids: VoidStore) -> None:
    first = await signoffs.open(GUILD, act(EDITOR), request())
    second = await signoffs.open(GUILD, act(EDITOR), request(cut=2))
    assert (await signoffs.get(GUILD, first.entry.seq)).stale
    await voids.void(GUILD, second.entry.seq, act(MODERATOR), SPAM)
    assert not (await signoffs.get(GUILD, first.entry.seq)).stale
    assert (await signoffs.status(GUILD, "harbour 30s")).request.cut == 1


async def test_what_cannot_be_void_is_refused_in_words(
    database: Database, signoffs: SignoffStore, voids: VoidStore
) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request())
    number = opened.entry.seq
    mark = await voids.void(GUILD, number, act(MODERATOR), SPAM)
    other = await signoffs.open(GUILD, act(EDITOR), request("Titles"))
    taken = await signoffs.withdraw(GUILD, other.entry.seq, act(EDITOR))
    log = DecisionStore(database)
    head = await log.head(GUILD)
    for guild_id, seq, reason, key in (
        (GUILD, number, SPAM, r"decision_log\.void_already"),
        (GUILD, mark.seq, SPAM, r"decision_log\.cannot_void"),
        (GUILD, taken.entry.seq, SPAM, r"decision_log\.cannot_void"),
        (GUILD, 1, SPAM, r"decision_log\.cannot_void"),
        (GUILD, 99, SPAM, r"decision_log\.unknown"),
        (OTHER_GUILD, number, SPAM, r"decision_log\.unknown"),
        (GUILD, other.entry.seq, " spam\u200b ", r"decision_log\.void_reason_length"),
        (GUILD, other.entry.seq, "x" * 1001, r"decision_log\.void_reason_length"),
    ):
        with pytest.raises(DomainError, match=key):
            await voids.void(guild_id, seq, act(MODERATOR), reason)
    assert await log.head(GUILD) == head


async def test_a_repeated_press_marks_once(signoffs: SignoffStore, voids: VoidStore) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request())
    press = act(MODERATOR)
    first = await voids.void(GUILD, opened.entry.seq, press, SPAM)
    assert await voids.void(GUILD, opened.entry.seq, press, SPAM) == first


async def test_only_what_can_be_marked_is_suggested(signoffs: SignoffStore, voids: VoidStore) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request())
    signed = await signoffs.answer(GUILD, opened.entry.seq, act(DIRECTOR), SignoffVerdict.SIGNED)
    assert [entry.seq for entry in await voids.candidates(GUILD)] == [signed.entry.seq, opened.entry.seq]
    await voids.void(GUILD, signed.entry.seq, act(MODERATOR), SPAM)
    assert [entry.seq for entry in await voids.candidates(GUILD)] == [opened.entry.seq]
    assert await voids.candidates(OTHER_GUILD) == []


async def test_what_was_typed_in_a_void_entry_can_go_from_the_disk(
    database: Database, signoffs: SignoffStore, voids: VoidStore
) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request(roles=(CAMERA,)))
    await signoffs.answer(GUILD, opened.entry.seq, act(DP), SignoffVerdict.REVISE)
    said = await signoffs.add_reason(GUILD, opened.entry.seq, act(DP), INSULT)
    mark = await voids.void(GUILD, said.entry.seq, act(MODERATOR), SPAM)
    with pytest.raises(DomainError, match=r"decision_log\.not_yours_to_erase"):
        await voids.erase_typed(GUILD, mark.seq, act(EDITOR))
    account = await voids.erase_typed(GUILD, mark.seq, act(MODERATOR))
    assert account is not None
    assert account.person is not None
    assert (account.type, account.person.id) == (EntryType.ERASED, MODERATOR.id)
    assert await database.shred()
    assert remains(database.path, INSULT) == []
    assert await is_sound(database)
    assert await voids.erase_typed(GUILD, mark.seq, act(MODERATOR)) is None


async def test_the_name_of_a_void_piece_goes_from_every_entry_that_repeats_it(
    database: Database, signoffs: SignoffStore, voids: VoidStore
) -> None:
    opened = await signoffs.open(GUILD, act(EDITOR), request(INSULT))
    await signoffs.answer(GUILD, opened.entry.seq, act(DIRECTOR), SignoffVerdict.DECLINED)
    mark = await voids.void(GUILD, opened.entry.seq, act(MODERATOR), SPAM)
    await voids.erase_typed(GUILD, mark.seq, act(MODERATOR))
    assert await database.shred()
    assert remains(database.path, INSULT, INSULT.casefold()) == []
    assert (await signoffs.get(GUILD, opened.entry.seq)).request.piece == ""
    assert await is_sound(database)


async def test_a_corrected_slate_is_what_counts_and_both_are_kept(database: Database, signoffs: SignoffStore) -> None:
    first = await signoffs.open(GUILD, act(EDITOR), request("Harbour 30s"))
    slip = await signoffs.open(GUILD, act(EDITOR), request("Harbor 30s", cut=2))
    assert not (await signoffs.get(GUILD, first.entry.seq)).stale
    slate = Correction.of("Harbour 30s", 2, "https://example.com/2", "Runway 4")
    corrected = await signoffs.correct(GUILD, slip.entry.seq, act(EDITOR), slate)
    assert corrected.entry.facts["changed"] == ["piece", "link", "tools"]
    assert Correction.on((await signoffs.get(GUILD, slip.entry.seq)).request) == slate
    assert (await signoffs.get(GUILD, first.entry.seq)).newer == slip.entry.seq
    assert (await signoffs.status(GUILD, "harbour 30s")).request.number == slip.entry.seq
    with pytest.raises(DomainError, match=r"signoffs\.unknown_piece"):
        await signoffs.status(GUILD, "Harbor 30s")
    kept = await DecisionStore(database).entry(GUILD, slip.entry.seq)
    assert kept.value("work")["piece"] == "Harbor 30s"
    signed = await signoffs.answer(GUILD, slip.entry.seq, act(DIRECTOR), SignoffVerdict.SIGNED)
    assert signed.entry.value("work") == {"piece": "Harbour 30s", "cut": 2}
    assert await is_sound(database)


async def test_a_slate_is_corrected_only_by_its_opener_and_only_before_anyone_answers(
    signoffs: SignoffStore, voids: VoidStore
) -> None:
    number = (await signoffs.open(GUILD, act(EDITOR), request())).entry.seq
    better = Correction.of("Harbour 30s", 2, "", "")
    with pytest.raises(DomainError, match=r"signoffs\.not_yours_to_correct"):
        await signoffs.correct(GUILD, number, act(DIRECTOR), better)
    with pytest.raises(DomainError, match=r"signoffs\.nothing_corrected"):
        await signoffs.correct(GUILD, number, act(EDITOR), Correction.of("Harbour 30s", 1, "", ""))
    await signoffs.answer(GUILD, number, act(DIRECTOR), SignoffVerdict.SIGNED)
    with pytest.raises(DomainError, match=r"signoffs\.correct_answered"):
        await signoffs.correct(GUILD, number, act(EDITOR), better)
    await voids.void(GUILD, number, act(MODERATOR), SPAM)
    with pytest.raises(DomainError, match=r"signoffs\.correct_ended"):
        await signoffs.correct(GUILD, number, act(EDITOR), better)


async def test_no_correction_leads_around_a_policy(database: Database, signoffs: SignoffStore) -> None:
    await PolicyStore(database).change(GUILD, act(MODERATOR), PolicyChange("Harbour*", (CAMERA,), disclosure=True))
    number = (await signoffs.open(GUILD, act(EDITOR), request("Titles"))).entry.seq
    with pytest.raises(DomainError, match=r"signoffs\.correct_policy"):
        await signoffs.correct(GUILD, number, act(EDITOR), Correction.of("Harbour 30s", 1, "", ""))
    assert (await signoffs.get(GUILD, number)).request.piece == "Titles"
    slate = Correction.of("End titles", 1, "", "")
    assert (await signoffs.correct(GUILD, number, act(EDITOR), slate)).request.piece == "End titles"


async def test_saying_that_the_client_is_told_corrects_no_slate(database: Database, signoffs: SignoffStore) -> None:
    await PolicyStore(database).change(GUILD, act(MODERATOR), PolicyChange("Harbour*", (CAMERA,), disclosure=True))
    asked = replace(request(), link="https://example.com/1", tools="Runway 4", uses=(AiUse.ROUGH_CUT,))
    opened = await signoffs.open(GUILD, act(EDITOR), asked)
    assert opened.state.untold
    told = await signoffs.tell_client(GUILD, opened.entry.seq, act(EDITOR))
    assert not (await signoffs.get(GUILD, opened.entry.seq)).untold
    assert Correction.on(told.request) == Correction.on(opened.request)
    assert told.request.corrected_by == 0


async def test_a_void_correction_is_as_if_it_had_not_been(signoffs: SignoffStore, voids: VoidStore) -> None:
    number = (await signoffs.open(GUILD, act(EDITOR), request())).entry.seq
    corrected = await signoffs.correct(GUILD, number, act(EDITOR), Correction.of(INSULT, 9, "", ""))
    await voids.void(GUILD, corrected.entry.seq, act(MODERATOR), SPAM)
    assert (await signoffs.get(GUILD, number)).request.piece == "Harbour 30s"


async def test_a_log_is_due_for_an_anchor_when_something_new_is_a_day_old(
    database: Database, signoffs: SignoffStore
) -> None:
    anchors = AnchorStore(database)
    await signoffs.open(GUILD, act(EDITOR), request())
    await signoffs.open(OTHER_GUILD, act(EDITOR), request())
    assert await anchors.due(NOON) == [], "no server has named a channel"
    assert await anchors.next(GUILD) is None
    await SettingsStore(database).change(GUILD, lambda before: replace(before, decisions_channel_id=5))
    assert await anchors.due(NOON) == [GUILD]
    posted = await anchors.next(GUILD)
    assert posted is not None
    assert (posted.channel_id, posted.count) == (5, 2)
    entry = await anchors.record(GUILD, posted, 77, NOON)
    assert entry.facts == {"count": 2, "head": posted.head, "channel": "5", "message": "77"}
    assert await anchors.due(NOON) == [], "an anchor is nothing new"
    await signoffs.open(GUILD, act(EDITOR), request(cut=2))
    assert await anchors.due(NOON.replace(hour=11)) == [], "one a day"
    assert await anchors.due(NOON) == [GUILD]
    assert await is_sound(database)


def test_what_an_anchor_says_is_a_pin() -> None:
    due = AnchorDue(5, 128, "9f86d081884c7d65" * 4)
    assert Pin.parse(f"{due.count}:{due.head[:12]}") == Pin(128, "9f86d081884c")
    draft = anchor(NOON, 128, GENESIS, channel_id=1, message_id=2)
    assert (draft.who, draft.work, draft.text) == (None, None, None)
