"""Reading what people type into sign-off commands."""

import asyncio
import re
from collections.abc import Collection

import discord
from discord import app_commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.member import look_up, missing_roles, picked
from bot.ui import Interaction, clip, guild_of
from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.errors import DomainError
from domain.signoffs.request import SIGNERS_LIMIT
from domain.text import clean_line

_MENTION = re.compile(r"<@(?P<role>&?)!?(?P<id>[0-9]{15,20})>")


async def read_signers(interaction: Interaction, text: str) -> tuple[tuple[Person, ...], tuple[int, ...]]:
    """Return the people and the roles that `text` mentions; none if it is blank.

    Raises:
        DomainError: signoffs.signers_unclear, signoffs.too_many_signers, signoffs.unknown_role,
            signoffs.not_a_member, signoffs.bot_signer, command.server_unknown.
    """
    if _MENTION.sub("", text).strip(" ,;+&"):
        raise DomainError("signoffs.signers_unclear")
    found = list(dict.fromkeys((match["role"], int(match["id"])) for match in _MENTION.finditer(text)))
    if len(found) > SIGNERS_LIMIT:
        raise DomainError("signoffs.too_many_signers", count=len(found), limit=SIGNERS_LIMIT)
    roles = tuple(role_id for role, role_id in found if role)
    people = (_person(interaction, user_id) for role, user_id in found if not role)
    users, _ = await asyncio.gather(asyncio.gather(*people), check_roles(interaction, roles))
    return tuple(users), roles


async def check_roles(interaction: Interaction, roles: Collection[int]) -> None:
    """Check that signers' roles are in the server.

    Raises:
        DomainError: signoffs.signers_unclear, signoffs.unknown_role; command.server_unknown, where Discord does not say
            in time which roles there are.
    """
    if guild_of(interaction) in roles:  # Discord's id for everyone
        raise DomainError("signoffs.signers_unclear")
    missing = await missing_roles(interaction, roles)
    if missing is None:
        raise DomainError("command.server_unknown")
    if missing:
        raise DomainError("signoffs.unknown_role")


async def _person(interaction: Interaction, user_id: int) -> Person:
    """Return a person who was mentioned; one whose name Discord does not say in time is kept as their id."""
    try:
        found = picked(interaction, user_id) or await look_up(interaction, user_id)
    except discord.NotFound:
        raise DomainError("signoffs.not_a_member", user_id=user_id) from None
    if found and found.bot:
        raise DomainError("signoffs.bot_signer", user_id=user_id)
    return Person(user_id, found.person.name if found else str(user_id))


@quiet_autocomplete
async def suggest_piece(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest pieces of this server, the latest first."""
    found = await interaction.client.stores.signoffs.pieces(guild_of(interaction), current)
    return [app_commands.Choice(name=piece, value=piece) for piece in found if len(piece) <= CHOICE_LENGTH]


@quiet_autocomplete
async def suggest_own_entry(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Suggest entries of one's own that can be taken back, by number or piece."""
    entries = await interaction.client.stores.signoffs.own(guild_of(interaction), interaction.user.id)
    named = [(entry.seq, clip(_name(entry), CHOICE_LENGTH)) for entry in entries]
    wanted = clean_line(current).casefold()
    found = [app_commands.Choice(name=name, value=seq) for seq, name in named if wanted in name.casefold()]
    return found[:CHOICES]


def _name(entry: LogEntry) -> str:
    subject = entry.subject
    what = "request" if entry.type is EntryType.REQUEST else str(entry.verdict)
    return f"{entry.seq} · {what} · {subject.piece or '(erased)'}, cut {subject.cut or '?'}"
