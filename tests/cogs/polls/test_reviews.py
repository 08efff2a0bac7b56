"""Reviews: the channel is told once that it is time to look at a verdict again, whatever happens in between."""

import pytest

from tests.cogs.polls.acts import announcements, answer
from tests.cogs.polls.test_outcomes import close_poll, decisions_channel, newest, record
from tests.world import World, text_of, words_of

DAY = 86_400


async def recorded(world: World, review: str = "in 3 days") -> None:
    """Record a verdict that the crew wants to look at again one morning; it is noon."""
    await world.env.advance_time(DAY / 2)
    assert "Recorded" in text_of(await record(world, await close_poll(world), conditions="Wide shots", review=review))


def reviews(world: World) -> list[str]:
    return [words for words in announcements(world) if "⏰" in words]


async def test_the_channel_is_told_on_the_day_and_only_once(world: World) -> None:
    await recorded(world)
    await world.env.advance_time(2 * DAY)
    assert reviews(world) == []
    await world.env.advance_time(DAY)
    [told] = reviews(world)
    assert world["Mara"].mention in told
    assert "**Conditions:** Wide shots" in told
    await world.restart()
    await world.env.advance_time(5 * DAY)
    assert len(reviews(world)) == 1


async def test_a_review_survives_restarts_before_its_day(world: World) -> None:
    await recorded(world)
    await world.restart()
    await world.env.advance_time(DAY)
    await world.restart()
    await world.env.advance_time(2 * DAY)
    assert len(reviews(world)) == 1


async def test_a_review_that_fell_due_while_the_bot_was_away_is_told_at_the_next_start(world: World) -> None:
    await recorded(world)
    world.bot.cogs["Polls"]._outcome_clock.stop()  # type: ignore[attr-defined]  # as if the bot were down
    await world.env.advance_time(9 * DAY)
    assert reviews(world) == []
    await world.restart()
    await world.env.advance_time(5)
    assert len(reviews(world)) == 1


async def test_a_review_is_told_again_when_discord_was_down(world: World) -> None:
    await recorded(world)
    await world.env.advance_time(2 * DAY)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=500, times=1)
    await world.env.advance_time(DAY)
    await world.env.advance_time(120)
    assert len(reviews(world)) == 1


async def test_the_decisions_channel_is_told_when_the_channel_is_gone(world: World) -> None:
    delivery = await decisions_channel(world)
    await recorded(world)
    await world.env.advance_time(2 * DAY)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=404, code=10003)
    await world.env.advance_time(DAY)
    assert "⏰" in words_of(delivery.last_message)


async def test_a_channel_that_takes_no_message_is_not_tried_again_and_again(world: World) -> None:
    await recorded(world)
    await world.env.advance_time(2 * DAY)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=400, code=160005)
    await world.env.advance_time(DAY)
    assert await world.bot.stores.outcomes.next_review() is None


async def test_a_review_without_a_channel_is_left_with_a_line_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await recorded(world)
    await world.env.advance_time(2 * DAY)
    world.env.inject_error("POST", f"/channels/{world.channel.id}/messages", status=403, code=50001)
    await world.env.advance_time(DAY)
    assert "the review of poll 1" in caplog.text
    assert await world.bot.stores.outcomes.next_review() is None


async def test_the_verdict_is_kept_with_a_new_date_from_the_review_itself(world: World) -> None:
    await recorded(world)
    await world.env.advance_time(3 * DAY)
    await record(world, newest(world), review="in 2 days")
    assert "looked at again" in words_of(newest(world))
    await world.env.advance_time(2 * DAY)
    assert len(reviews(world)) == 2


async def test_a_superseded_verdict_is_not_brought_up_again(world: World) -> None:
    await recorded(world)
    assert answer(await world["Lena"].slash(world.channel, "poll show", poll=1)).ephemeral
    await close_poll(world, poll=2)
    await world.env.advance_time(4 * DAY)
    assert reviews(world) == []
