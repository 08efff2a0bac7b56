"""Discord's own errors and close codes, asked for by hand, without discord.py in between."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.limits import LimitViolation

from . import Channel, Loopback, Member, Reply
from .discord.gateway import AUTHENTICATION_FAILED

ANSWER = {"type": 4, "data": {"content": "Cut"}}


class Wire:
    """A client of the bare protocol."""

    def __init__(self, discord: Loopback, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.session = session

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, int]:
        """HTTP status and Discord's error code, 0 without one."""
        async with self.session.request(method, self.discord.url + path, json=body) as answer:
            words = await answer.json() if answer.content_type == "application/json" else {}
            return answer.status, words.get("code", 0) if isinstance(words, dict) else 0

    async def connect(self, token: str) -> aiohttp.ClientWebSocketResponse:
        async with self.session.get(f"{self.discord.url}/gateway/bot") as answer:
            line = await self.session.ws_connect((await answer.json())["url"])
        assert (await line.receive_json())["op"] == 10
        await line.send_json({"op": 2, "d": {"token": token, "intents": 1}})
        return line

    async def pressed(self, member: Member, channel: Channel) -> tuple[dict[str, Any], "asyncio.Task[Reply]"]:
        """An interaction as it came over the gateway, and the act that caused it."""
        line = await self.connect(self.discord.token)
        events = [await line.receive_json(), await line.receive_json()]
        assert [event["t"] for event in events] == ["READY", "GUILD_CREATE"]
        message = channel.say(member, "Ballot")
        act = asyncio.create_task(self.discord.press(member, message, custom_id="x", forged=True))
        return (await line.receive_json())["d"], act


async def send_once(path: str, body: object) -> None:
    async with Loopback() as discord, aiohttp.ClientSession() as session:
        session.headers["Authorization"] = f"Bot {discord.token}"
        await Wire(discord, session).call("POST", path, body)


@pytest.fixture
async def wire(discord: Loopback) -> AsyncIterator[Wire]:
    headers = {"Authorization": f"Bot {discord.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield Wire(discord, session)


async def test_a_second_acknowledgement_and_an_early_followup_are_refused(
    wire: Wire, gaffer: Member, channel: Channel
) -> None:
    interaction, act = await wire.pressed(gaffer, channel)
    callback = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
    followup = f"/webhooks/{interaction['application_id']}/{interaction['token']}"
    assert await wire.call("POST", followup, ANSWER["data"]) == (404, 10015)
    assert await wire.call("POST", callback, {"type": 8, "data": {"choices": []}}) == (400, 50035)
    assert await wire.call("POST", callback, ANSWER) == (204, 0)
    assert await wire.call("POST", callback, ANSWER) == (400, 40060)
    reply = await act
    assert await wire.call("POST", followup, ANSWER["data"]) == (204, 0)
    assert [one.content for one in reply.followups] == ["Cut"]
    assert await wire.call("PATCH", f"{followup}/messages/@original", {"content": "Print"}) == (200, 0)
    assert reply.content == "Print"
    assert await wire.call("DELETE", f"{followup}/messages/@original") == (204, 0)
    assert await wire.call("GET", f"{followup}/messages/@original") == (404, 10008)


async def test_a_token_dies_after_fifteen_minutes(wire: Wire, gaffer: Member, channel: Channel) -> None:
    interaction, act = await wire.pressed(gaffer, channel)
    assert await wire.call("POST", f"/interactions/{interaction['id']}/{interaction['token']}/callback", ANSWER) == (
        204,
        0,
    )
    (await act).grow_older(15 * 60)
    followup = f"/webhooks/{interaction['application_id']}/{interaction['token']}"
    assert await wire.call("POST", followup, ANSWER["data"]) == (401, 50027)


async def test_unknown_things_have_discords_codes(wire: Wire, gaffer: Member, channel: Channel) -> None:
    assert await wire.call("POST", "/interactions/1/nobody/callback", ANSWER) == (404, 10062)
    assert await wire.call("GET", "/channels/1") == (404, 10003)
    assert await wire.call("GET", "/guilds/1") == (404, 10004)
    assert await wire.call("GET", f"/channels/{channel.id}/messages/1") == (404, 10008)
    assert await wire.call("GET", f"/guilds/{channel.guild.id}/members/1") == (404, 10007)
    assert await wire.call("GET", f"/guilds/{channel.guild.id}/members/{gaffer.id}") == (200, 0)
    assert await wire.call("GET", "/applications/1/commands/1") == (404, 10063)


async def test_commands_are_kept_per_scope_and_keep_their_ids(wire: Wire) -> None:
    base = "/applications/1/commands"
    ask = {"type": 1, "name": "ask", "description": "Ask"}
    assert await wire.call("PUT", base, [ask]) == (200, 0)
    first = wire.discord.commands[0]["id"]
    assert await wire.call("POST", base, ask | {"description": "Ask me"}) == (200, 0)
    assert await wire.call("POST", base, ask | {"name": "help"}) == (201, 0)
    assert await wire.call("PATCH", f"{base}/{first}", {"description": "Ask us"}) == (200, 0)
    assert [(one["id"] == first, one["description"]) for one in wire.discord.commands] == [
        (True, "Ask us"),
        (False, "Ask"),
    ]
    assert await wire.call("PUT", "/applications/1/guilds/2/commands", [ask]) == (200, 0)
    assert await wire.call("DELETE", f"{base}/{first}") == (204, 0)
    assert [one["name"] for one in wire.discord.registry.visible(2)] == ["ask", "help"]


async def test_roles_are_counted_by_their_members(wire: Wire, gaffer: Member) -> None:
    async with wire.session.get(f"{wire.discord.url}/guilds/{gaffer.guild.id}/roles/member-counts") as answer:
        assert await answer.json() == {f"{gaffer.roles[0].id}": 1}
        assert int(answer.headers["X-RateLimit-Remaining"]) > 0


async def test_history_is_newest_first(wire: Wire, gaffer: Member, channel: Channel) -> None:
    for words in ("Slate", "Speed", "Action"):
        channel.say(gaffer, words)
    async with wire.session.get(f"{wire.discord.url}/channels/{channel.id}/messages?limit=2") as answer:
        assert [message["content"] for message in await answer.json()] == ["Action", "Speed"]


@pytest.mark.parametrize(
    ("path", "body"),
    [("/channels/1/typing", None), ("/channels/1/messages", {"content": ""})],
    ids=["a route that is not here", "a body over a limit"],
)
async def test_leaving_with_a_violation_fails_the_test(path: str, body: object) -> None:
    with pytest.raises(LimitViolation, match=f"POST {path}"):
        await send_once(path, body)


async def test_a_wrong_token_is_turned_away(wire: Wire) -> None:
    line = await wire.connect("someone.else's")
    assert (await line.receive()).type is aiohttp.WSMsgType.CLOSE
    assert line.close_code == AUTHENTICATION_FAILED
    wire.session.headers["Authorization"] = "Bot someone.else's"
    assert await wire.call("GET", "/users/@me") == (401, 0)


async def test_heartbeats_are_acknowledged_and_an_unknown_session_is_invalid(wire: Wire) -> None:
    line = await wire.connect(wire.discord.token)
    assert (await line.receive_json())["t"] == "READY"
    await line.send_json({"op": 1, "d": 1})
    assert (await line.receive_json())["op"] == 11
    resume = {"session_id": "nobody's", "seq": 1, "token": wire.discord.token}
    await line.send_json({"op": 6, "d": resume})
    assert await line.receive_json() == {"op": 9, "d": False}
