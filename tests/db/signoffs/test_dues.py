"""Due times on disk: one reminder each, in time, and only where it can be sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.engine.database import Database
from db.signoffs.dues import DueStore
from db.signoffs.store import SignoffStore
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.due import REMIND_BEFORE
from tests.db.decision_log.log_world import DIRECTOR, EDITOR, GAFFER, GUILD, NOON, OTHER_GUILD, act, request

DUE = NOON + timedelta(days=5)
CHANNEL, CARD = 5, 6


@pytest.fixture
def dues(database: Database) -> DueStore:
    return DueStore(database)


async def _open(database: Database, *, posted: bool = True) -> int:
    signoffs = SignoffStore(database)
    number = (await signoffs.open(GUILD, act(EDITOR), request())).entry.seq
    if posted:
        await signoffs.set_message(GUILD, number, CHANNEL, CARD)
    return number


async def test_what_is_due_is_reminded_of_once(database: Database, dues: DueStore) -> None:
    number = await _open(database)
    assert await dues.set_due(GUILD, number, act(EDITOR), DUE) == DUE - REMIND_BEFORE
    assert await dues.due(GUILD, number) == DUE
    assert await dues.next_reminder() == DUE - REMIND_BEFORE
    assert await dues.to_remind(DUE - REMIND_BEFORE - timedelta(seconds=1)) == []
    (reminder,) = await dues.to_remind(DUE - REMIND_BEFORE)
    assert (reminder.guild_id, reminder.number, reminder.channel_id, reminder.message_id, reminder.due) == (
        *(GUILD, number, CHANNEL, CARD),
        DUE,
    )
    assert await dues.to_remind(DUE - REMIND_BEFORE) == [reminder], "until it is marked, it is to be sent"
    await dues.mark_reminded(GUILD, number, DUE - REMIND_BEFORE)
    assert await dues.to_remind(DUE - REMIND_BEFORE) == []
    assert await dues.set_due(GUILD, number, act(EDITOR), DUE + timedelta(days=9)) is None
    assert await dues.next_reminder() is None


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=3)])
async def test_a_reminder_that_would_come_too_late_is_dropped(
    database: Database, dues: DueStore, late: timedelta
) -> None:
    number = await _open(database)
    await dues.set_due(GUILD, number, act(EDITOR), DUE)
    assert await dues.to_remind(DUE + late) == []
    assert await dues.next_reminder() is None
    assert await dues.due(GUILD, number) == DUE


async def test_a_card_that_was_never_posted_holds_nobody_up(database: Database, dues: DueStore) -> None:
    number = await _open(database, posted=False)
    await dues.set_due(GUILD, number, act(EDITOR), DUE)
    assert await dues.to_remind(DUE - REMIND_BEFORE) == []
    assert await dues.next_reminder() is None


async def test_a_due_time_can_be_removed(database: Database, dues: DueStore) -> None:
    number = await _open(database)
    await dues.set_due(GUILD, number, act(EDITOR), DUE)
    assert await dues.set_due(GUILD, number, act(EDITOR), None) is None
    assert await dues.due(GUILD, number) is None
    assert await dues.next_reminder() is None


async def test_only_the_opener_and_moderators_say_when_it_is_due(database: Database, dues: DueStore) -> None:
    number = await _open(database)
    for actor in (DIRECTOR, GAFFER):
        with pytest.raises(DomainError, match=r"signoffs\.not_due_setter"):
            await dues.set_due(GUILD, number, act(actor), DUE)
    await dues.set_due(GUILD, number, _moderator(), DUE)
    with pytest.raises(DomainError, match=r"signoffs\.unknown"):
        await dues.set_due(OTHER_GUILD, number, act(EDITOR), DUE)
    assert await dues.due(OTHER_GUILD, number) is None


async def test_a_cut_that_nobody_can_sign_is_never_due(database: Database, dues: DueStore) -> None:
    signoffs, number = SignoffStore(database), await _open(database)
    newer = (await signoffs.open(GUILD, act(EDITOR), request(cut=2))).entry.seq
    with pytest.raises(DomainError, match=r"signoffs\.newer_cut"):
        await dues.set_due(GUILD, number, act(EDITOR), DUE)
    await signoffs.withdraw(GUILD, newer, act(EDITOR))
    with pytest.raises(DomainError, match=r"signoffs\.closed"):
        await dues.set_due(GUILD, newer, act(EDITOR), DUE)


def _moderator() -> Act:
    return act(replace(GAFFER, moderator=True))
