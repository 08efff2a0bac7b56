"""The commands of the decision log."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.export.file import ExportRequest, Format, parse_days
from bot.incoming import choice, read_attachment
from bot.ui import Bot, Interaction, act_of, guild_of
from cogs.decision_log.cards import MIB, report_card
from cogs.decision_log.exporting import Exporter
from cogs.decision_log.purging import Purging
from cogs.decision_log.voiding import Voiding
from cogs.signoffs.policy import read_change, run_policy, suggest_pattern
from domain.errors import DomainError
from domain.export.filters import Filter, Kind
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.slate import PIECE_LENGTH

UPLOAD_LIMIT = 25 * MIB
"""Bytes of an attached export that the bot reads; larger ones are for `circle-take verify`."""

FORMATS = [
    app_commands.Choice(name="csv: a table for any spreadsheet", value=Format.CSV.value),
    app_commands.Choice(name="xlsx: a table for Excel", value=Format.XLSX.value),
    app_commands.Choice(name="html: a page to read and print, which checks itself", value=Format.HTML.value),
    app_commands.Choice(name="proof: a ZIP with everything to verify it", value=Format.PROOF.value),
    app_commands.Choice(name="jsonl: the bare proof, for programs", value=Format.JSONL.value),
]
VERDICTS = [
    *(app_commands.Choice(name=verdict.label, value=verdict.value) for verdict in SignoffVerdict),
    app_commands.Choice(name="AI may execute (polls)", value="execution"),
    app_commands.Choice(name="A human judges (polls)", value="judgment"),
]
KINDS = [app_commands.Choice(name=kind.value, value=kind.value) for kind in Kind]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class DecisionLog(
    Voiding, Purging, commands.GroupCog, group_name="decision-log", group_description="Export the log and prove it."
):
    """Commands of moderators. Discord decides who may use them: Server Settings › Integrations."""

    def __init__(self, bot: Bot) -> None:
        self._store = bot.stores.decisions
        self._exporter = Exporter(bot)
        self._checking: set[int] = set()
        self._lane = asyncio.Lock()  # checks keep a processor busy: several at once would hold up votes

    @contextlib.asynccontextmanager
    async def _turn(self, guild_id: int) -> AsyncIterator[None]:
        """Let a server run one check at a time.

        Raises:
            DomainError: decision_log.checking.
        """
        if guild_id in self._checking:
            raise DomainError("decision_log.checking")
        self._checking.add(guild_id)
        try:
            yield
        finally:
            self._checking.discard(guild_id)

    @app_commands.command(name="export")
    @app_commands.rename(file_format="format", first="from", last="to")
    @app_commands.describe(
        file_format="A table for people, or proof",
        first="The first day, such as 2026-11-20, in the server's time zone",
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
        act, zone = act_of(interaction), (await interaction.client.stores.settings.get(guild_of(interaction))).zone
        since, until = parse_days(first, last, zone)
        wanted = Filter(since, until, piece, person.id if person else None, verdict, choice(Kind, kind))
        await self._exporter.send(
            interaction, ExportRequest(choice(Format, file_format), act.at, act.actor.name, wanted, zone)
        )

    @app_commands.command(name="verify")
    @app_commands.describe(file="An exported jsonl, html or proof file; the server's own log if left out")
    async def verify(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        """Recompute the log, or an export of it, and say what holds."""
        from cogs.decision_log.checking import check_log, check_upload, compare_with_purged

        if file and file.size > UPLOAD_LIMIT:
            raise DomainError("decision_log.file_too_big", size=-(-file.size // MIB), limit=UPLOAD_LIMIT // MIB)
        async with self._turn(guild_of(interaction)):
            await interaction.response.defer(ephemeral=True, thinking=True)
            async with self._lane:
                work = partial(check_upload, file=io.BytesIO(await read_attachment(file))) if file else check_log
                check = await interaction.client.stores.exports.read(guild_of(interaction), work)
        check = compare_with_purged(check, await interaction.client.stores.servers.purged(check.report.log))
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
        change = await read_change(interaction, piece, signers, need, maker, disclosure)
        await run_policy(interaction, interaction.client.stores.policies, change)
