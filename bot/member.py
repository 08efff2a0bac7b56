"""Who acts, who was picked, and which roles a server has: the one place that reads members, roles and permissions.

Discord sends a member's role ids, permissions and names with every interaction. discord.py looks the ids up in its
cache, where a server has no roles between READY and GUILD_CREATE (at each start, after a session that ended) and old
ones during an outage. So rights come from the ids, of the names of roles those are kept that happen to be known, and
Discord is asked about a server that is not known.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import discord

from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Actor

SECONDS_TO_LOOK_UP = 1.5
"""How long Discord may take to say what did not come with the interaction, of the 3 s in which it wants an answer."""

Interaction = discord.Interaction[Any]
FoundT = TypeVar("FoundT")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who was picked or mentioned."""

    person: Person
    bot: bool


@dataclass(frozen=True, slots=True)
class Server:
    """A server as it is now.

    Attributes:
        name: its name.
        is_actors: whether it belongs to the person who acts.
    """

    name: str
    is_actors: bool


def actor_of(interaction: Interaction) -> Actor:
    """Return who acts, with the rights that Discord sent along.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    member, guild_id = interaction.user, interaction.guild_id
    if guild_id is None or not isinstance(member, discord.Member):
        raise DomainError("command.no_server")
    role_ids = member._roles  # the ids as Discord sent them; `roles` has only those in the cache
    return Actor(
        id=member.id,
        name=member.display_name,
        role_ids=frozenset((guild_id, *role_ids)),  # everyone holds the role with the server's id
        role_names=_names(interaction, role_ids),
        moderator=interaction.permissions.manage_guild,
    )


def picked(interaction: Interaction, user_id: int) -> Found | None:
    """Return the person who was picked or mentioned, if Discord sent them along."""
    if user_id == interaction.user.id:
        return Found(Person.of(actor_of(interaction)), interaction.user.bot)
    user = _resolved(interaction, "users").get(str(user_id)) or {}
    member = _resolved(interaction, "members").get(str(user_id)) or {}
    name = member.get("nick") or user.get("global_name") or user.get("username")
    if not name:
        return None
    roles = _names(interaction, map(int, member.get("roles") or ()))
    return Found(Person(user_id, name, roles), bool(user.get("bot")))


def _names(interaction: Interaction, role_ids: Iterable[int]) -> tuple[str, ...]:
    """Return the names of roles as far as they are known, the lowest role first."""
    guild = interaction.guild
    known = [role for role_id in role_ids if guild and (role := guild.get_role(role_id))]
    return tuple(role.name for role in sorted(known) if not role.is_default())


def _resolved(interaction: Interaction, kind: str) -> dict[str, Any]:
    """Return what Discord sent along of everything that the options or fields point at, by id."""
    data: Any = interaction.data or {}
    return (data.get("resolved") or {}).get(kind) or {}


async def look_up(interaction: Interaction, user_id: int) -> Found | None:
    """Return a member of the server; None if Discord does not say in time.

    Raises:
        discord.NotFound: They are not in the server.
    """
    guild = interaction.guild
    if guild is None:
        return None
    member = await _in_time(guild.fetch_member(user_id))
    return Found(Person(user_id, member.display_name), member.bot) if member else None


async def roles_of_server(interaction: Interaction) -> frozenset[int] | None:
    """Return the ids of the roles that the server has; None if Discord does not say in time."""
    guild = interaction.guild
    if guild is None:
        return None
    if not guild.unavailable:
        return frozenset(role.id for role in guild.roles)
    try:
        roles = await _in_time(guild.fetch_roles())
    except discord.NotFound:
        return None
    return frozenset(role.id for role in roles) if roles else None


async def missing_roles(interaction: Interaction, role_ids: Iterable[int]) -> frozenset[int] | None:
    """Return which of the roles the server does not have; None if Discord does not say in time."""
    sent_along = frozenset(map(int, _resolved(interaction, "roles")))
    asked = frozenset(role_ids) - sent_along
    if not asked:
        return asked
    here = await roles_of_server(interaction)
    return None if here is None else asked - here


async def server_of(interaction: Interaction) -> Server | None:
    """Return the server's name, and whether the actor owns it; None if Discord does not say in time.

    Raises:
        DomainError: command.no_server; the interaction came from outside a server.
    """
    guild, guild_id = interaction.guild, interaction.guild_id
    if guild is None or guild_id is None:
        raise DomainError("command.no_server")
    if guild.unavailable:
        try:
            guild = await _in_time(interaction.client.fetch_guild(guild_id, with_counts=False))
        except discord.NotFound:
            return None
    return Server(guild.name, guild.owner_id == interaction.user.id) if guild else None


async def _in_time(asked: Awaitable[FoundT]) -> FoundT | None:
    """Return what Discord says; None if it does not say in time.

    Raises:
        discord.NotFound: There is no such thing.
    """
    try:
        return await asyncio.wait_for(asked, SECONDS_TO_LOOK_UP)
    except discord.NotFound:
        raise
    except (OSError, aiohttp.ClientError, discord.HTTPException):  # a timeout is an OSError
        return None
