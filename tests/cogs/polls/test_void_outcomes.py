"""A poll's outcome that a moderator marks as void, as the crew meets it."""

import simcord

from domain.decision_log.entries import EntryType
from domain.export.filters import Filter, Kind
from tests.cogs.polls.acts import EXECUTION, TASK, open_poll, redrawn
from tests.cogs.polls.test_outcomes import close_poll, decisions_channel, newest, outcome, outcomes_in, record
from tests.world import World, text_of, words_of

DAY = 86_400


async def void(world: World, entry: int) -> simcord.InteractionResult:
    """Let the producer use `/decision-log void`."""
    return await world["Jonas"].slash(world.channel, "decision-log void", entry=entry, reason="Meant for another crew")


async def two_verdicts(world: World) -> simcord.results.ResponseMessage:
    """Close two polls on one task; return the ballot of the first."""
    first = await open_poll(world)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    await close_poll(world, poll=2)
    await redrawn(world)
    return first


async def test_what_a_void_verdict_superseded_stands_again_on_every_card(world: World) -> None:
    first = await two_verdicts(world)
    assert "Superseded by poll 2" in words_of(first)
    told = text_of(await void(world, 2))
    assert "Poll 2's verdict counts no more." in told
    assert "Entry 2 is void; poll 1's verdict stands again." in told
    await redrawn(world)
    assert "Superseded" not in words_of(first)
    assert "Entry 2 is void, so this stands again." in words_of(first)
    shown = text_of(await world["Gus"].slash(world.channel, "poll show", poll=2))
    assert "Void · Poll 2" in shown
    assert "Entry 3 of the decision log says why." in shown
    assert "Takes the place of" not in shown
    line = text_of(await world["Gus"].slash(world.channel, "poll verdicts"))
    assert "🚫 Void: counts no more (entry 3)" in line
    assert "Superseded" not in line


async def test_a_void_outcome_says_so_on_its_ballot_also_after_a_restart(world: World) -> None:
    ballot = await open_poll(world)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    await world.env.advance_time(3 * DAY)
    world.env.inject_error("PATCH", f"/channels/{world.channel.id}/messages/{ballot.id}", status=500)
    await void(world, 1)
    await world.restart()
    await redrawn(world)
    assert "**Void**: this verdict counts no more." in words_of(ballot)
    refused = await world["Lena"].click(ballot, label="Record outcome")
    assert "The verdict of poll 1 is void (entry 2 of the log says why)" in text_of(refused)


async def test_a_void_record_leaves_the_verdict_and_names_nobody(world: World) -> None:
    card = await close_poll(world)
    await record(world, card, conditions="Wide shots", review="in 3 months")
    told = text_of(await void(world, 2))
    assert "Poll 1's verdict stays, without what that entry recorded." in told
    shown = text_of(await world["Gus"].slash(world.channel, "poll show", poll=1))
    assert "Nobody yet" in shown
    assert "Wide shots" not in shown
    assert "Entry 2 is void, so this stands again." in shown
    await world.env.advance_time(100 * DAY)
    assert "time to look at this verdict again" not in words_of(newest(world))


async def test_a_void_verdict_is_neither_shown_on_new_ballots_nor_suggested_as_decided(world: World) -> None:
    await close_poll(world)
    assert "Poll 1, " in words_of(open_ballot := await open_poll(world, task=f"{TASK} again"))
    await void(world, 1)
    assert "Poll 1, " not in words_of(await open_poll(world, task=f"{TASK} once more"))
    await redrawn(world)
    assert "Poll 1, " not in words_of(open_ballot)
    found = await world["Lena"].autocomplete(world.channel, "poll open", "task", TASK)
    assert [choice["name"] for choice in found if EXECUTION in choice["name"] and "poll 1" in choice["name"]] == []


async def test_a_void_outcome_is_not_posted_to_the_decisions_channel(world: World) -> None:
    delivery = await decisions_channel(world)
    world.env.inject_error("POST", f"/channels/{delivery.id}/messages", status=500)
    await close_poll(world)
    await void(world, 1)
    await world.env.advance_time(300)
    assert outcomes_in(delivery) == []
    assert (await outcome(world)).void_by == 2


async def test_an_export_of_polls_shows_the_marks_on_their_outcomes(world: World) -> None:
    await close_poll(world)
    await void(world, 1)
    wanted = Filter(kind=Kind.POLLS)
    page = await world.bot.stores.decisions.entries(world.guild_id, wanted)
    assert [entry.type for entry in page.entries] == [EntryType.VOID, EntryType.OUTCOME]
