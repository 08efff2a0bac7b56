"""What a secret ballot keeps, and what it forgets."""

from dataclasses import replace
from datetime import timedelta

from db.engine.database import Database
from db.polls.store import PollStore
from domain.people import Act
from domain.polls.poll import Ballot, Choice
from tests.db.polls.acts import ADA, BO, GUILD, START, WHY, act, everything, open_poll, refusal


async def test_a_secret_ballot_keeps_no_user_id_of_a_voter_and_forgets_its_key_at_close(database: Database) -> None:
    store, voter = PollStore(database), replace(BO, id=987654321987654321)
    await open_poll(database, ballot=Ballot.SECRET)
    await store.vote(GUILD, 1, act(voter), Choice.EXECUTION)
    await store.vote(GUILD, 1, act(voter), Choice.JUDGMENT)
    assert await refusal(store.add_reason(GUILD, 1, act(voter), WHY)) == "polls.secret_reason"
    mine = await store.vote_of(GUILD, 1, voter.id)
    assert mine is not None
    assert mine.choice is Choice.JUDGMENT
    assert str(voter.id) not in repr(await everything(database))
    assert [vote.voter_id for vote in await store.votes(GUILD, 1)] == [None]
    assert (await store.close(GUILD, 1, act(ADA))).tally.turnout == 1
    assert await store.vote_of(GUILD, 1, voter.id) is None
    async with database.snapshot() as snapshot:
        assert await snapshot.one("SELECT salt FROM poll") == (None,)
    assert await refusal(store.vote(GUILD, 1, act(voter), Choice.ABSTAIN)) == "polls.closed"


async def test_a_voter_has_a_different_key_on_each_secret_ballot(database: Database) -> None:
    store = PollStore(database)
    for poll_id in (1, 2):
        await open_poll(database, ballot=Ballot.SECRET)
        await store.vote(GUILD, poll_id, act(BO), Choice.ABSTAIN)
    async with database.snapshot() as snapshot:
        voters = await snapshot.all("SELECT voter FROM poll_vote")
    assert len(set(voters)) == 2


async def test_neither_the_minute_nor_the_interaction_of_a_secret_vote_is_kept(database: Database) -> None:
    store = PollStore(database)
    await open_poll(database, ballot=Ballot.SECRET)
    presses = [Act(1_500_000_000_000_000_000 + n, START + timedelta(minutes=7 + n), BO) for n in range(3)]
    await store.vote(GUILD, 1, presses[0], Choice.EXECUTION)
    await store.vote(GUILD, 1, presses[1], Choice.JUDGMENT)
    await store.withdraw(GUILD, 1, presses[2])
    await store.vote(GUILD, 1, act(ADA, START + timedelta(minutes=20)), Choice.ABSTAIN)
    kept = repr(await everything(database))
    assert not any(str(press.interaction_id) in kept for press in presses)
    assert not any(f"10:{minute:02}" in kept for minute in (7, 8, 9, 20))


async def test_a_repeated_secret_vote_counts_once(database: Database) -> None:
    store = PollStore(database)
    await open_poll(database, ballot=Ballot.SECRET)
    first, second = act(BO), act(BO)
    await store.vote(GUILD, 1, first, Choice.EXECUTION)
    await store.vote(GUILD, 1, second, Choice.JUDGMENT)
    before = await everything(database)
    poll, vote = await store.vote(GUILD, 1, first, Choice.EXECUTION)
    assert (poll.tally.turnout, vote.choice, await everything(database)) == (1, Choice.JUDGMENT, before)
