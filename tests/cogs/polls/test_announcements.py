"""Channels are told how their polls ended: once, despite crashes, outages and deleted channels."""

from typing import Any

import discord
import pytest
import simcord

from tests.cogs.polls.acts import EXECUTION, JUDGMENT, announcements, answer, open_poll, stored, vote
from tests.world import World, text_of

HOUR = 3600.0
POSTS = "/channels/*/messages"
WHY = "The scene was cut from the script."


async def end_untold(world: World, **options: Any) -> None:
    """Make a poll that the clock closes just as the bot dies, before it has told anybody."""
    await open_poll(world, closes="1h", **options)
    world.bot.cogs["Polls"]._clock.stop()  # type: ignore[attr-defined]  # the bot is dying
    await world.bot.stores.polls.close_due((await stored(world)).draft.closes_at)


def posts_of(channel: simcord.ChannelHandle) -> str:
    return f"/channels/{channel.id}/messages"


async def later(world: World, seconds: float) -> None:
    await world.env.advance_time(seconds)


async def test_a_poll_that_closed_in_a_crash_is_announced_at_the_next_start(world: World) -> None:
    await end_untold(world)
    await later(world, HOUR)
    assert announcements(world) == []
    await world.restart()
    await later(world, 1)
    (told,) = announcements(world)
    assert "A human judges" in told
    for _ in range(2):
        await world.restart()
        await later(world, 120)
    assert len(announcements(world)) == 1


async def test_a_late_announcement_says_so(world: World) -> None:
    await end_untold(world)
    await later(world, 3 * HOUR)
    await world.restart()
    await later(world, 1)
    assert announcements(world)[0].startswith("Poll 1 ended <t:")


async def test_what_ended_more_than_a_day_ago_is_not_announced(world: World) -> None:
    await end_untold(world)
    await later(world, 26 * HOUR)
    await world.restart()
    await later(world, 120)
    assert announcements(world) == []
    assert "A human judges" in text_of(await world["Gus"].slash(world.channel, "poll show", poll=1))


async def test_a_connection_that_comes_back_announces_nothing_twice(world: World) -> None:
    await open_poll(world, closes="1h")
    await later(world, HOUR + 5)
    for _ in range(3):
        world.bot.dispatch("ready")
        await later(world, 70)
    assert len(announcements(world)) == 1


async def test_an_outage_of_discord_is_waited_out(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await open_poll(world, closes="1h")
    world.env.inject_error("POST", POSTS, status=503, times=2)
    await later(world, HOUR + 5)
    assert announcements(world) == []
    assert "announcing the outcome of poll 1 failed" in caplog.text
    await later(world, 125)
    assert len(announcements(world)) == 1
    tries = [request.json for request in world.env.http_requests if request.path == posts_of(world.channel)]
    assert len(tries) == 3
    assert len({body["nonce"] for body in tries if body}) == 1
    assert all(len(body["nonce"]) <= 25 and body["enforce_nonce"] for body in tries if body)


async def test_a_close_whose_answer_was_lost_is_announced_all_the_same(world: World) -> None:
    await open_poll(world)
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert (await stored(world)).closed_at is not None
    assert len(announcements(world)) == 1


async def test_a_cancelled_poll_is_announced_after_a_crash_too(world: World) -> None:
    await open_poll(world)
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    await world["Lena"].slash(world.channel, "poll cancel", poll=1, reason=WHY)
    (told,) = announcements(world)
    assert WHY in told


async def test_a_poll_closed_by_hand_after_its_deadline_is_marked_late(world: World) -> None:
    await open_poll(world, closes="1h")
    world.bot.cogs["Polls"]._clock.stop()  # type: ignore[attr-defined]  # a clock that hangs
    await later(world, 2 * HOUR)
    told = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert (await stored(world)).closed_late
    assert "Closed late" in text_of(told)


async def thread_in(world: World) -> tuple[Any, Any]:
    """Return a thread of the crew's channel, as simcord's handle and as the bot's."""
    channel = await world.bot.fetch_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Scene 4", type=discord.ChannelType.public_thread)
    return next(handle for handle in world.channel.threads if handle.id == thread.id), thread


async def test_a_poll_in_a_deleted_channel_ends_at_its_deadline(world: World, caplog: pytest.LogCaptureFixture) -> None:
    handle, thread = await thread_in(world)
    ballot = answer(await world["Lena"].slash(handle, "poll open", task="Clean the plate", closes="1h"))
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    await thread.delete()
    await later(world, HOUR + 5)
    assert (await stored(world)).closed_at is not None
    assert "Discord says 10003" in caplog.text
    shown = await world["Gus"].slash(world.channel, "poll show", poll=1)
    assert "AI may execute" in text_of(shown)
    tries = len(world.env.http_requests)
    await later(world, 10 * HOUR)
    await world.restart()
    await later(world, 70)
    assert not [
        request for request in world.env.http_requests[tries:] if f"/channels/{handle.id}/messages" == request.path
    ]


async def test_a_poll_in_an_archived_thread_ends_at_its_deadline(world: World) -> None:
    handle, thread = await thread_in(world)
    await world["Lena"].slash(handle, "poll open", task="Clean the plate", closes="1h")
    await thread.edit(archived=True, locked=True)
    await later(world, HOUR + 5)
    assert (await stored(world)).closed_at is not None
    assert "A human judges" in text_of(await world["Gus"].slash(world.channel, "poll show", poll=1))


async def test_a_locked_thread_is_not_tried_again_and_again(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await open_poll(world, closes="1h")
    world.env.inject_error("POST", POSTS, status=400, code=50083)
    await later(world, HOUR + 5)
    assert "cannot be told of poll 1: 50083" in caplog.text
    await later(world, HOUR)
    assert announcements(world) == []


async def test_opening_a_poll_where_the_bot_cannot_post_warns(world: World) -> None:
    nobody = discord.PermissionOverwrite(send_messages=False, embed_links=False)
    overwrites: Any = {world.bot.user: nobody}
    closed = world.production.guild.create_text_channel("closed-set", overwrites=overwrites)
    opened = await world["Lena"].slash(closed, "poll open", task="Clean the plate")
    (warning,) = opened.followups
    assert warning.ephemeral
    assert "Embed Links, Send Messages" in warning.content
    assert (await world["Lena"].slash(world.channel, "poll open", task="Clean the plate")).followups == []


async def test_a_voter_who_left_has_voted_and_cannot_vote_twice_by_coming_back(world: World) -> None:
    ballot = await open_poll(world, department=world.production.departments["Lighting"])
    await vote(world, ballot, Gus=JUDGMENT, Ines=EXECUTION)
    world.production.guild.remove_member(world["Gus"])
    assert (await stored(world)).tally.turnout == 2
    returned = world.production.guild.add_member(world["Gus"].user)
    await returned.click(ballot, label=EXECUTION)
    poll = await stored(world)
    assert (poll.tally.turnout, poll.tally.everyone["execution"]) == (2, 2)  # type: ignore[index]  # a StrEnum's value


async def test_nobody_new_votes_once_the_voters_role_is_gone(world: World) -> None:
    camera = world.production.departments["Camera"]
    ballot = await open_poll(world, voters=camera, closes="1h")
    await vote(world, ballot, Ines=EXECUTION)
    guild = world.bot.get_guild(world.guild_id)
    assert guild is not None
    role = guild.get_role(camera.id)
    assert role is not None
    await role.delete()
    for pressed in (
        await world["Tomasz"].click(ballot, label=EXECUTION),
        await world["Gus"].click(ballot, label=JUDGMENT),
    ):
        assert "The role that votes in poll 1 was deleted" in text_of(pressed)
    form = await world["Tomasz"].click(ballot, label="Hold")
    assert "was deleted" in text_of(await world["Tomasz"].submit_modal(form, {"reason": "Wait for me"}))
    assert (await stored(world)).tally.turnout == 1
    assert "now closes" in text_of(await world["Lena"].slash(world.channel, "poll extend", poll=1, closes="+1h"))
    await later(world, 2 * HOUR + 5)
    assert (await stored(world)).closed_at is not None


async def test_votes_of_a_department_stay_its_votes_though_its_role_is_gone(world: World) -> None:
    camera = world.production.departments["Camera"]
    ballot = await open_poll(world, department=camera)
    await vote(world, ballot, Ines=JUDGMENT, Tomasz=JUDGMENT)
    guild = world.bot.get_guild(world.guild_id)
    assert guild is not None
    role = guild.get_role(camera.id)
    assert role is not None
    await role.delete()
    await vote(world, ballot, Gus=EXECUTION, Priya=EXECUTION, Ravi=EXECUTION)
    closed = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert "department that owns the task was mostly for judgment" in text_of(closed)
