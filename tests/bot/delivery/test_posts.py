"""Messages in channels may be gone or out of reach: that is reported, never raised."""

import discord
import pytest

from bot.delivery.posts import Posts
from tests.world import World


async def test_a_message_is_sent_and_edited(world: World) -> None:
    posts = Posts(world.bot)
    message_id = await posts.send(world.channel.id, content="Take 1")
    assert message_id is not None
    assert await posts.edit(world.channel.id, message_id, content="Take 2")
    assert [message.content for message in world.channel.history()] == ["Take 2"]


async def test_a_deleted_message_is_reported(world: World, caplog: pytest.LogCaptureFixture) -> None:
    posts = Posts(world.bot)
    message_id = await posts.send(world.channel.id, content="Take 1")
    assert message_id is not None
    await world.channel.history()[0].delete()
    assert not await posts.edit(world.channel.id, message_id, content="Take 2")
    assert f"message {message_id} in channel {world.channel.id} cannot be edited: Discord says 10008" in caplog.text


async def test_a_channel_out_of_reach_is_reported(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50001)
    assert await Posts(world.bot).send(world.channel.id, content="Take 1") is None
    assert "Discord says 50001" in caplog.text


async def test_a_fault_of_discord_is_not_hidden(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=500)
    with pytest.raises(discord.HTTPException):
        await Posts(world.bot).send(world.channel.id, content="Take 1")
    assert world.channel.history() == []


async def test_nobody_is_pinged_by_what_the_bot_sends(world: World) -> None:
    await Posts(world.bot).send(world.channel.id, content="@everyone")
    sent = [request.json for request in world.env.http_requests if request.path.endswith("/messages")]
    assert [body["allowed_mentions"]["parse"] for body in sent if body] == [[]]
