"""Ballots in channels stay up to date: coalesced edits, deadlines, deleted messages, restarts."""

import discord
import pytest

from cogs.polls.board import MAX_NAMED
from domain.people import Act, Actor
from domain.polls.poll import Choice
from tests.cogs.polls.acts import (
    ABSTAIN,
    EXECUTION,
    JUDGMENT,
    announcements,
    answer,
    edits_of,
    field_of,
    hold,
    labels_of,
    open_poll,
    redrawn,
    stored,
    vote,
)
from tests.world import World, text_of, words_of

CREW = ("Gus", "Ines", "Ravi", "Priya", "Tomasz", "Sam", "Mara", "Jonas")
HOUR = 3600.0
FIVE_SECONDS = 5.0


async def test_a_ballot_is_edited_at_once_then_every_five_seconds_and_ends_up_to_date(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION)
    assert edits_of(world, ballot) == 1
    assert "**1** AI may execute" in words_of(ballot)
    for name in CREW[1:]:
        await vote(world, ballot, **{name: EXECUTION})
    assert edits_of(world, ballot) == 1
    await world.env.advance_time(FIVE_SECONDS)
    assert edits_of(world, ballot) == 2
    assert f"**{len(CREW)}** AI may execute" in words_of(ballot)
    await world.env.advance_time(60)
    assert edits_of(world, ballot) == 2


async def test_while_people_vote_there_is_an_edit_every_five_seconds_at_most(world: World) -> None:
    ballot = await open_poll(world)
    for name in CREW:
        await vote(world, ballot, **{name: JUDGMENT})
        await world.env.advance_time(2)
    assert edits_of(world, ballot) <= 1 + 2 * len(CREW) / FIVE_SECONDS
    await redrawn(world)
    assert f"**{len(CREW)}** Human judgment" in words_of(ballot)


async def test_a_press_that_changes_nothing_leaves_the_ballot_as_it_is(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION)
    await vote(world, ballot, Gus=EXECUTION)
    await redrawn(world)
    assert "**1** AI may execute" in words_of(ballot)


async def test_the_deadline_closes_the_poll_and_tells_the_channel(world: World) -> None:
    ballot = await open_poll(world, closes="2h")
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    await world.env.advance_time(2 * HOUR - 60)
    assert (await stored(world)).closed_at is None
    await world.env.advance_time(120)
    poll = await stored(world)
    assert poll.closed_at is not None
    assert not poll.closed_late
    assert (poll.closed_at - poll.draft.closes_at).total_seconds() < 2
    assert labels_of(ballot) == ["Record outcome"]
    (announced,) = announcements(world)
    assert announced == words_of(ballot)
    assert "Quorum met, more than half for execution" in announced


async def test_a_poll_opened_later_may_close_first(world: World) -> None:
    await open_poll(world, closes="3h")
    await open_poll(world, closes="1h")
    await world.env.advance_time(HOUR + 5)
    assert (await stored(world, 1)).closed_at is None
    assert (await stored(world, 2)).closed_at is not None
    await world.env.advance_time(2 * HOUR)
    assert (await stored(world, 1)).closed_at is not None


async def test_nothing_changes_a_poll_after_its_deadline(world: World) -> None:
    ballot = await open_poll(world, closes="1h")
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    form = await world["Ines"].click(ballot, label="Hold")
    shown = await world["Ines"].slash(world.channel, "poll show", poll=1)
    await world.env.advance_time(HOUR + 5)
    before = await stored(world)
    late = [
        await world["Ines"].click(answer(shown), label=EXECUTION),
        await world["Gus"].click(answer(receipt), label="Withdraw"),
        await world["Ines"].submit_modal(form, {"reason": "Wait for the release"}),
        await world["Lena"].slash(world.channel, "poll close", poll=1),
    ]
    for result in late:
        assert "Poll 1 is closed, so nothing was changed." in text_of(result)
    assert await stored(world) == before
    mine = await world["Ines"].click(answer(shown), label="My vote")
    assert text_of(mine) == "Poll 1 is closed. You did not vote."


async def test_overdue_polls_are_closed_at_start_and_marked_late(world: World) -> None:
    ballot = await open_poll(world, closes="1h")
    world.bot.cogs["Polls"]._clock.stop()  # type: ignore[attr-defined]  # as if the bot were down
    await world.env.advance_time(3 * HOUR)
    assert (await stored(world)).closed_at is None
    await world.restart()
    await world.env.advance_time(1)
    assert (await stored(world)).closed_late
    assert "Closed late, because the bot was not running at the deadline." in words_of(ballot)
    assert len(announcements(world)) == 1


async def test_a_deadline_survives_a_restart(world: World) -> None:
    await open_poll(world, closes="1h")
    await world.restart()
    await world.env.advance_time(HOUR + 5)
    poll = await stored(world)
    assert poll.closed_at is not None
    assert not poll.closed_late


async def test_old_buttons_and_an_open_form_outlive_a_restart(world: World) -> None:
    ballot = await open_poll(world)
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    form = await world["Ines"].click(ballot, label="Hold")
    await world.restart()
    assert "is **AI may execute**" in text_of(await world["Gus"].click(ballot, label=EXECUTION))
    reason = await world["Gus"].click(answer(receipt), label="Add reason")
    await world["Gus"].submit_modal(reason, {"reason": "It is only a rough cut"})
    assert "Your hold is on poll 1" in text_of(
        await world["Ines"].submit_modal(form, {"reason": "The talent has not agreed"})
    )
    poll = await stored(world)
    assert poll.tally.everyone[Choice.EXECUTION] == 1
    assert len(poll.holds) == 1
    await redrawn(world)
    assert "It is only a rough cut" in field_of(ballot, "Reasons")


async def test_an_edit_that_was_pending_at_a_restart_is_sent_later(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    assert "**1** AI may execute" in words_of(ballot)
    await world.restart()
    await world.env.advance_time(1)
    assert "**3** AI may execute" in words_of(ballot)


async def test_a_ballot_that_closed_unseen_is_drawn_as_its_outcome_at_the_next_start(world: World) -> None:
    ballot = await open_poll(world)
    world.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert EXECUTION in labels_of(ballot)
    await world.restart()
    await world.env.advance_time(1)
    assert labels_of(ballot) == ["Record outcome"]
    await world.env.advance_time(25 * HOUR)
    edits = edits_of(world, ballot)
    await world.restart()
    await world.env.advance_time(1)
    assert edits_of(world, ballot) == edits


async def test_votes_go_on_and_the_poll_closes_though_its_ballot_was_deleted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    ballot = await open_poll(world, closes="1h")
    await ballot.message.delete()
    shown = answer(await world["Gus"].slash(world.channel, "poll show", poll=1))
    await vote(world, shown, Gus=JUDGMENT)
    await hold(world, shown, "Gus", "The talent has not agreed")
    await redrawn(world)
    assert "cannot be edited: Discord says 10008" in caplog.text
    assert (await stored(world)).tally.turnout == 1
    await world.env.advance_time(HOUR)
    assert (await stored(world)).closed_at is not None
    assert len(announcements(world)) == 1


async def test_the_channel_is_told_though_the_ballot_cannot_be_edited(world: World) -> None:
    ballot = await open_poll(world, closes="1h")
    world.env.inject_error("PATCH", f"/channels/*/messages/{ballot.id}", status=500)
    await world.env.advance_time(HOUR + 5)
    assert len(announcements(world)) == 1


async def test_a_poll_closes_though_its_channel_is_out_of_reach(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await open_poll(world, closes="1h")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50001)
    await world.env.advance_time(HOUR + 5)
    assert (await stored(world)).closed_at is not None
    assert "Discord says 50001" in caplog.text


async def test_one_ballot_that_fails_does_not_hold_up_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    first, second = await open_poll(world), await open_poll(world, task="Extend the sky")
    await vote(world, first, Gus=EXECUTION)
    world.env.inject_error("PATCH", f"/channels/*/messages/{first.id}", status=500)
    await vote(world, first, Ines=EXECUTION)
    await vote(world, second, Ines=EXECUTION)
    await redrawn(world)
    assert "**1** AI may execute" in words_of(second)
    assert "editing the ballot of poll 1 failed" in caplog.text


async def test_deadlines_go_on_after_storage_failed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await open_poll(world, closes="1h")
    store = world.bot.stores.polls
    close_due, calls = store.close_due, []

    async def failing_once(at: object) -> list[object]:
        calls.append(at)
        if len(calls) == 1:
            raise OSError(5, "Input/output error")
        return await close_due(at)  # type: ignore[arg-type,return-value]  # passed on as it came

    store.close_due = failing_once  # type: ignore[method-assign,assignment]  # a disk that fails once
    await world.env.advance_time(HOUR + 5)
    assert (await stored(world)).closed_at is None
    assert "closing polls that are due failed" in caplog.text
    await world.env.advance_time(70)
    assert (await stored(world)).closed_at is not None


async def test_a_ballot_whose_message_was_never_noted_is_found_again_by_the_next_vote(world: World) -> None:
    ballot = await open_poll(world)
    await world.database.write(lambda connection: connection.execute("UPDATE poll SET message_id = NULL").rowcount)
    await vote(world, ballot, Gus=EXECUTION)
    await redrawn(world)
    assert "**1** AI may execute" in words_of(world.channel.last_message)


async def test_a_crowd_is_counted_and_only_reasons_are_named(world: World) -> None:
    ballot = await open_poll(world)
    store, at = world.bot.stores.polls, discord.utils.snowflake_time(ballot.id)
    for number in range(MAX_NAMED + 1):
        press = Act(5000 + number, at, Actor(1000 + number, f"Extra {number}"))
        await store.vote(world.guild_id, 1, press, Choice.EXECUTION)
    await vote(world, ballot, Gus=JUDGMENT)
    await redrawn(world)
    text = words_of(ballot)
    assert f"**{MAX_NAMED + 1}** AI may execute" in text
    assert "<@" not in text
    press = Act(4000, at, Actor(1000, "Extra 0"))
    await store.add_reason(world.guild_id, 1, press, "Twelve masks before lunch.")
    await vote(world, ballot, Gus=ABSTAIN)
    await redrawn(world)
    assert "<@1000>: Twelve masks before lunch." in words_of(ballot)
