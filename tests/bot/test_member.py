"""Who acts and which roles there are, when the cache of servers knows nothing, or what is old."""

from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot import member
from bot.client import CircleTake
from domain.decision_log.entries import Person
from tests.world import World

HERE, ROLE, OTHER_ROLE, ADA, BEN = 10**17, 10**17 + 1, 10**17 + 2, 10**17 + 3, 10**17 + 4


def someone(user_id: int, *roles: int, name: str = "Ada", **more: Any) -> dict[str, Any]:
    """Return a member as Discord sends it."""
    user = {"id": f"{user_id}", "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None}
    times = {"joined_at": "2026-01-05T08:00:00+00:00", "deaf": False, "mute": False, "flags": 0, "nick": None}
    return {"user": user, "roles": [f"{role}" for role in roles], "permissions": "0"} | times | more


@pytest.fixture
def press(world: World) -> Callable[..., discord.Interaction[CircleTake]]:
    """Return what makes an interaction in a server that the bot has not heard of."""

    def make(sent: dict[str, Any], guild_id: int = HERE, **resolved: Any) -> discord.Interaction[CircleTake]:
        identity = {"id": "1", "application_id": "2", "token": "t", "version": 1, "type": 3, "guild_id": f"{guild_id}"}
        data = {"custom_id": "x", "component_type": 2, "resolved": resolved}
        payload: Any = identity | {"data": data, "member": sent, "attachment_size_limit": 1}
        state: Any = world.bot._connection
        return discord.Interaction(data=payload, state=state)

    return make


Press = Callable[..., discord.Interaction[CircleTake]]


async def test_rights_and_name_come_with_the_press(press: Press) -> None:
    moderator = f"{discord.Permissions(manage_guild=True).value}"
    actor = member.actor_of(press(someone(ADA, ROLE, nick="Ada of Sound", permissions=moderator)))
    assert (actor.id, actor.name, actor.moderator) == (ADA, "Ada of Sound", True)
    assert actor.role_ids == {HERE, ROLE}, "everyone holds the role with the server's id"
    assert actor.role_names == (), "no name is known"


async def test_no_number_of_roles_keeps_anybody_from_acting(press: Press) -> None:
    roles = range(ROLE, ROLE + 250)
    assert member.actor_of(press(someone(ADA, *roles))).role_ids == {HERE, *roles}


async def test_names_are_those_of_the_roles_that_are_known(world: World, press: Press) -> None:
    direction = world.production.departments["Direction"]
    actor = member.actor_of(press(someone(ADA, ROLE, direction.id), world.guild_id))
    assert actor.role_ids == {world.guild_id, ROLE, direction.id}
    assert actor.role_names == ("Direction",)


async def test_who_was_picked_comes_with_the_form(press: Press) -> None:
    ben = someone(BEN, ROLE, name="Ben")
    form = press(someone(ADA), users={f"{BEN}": ben["user"] | {"bot": True}}, members={f"{BEN}": ben})
    assert member.picked(form, BEN) == member.Found(Person(BEN, "Ben"), bot=True)
    assert member.picked(form, ADA) == member.Found(Person(ADA, "Ada"), bot=False)
    assert member.picked(form, ROLE) is None


async def test_a_role_that_was_sent_along_is_there(press: Press) -> None:
    form = press(someone(ADA), roles={f"{ROLE}": {}})
    assert await member.missing_roles(form, [ROLE]) == frozenset()


async def test_roles_of_a_server_that_nobody_knows_are_not_gone(press: Press) -> None:
    asked = press(someone(ADA))
    assert await member.roles_of_server(asked) is None
    assert await member.missing_roles(asked, [ROLE]) is None
    assert await member.missing_roles(asked, []) == frozenset()
    assert await member.server_of(asked) is None


async def test_a_server_that_is_out_of_reach_is_asked_for(world: World, press: Press) -> None:
    cached = world.bot.get_guild(world.guild_id)
    assert cached is not None
    cached.unavailable = True
    cached._roles.clear()
    asked, direction = press(someone(ADA), world.guild_id), world.production.departments["Direction"].id
    assert await member.missing_roles(asked, [direction, OTHER_ROLE]) == frozenset({OTHER_ROLE})
    server = await member.server_of(asked)
    assert server is not None
    assert (server.name, server.is_actors) == (world.production.guild.name, False)


async def test_what_discord_does_not_say_in_time_is_not_known(
    world: World, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member, "SECONDS_TO_LOOK_UP", 0.0)
    asked = press(someone(ADA))
    assert await member.roles_of_server(asked) is None
    assert await member.look_up(asked, BEN) is None
