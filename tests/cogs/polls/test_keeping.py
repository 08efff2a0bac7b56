"""What the opener of a poll and moderators can do to it: give more time, cancel it, post its ballot again."""

import re
from datetime import timedelta

import pytest

from domain.polls.poll import Poll
from sandbox.crew import CREW
from tests.cogs.polls.acts import (
    EXECUTION,
    JUDGMENT,
    announcements,
    answer,
    field_of,
    hold,
    labels_of,
    open_poll,
    redrawn,
    stored,
    vote,
)
from tests.world import World, text_of, words_of

HOUR = 3600.0
WHY = "The scene was cut from the script."


def stamp(poll: Poll) -> str:
    return f"<t:{int(poll.draft.closes_at.timestamp())}:F>"


async def test_more_time_moves_the_deadline_on_the_card_and_the_clock(world: World) -> None:
    ballot = await open_poll(world, closes="1h")
    before = await stored(world)
    told = await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+1h")
    longer = await stored(world)
    assert longer.draft.closes_at == before.draft.closes_at + timedelta(hours=1)
    assert not told.ephemeral
    assert stamp(longer) in text_of(told)
    await redrawn(world)
    assert stamp(longer) in field_of(ballot, "Closes")
    await world.env.advance_time(HOUR)
    assert (await stored(world)).closed_at is None
    await world["Jonas"].slash(world.channel, "poll extend", poll=1, closes="90m")
    await world.env.advance_time(1.6 * HOUR)
    assert (await stored(world)).closed_at is not None


async def test_an_extension_is_kept_with_both_deadlines(world: World) -> None:
    await open_poll(world, closes="1h")
    await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+1d")
    async with world.database.snapshot() as snapshot:
        rows = await snapshot.all("SELECT closes_before, closes_after, person FROM poll_event WHERE kind = 'extend'")
    ((before, after, person),) = rows
    assert (before < after, person) == (True, str(world["Lena"].id))


@pytest.mark.parametrize(
    ("name", "closes", "words"),
    [
        ("Gus", "5h", "Only whoever opened poll 1, or a moderator"),
        ("Lena", "1h", "closes <t:"),
        ("Lena", "89d 23h 59m", ""),
        ("Lena", "+90d", "90 days at most"),
        ("Lena", "wrap", "I could not read when"),
        ("Lena", "yesterday 18:00", "Write a later time, or +2h"),
    ],
)
async def test_a_deadline_moves_later_only_and_within_ninety_days(
    world: World, name: str, closes: str, words: str
) -> None:
    await open_poll(world, closes="2h")
    before = await stored(world)
    told = await world[name].slash(world.channel, "poll extend", poll=1, closes=closes)
    assert words in text_of(told)
    assert (before == await stored(world)) == bool(words)


async def test_more_time_needs_a_quarter_of_an_hour_from_now(world: World) -> None:
    await open_poll(world, closes="15m")
    await world.env.advance_time(600)
    told = await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+5m")
    assert "at least 15 minutes from now" in text_of(told)
    await world.env.advance_time(360)
    late = await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+2h")
    assert "Poll 1 is closed, so nothing was changed." in text_of(late)


async def test_a_cancelled_poll_says_by_whom_and_why_and_takes_no_vote(world: World) -> None:
    ballot = await open_poll(world)
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    shown = answer(await world["Ines"].slash(world.channel, "poll show", poll=1))
    told = await world["Jonas"].slash(world.channel, "poll cancel", poll=1, reason=WHY)
    assert not told.ephemeral
    await redrawn(world)
    for words in (text_of(told), words_of(ballot)):
        assert "Cancelled" in words
        assert f"{world['Jonas'].mention}: {WHY}" in words
        assert "A human judges" not in words
    assert labels_of(ballot) == []
    for pressed in (
        await world["Ines"].click(shown, label=EXECUTION),
        await world["Gus"].click(answer(receipt), label="Withdraw"),
        await hold(world, shown, "Ines", "Wait for the release"),
        await world["Lena"].slash(world.channel, "poll close", poll=1),
        await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+2h"),
        await world["Lena"].slash(world.channel, "poll cancel", poll=1, reason=WHY),
    ):
        assert "Poll 1 was cancelled, so nothing was changed." in text_of(pressed)
    poll = await stored(world)
    assert (poll.cancelled, poll.result, poll.tally.turnout) == (True, None, 1)
    later = await world["Gus"].slash(world.channel, "poll show", poll=1)
    assert "You voted **Human judgment**." in text_of(later)
    assert WHY in text_of(later)
    await world.env.advance_time(25 * HOUR)
    assert (await stored(world)) == poll


async def test_only_the_opener_and_moderators_cancel(world: World) -> None:
    await open_poll(world)
    refused = await world["Gus"].slash(world.channel, "poll cancel", poll=1, reason=WHY)
    assert "Only whoever opened poll 1, or a moderator, can do that." in text_of(refused)
    assert (await stored(world)).closed_at is None
    assert not (await world["Lena"].slash(world.channel, "poll cancel", poll=1, reason=WHY)).ephemeral


async def test_the_role_that_the_server_named_moderates_polls(world: World) -> None:
    ballot = await open_poll(world)
    await hold(world, ballot, "Priya", "The talent has not agreed")
    assert labels_of(answer(await world["Ravi"].click(ballot, label="My vote"))) == []
    sound = world.production.departments["Sound"]
    await world["Jonas"].slash(world.channel, "settings set", moderators=sound)
    mine = await world["Ravi"].click(ballot, label="My vote")
    form = await world["Ravi"].click(answer(mine), label="Lift Priya Nair's hold")
    lifted = await world["Ravi"].submit_modal(form, {"reason": "Release signed"})
    assert world["Priya"].mention in text_of(lifted)
    assert (await stored(world)).holds == ()
    assert "now closes" in text_of(await world["Ravi"].slash(world.channel, "poll extend", poll=1, closes="+2h"))
    assert "A human judges" in text_of(await world["Ravi"].slash(world.channel, "poll close", poll=1))


async def test_a_cancelled_task_is_no_precedent(world: World) -> None:
    ballot = await open_poll(world, task="Transcript sync of the interviews")
    await vote(world, ballot, Lena=EXECUTION, Sam=EXECUTION, Ravi=EXECUTION)
    await world["Lena"].slash(world.channel, "poll cancel", poll=1, reason=WHY)
    assert "Poll 1" not in field_of(await open_poll(world, task="Transcript sync of the interviews"), "Decided before")


@pytest.mark.parametrize("ballot", ["secret", "after-close"])
async def test_cancelling_reveals_nothing(world: World, ballot: str) -> None:
    posted = await open_poll(world, ballot=ballot)
    receipt = await world["Gus"].click(posted, label=JUDGMENT)
    await world["Lena"].slash(world.channel, "poll cancel", poll=1, reason=WHY)
    await redrawn(world)
    shown = await world["Ines"].slash(world.channel, "poll show", poll=1)
    for words in (words_of(posted), text_of(shown)):
        assert "█" not in words
        assert world["Gus"].mention not in words
    mine = text_of(await world["Gus"].slash(world.channel, "poll show", poll=1))
    assert ("nobody can tell any more" in mine) == (ballot == "secret")
    late = await world["Gus"].click(answer(receipt), label="Withdraw")
    assert "was cancelled" in text_of(late)
    async with world.database.snapshot() as snapshot:
        assert await snapshot.all("SELECT salt FROM poll") == [(None,)]


async def test_a_moderator_finds_every_hold_under_my_vote(world: World) -> None:
    ballot = await open_poll(world)
    names = ("Gus", "Ines", "Ravi", "Priya", "Tomasz", "Sam", "Jonas")
    for name in names:
        await hold(world, ballot, name, f"{name} has to be asked")
    mine = answer(await world["Jonas"].click(ballot, label="My vote"))
    assert mine.components[0]["components"][0]["label"] == "Lift my hold"
    assert labels_of_buttons(mine)[1:] == [f"Lift {who}'s hold" for who in full_names(names[:4])]
    assert "As a moderator" in words_of(mine)
    form = await world["Jonas"].select(mine, [str(world["Sam"].id)])
    await world["Jonas"].submit_modal(form, {"reason": "Asked and agreed"})
    assert world["Sam"].id not in {held.holder_id for held in (await stored(world)).holds}
    own = answer(await world["Gus"].click(ballot, label="My vote"))
    assert labels_of(own) == ["Lift my hold"]


def labels_of_buttons(message: object) -> list[str]:
    rows = message.components  # type: ignore[attr-defined]  # a message of simcord's
    return [item["label"] for row in rows for item in row["components"] if item["type"] == 2]


def full_names(names: tuple[str, ...]) -> list[str]:
    return [next(full for full in CREW if full.startswith(name)) for name in names]


async def test_a_deleted_ballot_is_posted_again_and_updated_there(world: World) -> None:
    ballot = await open_poll(world)
    await ballot.message.delete()
    gus = answer(await world["Gus"].slash(world.channel, "poll show", poll=1))
    assert "Post the ballot here" not in labels_of(gus)
    await vote(world, gus, Gus=JUDGMENT)
    shown = answer(await world["Lena"].slash(world.channel, "poll show", poll=1))
    posted = answer(await world["Lena"].click(shown, label="Post the ballot here"))
    assert not posted.ephemeral
    assert "**1** Human judgment" in words_of(posted)
    await vote(world, posted, Ines=JUDGMENT)
    await redrawn(world)
    assert "**2** Human judgment" in words_of(posted)
    assert (await stored(world)).message_id == posted.id


async def test_a_ballot_far_up_points_to_the_new_one(world: World) -> None:
    ballot = await open_poll(world)
    elsewhere = world.production.channels["delivery"]
    shown = answer(await world["Lena"].slash(elsewhere, "poll show", poll=1))
    posted = answer(await world["Lena"].click(shown, label="Post the ballot here"))
    assert f"/{elsewhere.id}/{posted.id}" in words_of(ballot)
    assert labels_of(ballot) == []
    assert (await stored(world)).channel_id == elsewhere.id


async def test_closing_elsewhere_tells_the_channel_of_the_ballot_once(world: World) -> None:
    await open_poll(world)
    elsewhere = world.production.channels["delivery"]
    told = await world["Lena"].slash(elsewhere, "poll close", poll=1)
    assert told.ephemeral
    assert len(announcements(world)) == 1
    await world.restart()
    await world.env.advance_time(120)
    assert len(announcements(world)) == 1


async def test_the_servers_defaults_and_time_zone_apply_to_polls(world: World) -> None:
    changes = {"poll-quorum": 5, "poll-duration": "36h", "timezone": "Asia/Taipei"}
    await world["Jonas"].slash(world.channel, "settings set", **changes)
    await open_poll(world)
    poll = await stored(world)
    assert (poll.draft.quorum, poll.draft.closes_at - poll.opened_at) == (5, timedelta(hours=36))
    ballot = await open_poll(world, closes="tomorrow 18:00")
    second = await stored(world, 2)
    assert (second.draft.closes_at.hour, second.draft.closes_at.minute) == (10, 0)
    assert re.search(stamp(second), field_of(ballot, "Closes"))


async def test_an_open_ballot_names_who_voted_what_and_an_after_close_ballot_when_it_closes(world: World) -> None:
    ballot = await open_poll(world)
    hidden = await open_poll(world, ballot="after-close")
    for posted in (ballot, hidden):
        await vote(world, posted, Gus=JUDGMENT, Ines=EXECUTION)
    await redrawn(world)
    named = f"Human judgment\n{world['Gus'].mention}"
    assert named in words_of(ballot)
    assert world["Gus"].mention not in words_of(hidden)
    assert named in text_of(await world["Lena"].slash(world.channel, "poll close", poll=2))


async def test_everyones_role_narrows_nothing(world: World) -> None:
    everyone = world.production.guild.default_role
    ballot = await open_poll(world, voters=everyone, department=everyone)
    draft = (await stored(world)).draft
    assert (draft.voter_role_id, draft.owner_role_id) == (None, None)
    assert field_of(ballot, "Who votes") == ""
