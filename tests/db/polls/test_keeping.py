"""Extending, cancelling and announcing polls, on a real file."""

import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.engine.database import Database
from db.migrations import MIGRATIONS
from db.polls.store import PollStore
from db.settings import SettingsStore
from domain.people import Actor
from domain.polls.poll import LATE_AFTER, LONGEST, Ballot, Choice, Poll
from tests.db.polls.acts import ADA, BO, CLOSES, CREW, CY, GUILD, MOD, START, WHY, act, open_poll, refusal

LATER = START + timedelta(minutes=5)
HOUR = timedelta(hours=1)
OLD_POLL = """
    INSERT INTO poll (guild_id, poll_id, interaction_id, channel_id, opener_id, task, details, quorum, ballot,
                      opened_at, closes_at, events, closed_at, verdict)
    VALUES (1, ?1, ?1, 1, 1, 'Grade', '', 1, 'open', '2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z', 1, ?2, ?3)
"""
OLD_HOLD = """
    INSERT INTO poll_hold (guild_id, poll_id, event_no, holder_id, reason, held_at)
    VALUES (1, 1, 1, 7, 'Ask the talent', '2026-11-20T10:05:00.000Z')
"""


@pytest.fixture
def store(database: Database) -> PollStore:
    return PollStore(database)


async def run(database: Database, sql: str) -> None:
    """Run a statement as if a fault in the code did."""
    await database.write(lambda connection: connection.execute(sql).rowcount)


async def history(database: Database) -> list[tuple[object, ...]]:
    async with database.snapshot() as snapshot:
        return await snapshot.all("SELECT kind, person, reason, closes_before, closes_after FROM poll_event")


async def test_a_deadline_moves_later_once_and_both_are_kept(database: Database, store: PollStore) -> None:
    before, more = await open_poll(database), act(ADA, LATER)
    poll = await store.extend(GUILD, 1, more, CLOSES + HOUR)
    assert poll == replace(before, draft=replace(before.draft, closes_at=CLOSES + HOUR))
    assert await store.get(GUILD, 1) == poll == await store.extend(GUILD, 1, more, CLOSES + 2 * HOUR)
    assert await store.next_deadline() == CLOSES + HOUR
    moved = ("extend", str(ADA.id), None, "2026-11-20T11:00:00.000Z", "2026-11-20T12:00:00.000Z")
    assert (await history(database))[1:] == [moved]
    await store.vote(GUILD, 1, act(BO, CLOSES), Choice.EXECUTION)


@pytest.mark.parametrize(
    ("actor", "at", "closes_at", "key"),
    [
        (BO, LATER, CLOSES + HOUR, "polls.not_yours"),
        (ADA, LATER, CLOSES, "polls.extend_earlier"),
        (MOD, LATER, CLOSES - HOUR / 2, "polls.extend_earlier"),
        (ADA, CLOSES - HOUR / 60, CLOSES + HOUR / 6, "polls.extend_too_soon"),
        (ADA, LATER, START + LONGEST + HOUR / 3600, "polls.closes_too_late"),
        (ADA, CLOSES, CLOSES + HOUR, "polls.closed"),
    ],
)
async def test_what_is_no_extension_leaves_no_trace(
    database: Database, store: PollStore, actor: Actor, at: object, closes_at: object, key: str
) -> None:
    before = await open_poll(database)
    assert await refusal(store.extend(GUILD, 1, act(actor, at), closes_at)) == key  # type: ignore[arg-type]  # times
    assert (await store.get(GUILD, 1), len(await history(database))) == (before, 1)


async def test_ninety_days_from_the_opening_are_allowed(database: Database, store: PollStore) -> None:
    await open_poll(database)
    assert (await store.extend(GUILD, 1, act(ADA), START + LONGEST)).draft.closes_at == START + LONGEST


async def test_a_cancelled_poll_keeps_its_votes_and_has_no_verdict(database: Database, store: PollStore) -> None:
    await open_poll(database)
    await store.vote(GUILD, 1, act(BO), Choice.EXECUTION)
    cancel = act(MOD, LATER)
    poll = await store.cancel(GUILD, 1, cancel, f" {WHY} ")
    assert (poll.cancelled_by, poll.cancel_reason, poll.closed_at, poll.result) == (MOD.id, WHY, LATER, None)
    assert await store.cancel(GUILD, 1, cancel, "Another reason") == poll
    assert [vote.choice for vote in await store.votes(GUILD, 1)] == [Choice.EXECUTION]
    with pytest.raises(ValueError, match="no verdict"):
        _ = poll.standing
    for doing in (
        store.vote(GUILD, 1, act(CY), Choice.EXECUTION),
        store.withdraw(GUILD, 1, act(BO)),
        store.hold(GUILD, 1, act(CY), WHY),
        store.close(GUILD, 1, act(ADA)),
        store.cancel(GUILD, 1, act(ADA), WHY),
        store.extend(GUILD, 1, act(ADA), CLOSES + HOUR),
        store.repost(GUILD, 1, act(ADA)),
    ):
        assert await refusal(doing) == "polls.cancelled"
    assert await store.close_due(CLOSES + HOUR) == []
    assert await store.open_polls(GUILD) == []
    assert await store.next_deadline() is None


async def test_cancelling_is_for_keepers_with_a_reason_before_the_deadline(
    database: Database, store: PollStore
) -> None:
    await open_poll(database)
    assert await refusal(store.cancel(GUILD, 1, act(BO), WHY)) == "polls.not_yours"
    assert await refusal(store.cancel(GUILD, 1, act(ADA), "no")) == "polls.reason_length"
    assert await refusal(store.cancel(GUILD, 1, act(ADA, CLOSES), WHY)) == "polls.closed"
    assert len(await history(database)) == 1


async def test_what_was_cancelled_never_gets_a_verdict_nor_opens_again(database: Database, store: PollStore) -> None:
    await open_poll(database)
    await store.cancel(GUILD, 1, act(ADA), WHY)
    for change in ("verdict = 'execution'", "closed_at = NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="stays cancelled"):
            await run(database, f"UPDATE poll SET {change}")


async def test_the_deadlines_of_an_extension_are_never_rewritten(database: Database, store: PollStore) -> None:
    await open_poll(database)
    await store.extend(GUILD, 1, act(ADA), CLOSES + HOUR)
    for column in ("closes_before", "closes_after"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await run(database, f"UPDATE poll_event SET {column} = '1'")


async def test_a_cancelled_secret_ballot_forgets_who_voted(database: Database, store: PollStore) -> None:
    voter = replace(BO, id=987654321987654321)
    await open_poll(database, ballot=Ballot.SECRET)
    pressed = act(voter)
    await store.vote(GUILD, 1, pressed, Choice.EXECUTION)
    poll = await store.cancel(GUILD, 1, act(ADA), WHY)
    assert not poll.counts_shown
    assert await store.vote_of(GUILD, 1, voter.id) is None
    assert await refusal(store.vote(GUILD, 1, pressed, Choice.EXECUTION)) == "polls.cancelled"
    async with database.snapshot() as snapshot:
        assert await snapshot.one("SELECT salt FROM poll") == (None,)


async def test_the_servers_moderator_role_keeps_polls_and_lifts_holds(database: Database, store: PollStore) -> None:
    await open_poll(database)
    await store.hold(GUILD, 1, act(BO), WHY)
    assert await refusal(store.lift(GUILD, 1, act(CY), BO.id, WHY)) == "polls.not_your_hold"
    await SettingsStore(database).change(GUILD, lambda before: replace(before, moderator_role_id=CREW))
    assert (await store.lift(GUILD, 1, act(CY), BO.id, WHY))[0].holds == ()
    await store.extend(GUILD, 1, act(CY), CLOSES + HOUR)
    await store.repost(GUILD, 1, act(CY))
    assert (await store.close(GUILD, 1, act(CY))).closed_at == START


async def test_a_hold_names_its_owner(database: Database, store: PollStore) -> None:
    await open_poll(database)
    (hold,) = (await store.hold(GUILD, 1, act(BO), WHY))[0].holds
    assert (hold.holder_id, hold.holder_name) == (BO.id, "Bo")


async def test_a_poll_that_ended_waits_to_be_announced_once(database: Database, store: PollStore) -> None:
    for _ in range(3):
        await open_poll(database)
    assert await store.unannounced(START) == []
    first, second = await store.close(GUILD, 1, act(ADA)), await store.cancel(GUILD, 2, act(ADA, LATER), WHY)
    assert await store.unannounced(START) == [(GUILD, first), (GUILD, second)]
    assert await store.unannounced(LATER) == [(GUILD, second)]
    await store.mark_announced(GUILD, 1, LATER)
    assert await store.unannounced(START) == [(GUILD, second)]


async def test_closing_by_hand_long_after_the_deadline_is_late(database: Database, store: PollStore) -> None:
    async def closed(after: timedelta) -> Poll:
        poll = await open_poll(database)
        return await store.close(GUILD, poll.poll_id, act(ADA, CLOSES + after))

    assert not (await closed(LATE_AFTER)).closed_late
    assert (await closed(LATE_AFTER + HOUR / 3600)).closed_late


def test_polls_and_holds_of_an_older_version_stay_as_they_were(tmp_path: Path) -> None:
    number = next(number for number, path in MIGRATIONS.items() if path.stem.endswith("_poll_keeping"))
    with contextlib.closing(sqlite3.connect(tmp_path / "old", isolation_level=None)) as old:
        for earlier in range(1, number):
            old.executescript(MIGRATIONS[earlier].read_text(encoding="utf-8"))
        old.execute(OLD_POLL, (1, None, None))
        old.execute(OLD_POLL, (2, "2026-11-20T11:00:00.000Z", "judgment"))
        old.execute(OLD_HOLD)
        old.executescript(MIGRATIONS[number].read_text(encoding="utf-8"))
        kept = old.execute("SELECT poll_id, announced_at, verdict, cancelled_by FROM poll").fetchall()
        assert kept == [(1, None, None, None), (2, "2026-11-20T11:00:00.000Z", "judgment", None)]
        assert old.execute("SELECT holder_id, holder_name FROM poll_hold").fetchall() == [(7, None)]
