"""Cards are edited soon but not too often, and one that fails does not hold up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from functools import wraps
from typing import Any

import aiohttp
import discord
import pytest

from bot.delivery.lanes import EDITS_AT_ONCE
from bot.delivery.refresher import LAST_EDITS, OUT_OF_REACH, REMEMBERED, Refresher
from domain.errors import DomainError
from tests.bot.delivery.screen import DONE, GONE, GUILD, Screen, broken, busy
from tests.bot.delivery.virtual_time import run_virtually

HOURS = timedelta(hours=3)


def virtually(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a test in virtual time."""

    @wraps(test)
    def run(**fixtures: object) -> None:
        run_virtually(test(**fixtures))

    return run


@virtually
async def test_a_card_is_edited_at_once_then_every_five_seconds_and_ends_up_to_date() -> None:
    screen = Screen()
    for _ in range(23):
        screen.change(1)
        await asyncio.sleep(0.5)
    await asyncio.sleep(60)
    assert screen.times(1) == [0, 5, 10, 15]
    assert [edit.state for edit in screen.edits] == [1, 11, 21, 23]


@virtually
async def test_a_message_older_than_an_hour_is_edited_every_fifteen_seconds() -> None:
    screen = Screen(age=timedelta(minutes=58, seconds=52))
    for _ in range(50):
        screen.change(1)
        await asyncio.sleep(1)
    await asyncio.sleep(60)
    assert screen.times(1) == [0, 5, 10, 25, 40, 55]
    assert screen.edits[-1].state == 50


@virtually
async def test_an_edit_that_would_change_nothing_is_not_sent() -> None:
    screen = Screen()
    screen.change(1, state=3)
    await asyncio.sleep(3600)
    screen.change(1, state=3)
    await asyncio.sleep(1)
    screen.change(1, state=4)
    screen.change(1, state=3)
    await asyncio.sleep(60)
    assert screen.times(1) == [0]
    screen.change(1, state=4)
    await asyncio.sleep(0.1)
    assert screen.times(1)[1:] == [pytest.approx(3661)]


@virtually
async def test_what_changes_during_an_edit_follows_it_and_never_overtakes() -> None:
    screen = Screen(answers=[(30.0, DONE)])
    screen.change(1)
    await asyncio.sleep(10)
    screen.change(1)
    await asyncio.sleep(60)
    assert [(edit.state, edit.began) for edit in screen.edits] == [(1, 0), (2, 35)]


@virtually
async def test_the_last_change_of_a_card_waits_for_no_pause() -> None:
    screen = Screen()
    screen.change(1)
    await asyncio.sleep(1)
    screen.states[1] = 9
    screen.refresher.changed(GUILD, 1, at_once=True)
    await asyncio.sleep(0.5)
    screen.change(1)
    await asyncio.sleep(60)
    assert [(edit.state, edit.began) for edit in screen.edits] == [(1, 0), (9, 1), (10, 6)]


@virtually
async def test_a_channel_whose_edits_discord_delays_delays_no_other() -> None:
    waiting = EDITS_AT_ONCE // 2 - 1
    screen = Screen(lambda number: min(number // 10, waiting), answers=[(60.0, DONE)] * 2 * waiting)
    for number in range(10 * waiting + 3):
        screen.change(number)
    await asyncio.sleep(1)
    assert {edit.channel_id for edit in screen.edits if edit.ended < 1} == {waiting}
    assert [screen.times(number) for number in range(10 * waiting, 10 * waiting + 3)] == [[0]] * 3
    await asyncio.sleep(600)
    assert {edit.number: edit.state for edit in screen.edits} == screen.states


@virtually
async def test_a_channel_gets_two_edits_of_old_messages_in_six_seconds() -> None:
    screen = Screen(lambda number: 1, age=HOURS)
    for number in range(7):
        screen.change(number)
    await asyncio.sleep(60)
    assert [edit.began for edit in screen.edits] == [0, 0, 6, 6, 12, 12, 18]


@virtually
async def test_two_features_share_the_limit_of_a_channel() -> None:
    ballots = Screen(lambda number: 1, age=HOURS)
    cards = Screen(lambda number: 1, age=HOURS, lanes=ballots.lanes)
    for number in range(2):
        ballots.change(number)
        cards.change(number)
    await asyncio.sleep(60)
    assert [edit.began for edit in [*ballots.edits, *cards.edits]] == [0, 6, 0, 6]


@virtually
async def test_a_card_that_changed_while_it_waited_for_its_turn_shows_the_newest_state() -> None:
    screen = Screen(lambda number: 1, age=HOURS)
    for number in range(3):
        screen.change(number)
    await asyncio.sleep(1)
    screen.change(2)
    await asyncio.sleep(60)
    assert [(edit.number, edit.state, edit.began) for edit in screen.edits] == [(0, 1, 0), (1, 1, 0), (2, 2, 6)]


@virtually
async def test_a_card_waits_as_long_as_discord_asks(caplog: pytest.LogCaptureFixture) -> None:
    screen = Screen(answers=[(0.0, busy(42.0)), (0.0, discord.RateLimited(33.0))])
    screen.change(1)
    await asyncio.sleep(1)
    screen.change(1)
    await asyncio.sleep(200)
    assert screen.times(1) == [0, 42, 75]
    assert screen.edits[-1].state == 2
    assert [record.levelname for record in caplog.records if record.name.startswith("bot")] == ["WARNING"] * 2


@pytest.mark.parametrize(
    "outage", [broken(), ConnectionResetError(), aiohttp.ServerDisconnectedError(), TimeoutError()]
)
@virtually
async def test_a_card_is_edited_again_until_an_outage_is_over(outage: Exception) -> None:
    screen = Screen(answers=[(0.0, outage)] * 6)
    screen.change(1)
    await asyncio.sleep(600)
    assert screen.times(1) == [0, 5, 15, 35, 75, 135, 195]
    assert screen.edits[-1].outcome is DONE


@virtually
async def test_an_edit_that_failed_may_have_come_through_so_the_card_is_sent_again() -> None:
    screen = Screen(answers=[(0.0, DONE), (0.0, TimeoutError())])
    screen.change(1, state=1)
    await asyncio.sleep(10)
    screen.change(1, state=2)
    await asyncio.sleep(1)
    screen.change(1, state=1)
    await asyncio.sleep(60)
    assert [(edit.state, edit.began) for edit in screen.edits] == [(1, 0), (2, 10), (1, 15)]


@virtually
async def test_a_message_out_of_reach_is_left_alone_for_a_while() -> None:
    screen = Screen(answers=[(0.0, GONE)])
    screen.change(1)
    screen.change(2)
    for _ in range(int(OUT_OF_REACH) - 1):
        await asyncio.sleep(1)
        screen.change(1)
    assert screen.times(1) == [0]
    assert screen.times(2) == [0]
    await asyncio.sleep(2)
    screen.change(1)
    await asyncio.sleep(1)
    assert len(screen.times(1)) == 2


@virtually
async def test_one_card_that_fails_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    screen = Screen()
    draw = screen.draw
    faults = {1: DomainError("signoffs.unknown", number=1), 2: RuntimeError("a fault of ours")}

    async def faulty(guild_id: int, number: int) -> Any:
        if number in faults:
            raise faults[number]
        return await draw(guild_id, number)

    refresher = Refresher(faulty, screen.edit, "the card", screen.lanes, now=screen.now)
    screen.states = {1: 1, 2: 1, 3: 1}
    for number in (1, 2, 3):
        refresher.changed(GUILD, number)
    await asyncio.sleep(60)
    assert [edit.number for edit in screen.edits] == [3]
    failures = [record.getMessage() for record in caplog.records if "failed" in record.getMessage()]
    assert len(failures) == 1
    assert failures[0].endswith("editing the card 2 failed")


@virtually
async def test_a_card_without_a_message_is_not_edited() -> None:
    screen = Screen()
    unposted: Callable[[int, int], Awaitable[None]] = lambda _guild_id, _number: asyncio.sleep(0)  # noqa: E731 - a draw that finds nothing
    refresher = Refresher(unposted, screen.edit, "the card", screen.lanes, now=screen.now)
    refresher.changed(GUILD, 1)
    await asyncio.sleep(60)
    assert screen.edits == []


@virtually
async def test_a_stopping_bot_sends_what_is_due_and_nothing_after_it() -> None:
    screen = Screen(answers=[(0.5, DONE)] * 3)
    screen.change(1)
    screen.change(2)
    await asyncio.sleep(1)
    screen.change(1)
    screen.change(3)
    await asyncio.sleep(0.1)
    screen.change(3)
    await screen.refresher.stop()
    screen.change(1)
    await asyncio.sleep(60)
    assert {edit.number: edit.state for edit in screen.edits} == {1: 2, 2: 1, 3: 2}
    assert max(edit.ended for edit in screen.edits) < 1 + LAST_EDITS


@virtually
async def test_a_stopping_bot_does_not_wait_for_edits_that_discord_refuses() -> None:
    screen = Screen(lambda number: 1, answers=[(1.0, broken()), (600.0, DONE)], age=HOURS)
    for number in range(4):
        screen.change(number)
    await asyncio.sleep(2)
    await screen.refresher.stop()
    assert screen.time() == pytest.approx(2 + LAST_EDITS)
    await asyncio.sleep(60)
    assert len(screen.edits) == 2


@virtually
async def test_quiet_cards_are_forgotten_except_what_the_latest_show() -> None:
    screen = Screen()
    for number in range(REMEMBERED + 50):
        screen.states[number] = 1
        screen.refresher.changed(GUILD, number)
    await asyncio.sleep(60)
    assert screen.refresher._turns == {}
    assert len(screen.lanes._channels) == 0
    assert len(screen.refresher._shown._digests) == REMEMBERED
