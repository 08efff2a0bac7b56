"""Events that nobody foresaw, on the wire: none of them ends the bot for everyone else."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.i18n import words as sentence
from tests.loopback import Kind
from tests.loopback.discord.reply import Asked, Reply
from tests.loopback.stage import Stage, posted, stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("odd")) as set_up:
        yield set_up


async def test_half_of_a_character_is_read_and_left_out(night: Stage) -> None:
    reply = await night.discord.slash(night.producer, night.channel, "poll open", task="Half \ud83c a word")
    assert "Half a word" in words(posted(reply))


async def test_an_interaction_that_cannot_be_read_ends_nothing(night: Stage) -> None:
    await night.discord.gateway.send(night.guild.id, "INTERACTION_CREATE", {"id": "1", "member": None})
    reply = await night.discord.slash(night.producer, night.channel, "help")
    assert reply.kind is Kind.MESSAGE
    assert "reading an interaction failed" in night.bot.tail()


@pytest.mark.parametrize("lost", ["guild_id", "member"])
async def test_what_comes_from_outside_a_server_is_answered_in_words(night: Stage, lost: str) -> None:
    ballot = await night.open_poll()
    data = {"component_type": 2, "custom_id": "poll:1:vote:execution"}
    reply = Reply(
        night.guild.new_id(),
        "a-token-of-an-interaction-in-a-dm",
        Asked.COMPONENT,
        night.producer,
        night.channel,
        clock=night.discord.clock,
    )
    reply.source = ballot
    night.discord._answers.expect(reply)
    payload = night.discord._payload(reply, data)
    payload["user"] = payload["member"]["user"]
    del payload[lost]
    await night.discord.gateway.send(night.guild.id, "INTERACTION_CREATE", payload)
    await reply.answered()
    assert reply.content == sentence("command.no_server")
