"""Reading what people type into sign-off commands."""

import asyncio
import re

import discord
from discord import app_commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, clip, guild_of
from domain.decision_log.entries import EntryType, LogEntry, Person
from domain.errors import DomainError
from domain.signoffs.request import SIGNERS_LIMIT
from domain.text import clean_line

SECONDS_TO_LOOK_UP = 1.5
"""Discord waits 3 s for the form; a name that is not known by then is kept as the person's id."""

_MENTION = re.compile(r"<@(?P<role>&?)!?(?P<id>[0-9]{15,20})>")


async def read_signers(interaction: Interaction, text: str) -> tuple[tuple[Person, ...], tuple[int, ...]]:
    """Return the people and the roles that `text` mentions; none if it is blank.

    Raises:
        DomainError: signoffs.signers_unclear, signoffs.too_many_signers, signoffs.unknown_role,
            signoffs.not_a_member, signoffs.bot_signer.
    """
    if _MENTION.sub("", text).strip(" ,;+&"):
        raise DomainError("signoffs.signers_unclear")
    found = list(dict.fromkeys((match["role"], int(match["id"])) for match in _MENTION.finditer(text)))
    if len(found) > SIGNERS_LIMIT:
        raise DomainError("signoffs.too_many_signers", count=len(found), limit=SIGNERS_LIMIT)
    guild = interaction.guild
    if guild is None:
        raise ValueError("this needs a server")
    roles = tuple(role_id for role, role_id in found if role)
    if guild.id in roles:  # Discord's id for everyone
        raise DomainError("signoffs.signers_unclear")
    if any(guild.get_role(role_id) is None for role_id in roles):
        raise DomainError("signoffs.unknown_role")
    people = (_person(guild, interaction.user, user_id) for role, user_id in found if not role)
    return tuple(await asyncio.gather(*people)), roles


async def _person(guild: discord.Guild, asker: discord.User | discord.Member, user_id: int) -> Person:
    if asker.id == user_id:
        return Person(user_id, asker.display_name)
    try:
        member = await asyncio.wait_for(guild.fetch_member(user_id), SECONDS_TO_LOOK_UP)
    except discord.NotFound:
        raise DomainError("signoffs.not_a_member", user_id=user_id) from None
    except (TimeoutError, discord.HTTPException):
        return Person(user_id, str(user_id))
    if member.bot:
        raise DomainError("signoffs.bot_signer", user_id=user_id)
    return Person(user_id, member.display_name)


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
