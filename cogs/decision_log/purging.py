"""`/decision-log purge`: the owner takes a last export and deletes everything about the server."""

import tempfile
from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.export.file import ExportedFile, ExportRequest, Format, TooBig, write_export
from bot.member import Server, server_of
from bot.ui import Interaction, PersistentModal, act_of, guild_of
from domain.errors import DomainError
from domain.text import clean_line

NAME_LENGTH = 100
MIB = 1024 * 1024


class PurgeForm(PersistentModal, custom_id="decision-log:purge"):
    """Asks for the server's name, so nobody purges by accident."""

    title = "Delete all records of this server?"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="name", max_length=NAME_LENGTH)
        about = "You get a last export of the log first. Nothing can be brought back."
        return [discord.ui.Label(text="Type the name of this server", description=about, component=field)]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Export, then purge. Rights and name are checked again: the form may have been open for days."""
        guild_id, server = guild_of(interaction), await check_owner(interaction)
        if clean_line(str(values["name"] or "")).casefold() != clean_line(server.name).casefold():
            raise DomainError("decision_log.purge_name")
        await interaction.response.defer(ephemeral=True, thinking=True)
        head = await _last_export(interaction)
        client, act = interaction.client, act_of(interaction)
        purged = await client.stores.servers.purge(guild_id, act.at, head=head)
        await client.database.shred()
        entries = purged.entries if purged else 0
        await interaction.followup.send(
            f"All records of this server are deleted: {entries} entries of the log, polls, questions and settings. "
            "My messages in channels are yours to delete; their buttons do nothing any more.",
            ephemeral=True,
        )


class Purging(commands.Cog):
    """The command, a part of `/decision-log`."""

    @app_commands.command(name="purge")
    async def purge(self, interaction: Interaction) -> None:
        """Delete all records of this server, after a last export. Its owner alone can do that."""
        await check_owner(interaction)
        await PurgeForm().show(interaction)


async def check_owner(interaction: Interaction) -> Server:
    """Return the server if the person owns it.

    Raises:
        DomainError: command.no_server, decision_log.owner_only; command.server_unknown, where Discord does not say in
            time whose the server is.
    """
    server = await server_of(interaction)
    if server is None:
        raise DomainError("command.server_unknown")
    if not server.is_actors:
        raise DomainError("decision_log.owner_only")
    return server


async def _last_export(interaction: Interaction) -> tuple[int, str] | None:
    """Send everything as proof; return number and hash of the last entry, None if the log is empty."""
    guild_id, act, limit = guild_of(interaction), act_of(interaction), interaction.filesize_limit
    request = ExportRequest(Format.PROOF, act.at, act.actor.name)
    with tempfile.TemporaryFile() as file:
        work = partial(write_export, file=file, request=request, limit=limit)
        try:
            export: ExportedFile = await interaction.client.stores.exports.read(guild_id, work)
        except TooBig:
            raise DomainError("decision_log.purge_too_big", limit=limit // MIB) from None
        except DomainError as error:
            if error.key == "decision_log.empty":
                return None
            raise
        file.seek(0)
        name = f"decision-log-{act.at:%Y-%m-%d}-{export.found.total}.{request.format.suffix}"
        words = f"The last export: {export.found.total} entries. Save it before Discord's link expires."
        await interaction.followup.send(words, file=discord.File(file, name), ephemeral=True)
    return export.found.total, export.found.head


FORMS = (PurgeForm,)
