"""The commands of the decision log."""

import io
import tempfile
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.ballot_file import Ballots, has_ballots, with_ballots, write_ballots
from bot.export_file import Export, Format, Order, TooBig, between, write_export
from bot.incoming import choice, read_attachment
from bot.ui import Interaction, act_of, guild_of
from cogs.decision_log.anchoring import EXPORTED
from cogs.decision_log.cards import ballots_words, export_words, report_card
from cogs.decision_log.checking import check_log, check_upload, recall
from cogs.decision_log.policy import read_change, run_policy, suggest_pattern
from cogs.decision_log.purging import Purging
from cogs.decision_log.voiding import Voiding
from db.decisions import DecisionStore, LogReader
from domain.choices import Verdict
from domain.errors import DomainError
from domain.exports import Filter, Kind, record_export
from domain.people import Act
from domain.slate import PIECE_LENGTH

MIB = 1024 * 1024
UPLOAD_LIMIT = 25 * MIB
"""Bytes of an attached export that the bot reads; larger ones are for `circle-take verify`."""

FORMATS = [
    app_commands.Choice(name="csv: a table for spreadsheets", value=Format.CSV.value),
    app_commands.Choice(name="jsonl: proof that can be verified", value=Format.JSONL.value),
]
VERDICTS = [
    *(app_commands.Choice(name=verdict.label, value=verdict.value) for verdict in Verdict),
    app_commands.Choice(name="AI may execute (polls)", value="execution"),
    app_commands.Choice(name="A human judges (polls)", value="judgment"),
]
KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in Kind]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class DecisionLog(
    Voiding, Purging, commands.GroupCog, group_name="decision-log", group_description="Export the log and prove it."
):
    """Receives Discord's events and hands them on. Who may is Discord's to say: Server Settings › Integrations."""

    def __init__(self, store: DecisionStore) -> None:
        self._store = store

    @app_commands.command(name="export")
    @app_commands.rename(file_format="format", first="from", last="to")
    @app_commands.describe(
        file_format="A table for people, or proof",
        first="The first day, such as 2026-11-20 (UTC)",
        last="The last day, itself included",
        piece="Only this piece",
        person="Only entries that this person made, or polls they took part in",
        verdict="Only this answer",
        kind="Sign-offs, polls, or everything",
    )
    @app_commands.choices(file_format=FORMATS, verdict=VERDICTS, kind=KINDS)
    async def export(
        self,
        interaction: Interaction,
        file_format: str,
        first: str | None = None,
        last: str | None = None,
        piece: str | None = None,
        person: discord.User | None = None,
        verdict: str | None = None,
        kind: str = Kind.ALL.value,
    ) -> None:
        """Get the entries of the log that you ask for as a file. The export is an entry itself."""
        act, (since, until) = act_of(interaction), between(first, last)
        wanted = Filter(since, until, piece, person.id if person else None, verdict, choice(Kind, kind))
        order = Order(choice(Format, file_format), act.at, act.actor.name, wanted)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._export(interaction, act, order)

    async def _export(self, interaction: Interaction, act: Act, order: Order) -> None:
        guild_id, limit = guild_of(interaction), interaction.filesize_limit
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as ballots_file:

            def write(log: LogReader) -> tuple[Export, Ballots | None]:
                export = write_export(log, file, order, limit=limit)
                wanted = has_ballots(order.format, order.wanted.kind)
                return export, write_ballots(log, ballots_file, order, export, limit=limit) if wanted else None

            try:
                export, ballots = await self._store.read(guild_id, write)
            except TooBig as error:
                command = f"circle-take export --guild {guild_id} --format {order.format} --output PATH"
                raise DomainError(
                    "decision_log.too_big", shown=error.found.shown, limit=limit // MIB, command=command
                ) from None
            if not export.found.shown:
                raise DomainError("decision_log.nothing_matches", total=export.found.total)
            draft = record_export(act, order.wanted, export.found, file_format=order.format, sha256=export.sha256)
            entry = await self._store.record(guild_id, with_ballots(draft, ballots))
            interaction.client.dispatch(EXPORTED, guild_id)
            name = f"decision-log-{act.at:%Y-%m-%d}-{export.found.total}"
            text, files = export_words(export, order.format, entry), [attach(file, f"{name}.{order.format}")]
            if ballots and ballots.count:
                text += f"\n{ballots_words(ballots.count)}"
                files.append(attach(ballots_file, f"{name}-ballots.csv"))
            await interaction.followup.send(text, files=files, ephemeral=True)

    @app_commands.command(name="verify")
    @app_commands.describe(file="An exported jsonl file; the server's own log if left out")
    async def verify(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        """Recompute the log, or an export of it, and say what holds."""
        if file and file.size > UPLOAD_LIMIT:
            raise DomainError("decision_log.file_too_big", size=-(-file.size // MIB), limit=UPLOAD_LIMIT // MIB)
        await interaction.response.defer(ephemeral=True, thinking=True)
        work = partial(check_upload, data=await read_attachment(file)) if file else check_log
        check = await self._store.read(guild_of(interaction), work)
        check = recall(check, await interaction.client.stores.servers.purged(check.report.log))
        await interaction.followup.send(embed=report_card(check.report, check.note), ephemeral=True)

    @app_commands.command(name="policy")
    @app_commands.rename(maker="self")
    @app_commands.describe(
        piece="A piece, or a pattern such as Harbour* or * for all; without options you see what there is",
        signers="Mention the roles that must sign, one holder of each; none takes the policy away",
        need="all, or how many of them",
        maker="Whether whoever opens the sign-off may sign it too",
        disclosure="Whether the client must be told of AI's part before a cut is cleared",
    )
    @app_commands.autocomplete(piece=suggest_pattern)
    async def policy(
        self,
        interaction: Interaction,
        piece: app_commands.Range[str, 1, PIECE_LENGTH] | None = None,
        signers: str | None = None,
        need: str | None = None,
        maker: bool | None = None,  # noqa: FBT001 - Discord's options arrive by name
        disclosure: bool | None = None,  # noqa: FBT001
    ) -> None:
        """Say who must sign which pieces; a change is an entry of the log."""
        change = read_change(interaction.guild, piece, signers, need, maker, disclosure)
        await run_policy(interaction, interaction.client.stores.policies, change)


def attach(file: io.BufferedIOBase, name: str) -> discord.File:
    """A file that was just written, from its beginning."""
    file.seek(0)
    return discord.File(file, name)
