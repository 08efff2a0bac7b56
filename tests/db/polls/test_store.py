import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from db.engine.database import Database
from db.engine.errors import OutcomeUnknown
from db.polls.store import PollStore
from domain.people import Act
from domain.polls.poll import LATE_AFTER, Ballot, Choice, Ground, PollDraft, PollVerdict
from tests.db.polls.acts import (
    ADA,
    BO,
    CLOSES,
    CY,
    GUILD,
    MOD,
    OTHER_GUILD,
    START,
    VISITOR,
    WHY,
    act,
    everything,
    open_poll,
    refusal,
)
from tests.db.rows import Gate, break_the_commit

LATER = START + timedelta(minutes=5)


@pytest.fixture
def store(database: Database) -> PollStore:
    return PollStore(database)


async def test_polls_are_numbered_in_each_server_and_opened_once_for_each_command(
    database: Database, store: PollStore
) -> None:
    draft = PollDraft("Rotoscope the crowd", "All of it", CLOSES, 2, Ballot.AFTER_CLOSE, 7, 8)
    command = act(ADA)
    first = await store.open(GUILD, command, 5, draft)
    assert (first.poll_id, first.draft, first.opener_id, first.opened_at) == (1, draft, ADA.id, START)
    assert await store.open(GUILD, command, 5, replace(draft, task="Something else")) == first
    assert (await store.open(GUILD, act(BO), 5, draft)).poll_id == 2
    assert (await store.open(OTHER_GUILD, act(BO), 5, draft)).poll_id == 1
    await store.set_message(GUILD, 1, 6, 66)
    assert await store.get(GUILD, 1) == replace(first, channel_id=6, message_id=66)


async def test_a_vote_can_be_changed_and_withdrawn_until_the_deadline(database: Database, store: PollStore) -> None:
    await open_poll(database)
    poll, vote = await store.vote(GUILD, 1, act(ADA), Choice.EXECUTION)
    assert (poll.tally.turnout, poll.tally.owners[Choice.EXECUTION], vote.owner) == (1, 1, True)
    poll, reasoned = await store.add_reason(GUILD, 1, act(ADA), WHY)
    assert reasoned == replace(vote, reason=WHY)
    await store.vote(GUILD, 1, act(BO), Choice.EXECUTION)
    assert await store.reasoned_votes(GUILD, 1) == (reasoned,)
    await store.withdraw(GUILD, 1, act(BO))
    poll, vote = await store.vote(GUILD, 1, act(ADA, LATER), Choice.JUDGMENT)
    assert await store.votes(GUILD, 1) == (vote,)
    assert (vote.reason, vote.voted_at, poll.tally.everyone[Choice.EXECUTION]) == (None, LATER, 0)
    poll, _ = await store.withdraw(GUILD, 1, act(ADA))
    assert (poll.tally.turnout, await store.votes(GUILD, 1), poll) == (0, (), await store.get(GUILD, 1))


async def test_voting_the_same_again_changes_nothing_and_keeps_the_reason(database: Database, store: PollStore) -> None:
    await open_poll(database)
    await store.vote(GUILD, 1, act(BO), Choice.ABSTAIN)
    await store.add_reason(GUILD, 1, act(BO), WHY)
    before = await everything(database)
    _, vote = await store.vote(GUILD, 1, act(BO, LATER), Choice.ABSTAIN)
    assert (vote.reason, await everything(database)) == (WHY, before)


async def test_a_late_vote_leaves_no_trace(database: Database, store: PollStore) -> None:
    await open_poll(database)
    before = await everything(database)
    for at in (CLOSES, CLOSES + timedelta(days=1)):
        assert await refusal(store.vote(GUILD, 1, act(ADA, at), Choice.EXECUTION)) == "polls.closed"
        assert await refusal(store.hold(GUILD, 1, act(ADA, at), WHY)) == "polls.closed"
        assert await refusal(store.withdraw(GUILD, 1, act(ADA, at))) == "polls.closed"
    assert await everything(database) == before


async def test_another_server_reaches_nothing_of_a_poll(database: Database, store: PollStore) -> None:
    await open_poll(database)
    before = await everything(database)
    mod = act(MOD)
    for doing in (
        store.get(OTHER_GUILD, 1),
        store.vote(OTHER_GUILD, 1, mod, Choice.EXECUTION),
        store.withdraw(OTHER_GUILD, 1, mod),
        store.add_reason(OTHER_GUILD, 1, mod, WHY),
        store.hold(OTHER_GUILD, 1, mod, WHY),
        store.lift(OTHER_GUILD, 1, mod, ADA.id, WHY),
        store.close(OTHER_GUILD, 1, mod),
        store.extend(OTHER_GUILD, 1, mod, CLOSES + timedelta(days=1)),
        store.cancel(OTHER_GUILD, 1, mod, WHY),
        store.repost(OTHER_GUILD, 1, mod),
    ):
        assert await refusal(doing) == "polls.unknown"
    assert await store.votes(OTHER_GUILD, 1) == ()
    assert await store.vote_of(OTHER_GUILD, 1, ADA.id) is None
    assert await store.open_polls(OTHER_GUILD) == []
    assert await store.find(OTHER_GUILD, text="", open_only=False) == []
    await store.set_message(OTHER_GUILD, 1, 1, 1)
    await store.mark_announced(OTHER_GUILD, 1, START)
    assert await everything(database) == before


async def test_only_the_electorate_votes_and_holds(database: Database, store: PollStore) -> None:
    await open_poll(database)
    before = await everything(database)
    assert await refusal(store.vote(GUILD, 1, act(VISITOR), Choice.JUDGMENT)) == "polls.not_a_voter"
    assert await refusal(store.hold(GUILD, 1, act(VISITOR), WHY)) == "polls.not_a_voter"
    assert await everything(database) == before


async def test_a_repeated_interaction_changes_nothing(database: Database, store: PollStore) -> None:
    await open_poll(database)
    vote, hold, close = act(ADA), act(BO), act(ADA)
    first = await store.vote(GUILD, 1, vote, Choice.EXECUTION)
    assert await store.vote(GUILD, 1, vote, Choice.JUDGMENT) == first
    await store.hold(GUILD, 1, hold, WHY)
    assert len((await store.hold(GUILD, 1, hold, WHY))[0].holds) == 1
    closed = await store.close(GUILD, 1, close)
    before = await everything(database)
    assert await store.close(GUILD, 1, close) == closed
    assert (await store.vote(GUILD, 1, vote, Choice.JUDGMENT))[1] == first[1]
    assert await everything(database) == before


async def test_a_vote_whose_commit_failed_counts_once_when_it_is_repeated(database: Database, store: PollStore) -> None:
    await open_poll(database)
    vote = act(ADA)
    gate = Gate()
    busy = asyncio.create_task(database.write(gate))
    await gate.reach()
    voting = asyncio.create_task(store.vote(GUILD, 1, vote, Choice.EXECUTION))
    breaking = asyncio.create_task(database.write(break_the_commit))
    await asyncio.sleep(0)
    gate.opened.set()
    outcomes = await asyncio.gather(busy, voting, breaking, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [str, OutcomeUnknown, OutcomeUnknown]
    assert await store.votes(GUILD, 1) == ()
    for _ in range(3):
        poll, _ = await store.vote(GUILD, 1, vote, Choice.EXECUTION)
        assert poll.tally.turnout == 1
    assert len(await store.votes(GUILD, 1)) == 1


async def test_a_hold_is_lifted_by_its_owner_or_a_moderator_and_can_be_set_again(
    database: Database, store: PollStore
) -> None:
    await open_poll(database)
    await store.vote(GUILD, 1, act(CY), Choice.EXECUTION)
    poll, _ = await store.hold(GUILD, 1, act(BO), WHY)
    assert [(hold.holder_id, hold.reason) for hold in poll.holds] == [(BO.id, WHY)]
    assert poll.standing.ground is Ground.HOLD
    assert await refusal(store.hold(GUILD, 1, act(BO), WHY)) == "polls.held_already"
    assert await refusal(store.lift(GUILD, 1, act(CY), BO.id, WHY)) == "polls.not_your_hold"
    assert await refusal(store.lift(GUILD, 1, act(MOD), CY.id, WHY)) == "polls.no_hold"
    assert (await store.lift(GUILD, 1, act(BO), BO.id, WHY))[0].holds == ()
    await store.hold(GUILD, 1, act(BO, LATER), WHY)
    poll, _ = await store.lift(GUILD, 1, act(MOD), BO.id, WHY)
    assert (poll.holds, poll.standing.verdict) == ((), PollVerdict.EXECUTION)


async def test_closing_is_for_the_opener_and_moderators_and_fixes_the_outcome(
    database: Database, store: PollStore
) -> None:
    await open_poll(database)
    await store.vote(GUILD, 1, act(BO), Choice.EXECUTION)
    assert await refusal(store.close(GUILD, 1, act(BO))) == "polls.not_yours"
    poll = await store.close(GUILD, 1, act(MOD, LATER))
    assert (poll.closed_at, poll.closed_late, poll.result) == (LATER, False, poll.standing)
    assert poll.standing.verdict is PollVerdict.EXECUTION
    assert await refusal(store.close(GUILD, 1, act(ADA))) == "polls.closed"
    assert await refusal(store.vote(GUILD, 1, act(CY), Choice.JUDGMENT)) == "polls.closed"


async def test_polls_that_are_due_close_once_and_say_when_it_was_late(database: Database, store: PollStore) -> None:
    for minutes in (0, 30, 60):
        await open_poll(database, closes_at=CLOSES + timedelta(minutes=minutes))
    assert await store.next_deadline() == CLOSES
    assert await store.close_due(CLOSES - timedelta(milliseconds=1)) == []
    ((_, on_time),) = await store.close_due(CLOSES + LATE_AFTER)
    assert (on_time.poll_id, on_time.closed_late, on_time.closed_at) == (1, False, CLOSES + LATE_AFTER)
    ((guild_id, late),) = await store.close_due(CLOSES + timedelta(minutes=30) + LATE_AFTER + timedelta(seconds=1))
    assert (guild_id, late.poll_id, late.closed_late) == (GUILD, 2, True)
    assert late.result == late.standing
    assert late.standing.ground is Ground.NO_QUORUM
    assert await store.next_deadline() == CLOSES + timedelta(hours=1)
    assert await store.close_due(CLOSES + timedelta(minutes=59)) == []


async def test_at_most_a_hundred_polls_close_at_once_and_none_is_forgotten(
    database: Database, store: PollStore
) -> None:
    for _ in range(103):
        await open_poll(database)
    assert len(await store.close_due(CLOSES)) == 100
    assert len(await store.close_due(CLOSES)) == 3
    assert await store.next_deadline() is None


async def test_a_poll_is_found_by_number_or_words_open_ones_first(database: Database, store: PollStore) -> None:
    for n in range(1, 4):
        await store.open(GUILD, act(ADA), 5, PollDraft(f"Clean plate {n}", "", CLOSES + timedelta(minutes=-n), 1))
    await store.close(GUILD, 3, act(ADA))
    everything = [(2, "Clean plate 2", False), (1, "Clean plate 1", False), (3, "Clean plate 3", True)]
    assert await store.find(GUILD, text="", open_only=False) == everything
    assert await store.find(GUILD, text="CLEAN", open_only=True) == everything[:2]
    assert await store.find(GUILD, text="#3", open_only=False) == everything[2:]
    assert await store.find(GUILD, text="boom", open_only=False) == []
    assert [poll.poll_id for poll in await store.open_polls(GUILD)] == [2, 1]
    assert (await store.count_open(GUILD), await store.count_open(OTHER_GUILD)) == (2, 0)


async def test_cards_to_redraw_are_posted_and_open_or_closed_since_the_latest_act_first(
    database: Database, store: PollStore
) -> None:
    for poll_id in (1, 2, 3, 4):
        await open_poll(database)
        if poll_id < 4:
            await store.set_message(GUILD, poll_id, 5, 50 + poll_id)
    await store.close(GUILD, 3, act(ADA, START))
    await store.vote(GUILD, 1, act(BO, LATER), Choice.ABSTAIN)
    assert set(await store.to_redraw(START)) == {(GUILD, 1), (GUILD, 2), (GUILD, 3)}
    assert await store.to_redraw(LATER) == [(GUILD, 1), (GUILD, 2)]
    assert await store.to_redraw(LATER, limit=1) == [(GUILD, 1)]


async def test_a_poll_that_does_not_exist_is_unknown(store: PollStore) -> None:
    nobody: Act = act(ADA)
    assert await refusal(store.get(GUILD, 9)) == "polls.unknown"
    assert await refusal(store.vote(GUILD, 9, nobody, Choice.ABSTAIN)) == "polls.unknown"
    assert (await store.votes(GUILD, 9), await store.vote_of(GUILD, 9, ADA.id)) == ((), None)
