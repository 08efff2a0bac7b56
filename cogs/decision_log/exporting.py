"""An export from the command to the file, and the button that sends one month by month when it is too big."""

import shlex
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import timedelta, tzinfo
from functools import partial
from typing import IO, Annotated

import discord

from bot.custom_ids import digits, one_of
from bot.events import LOG_EXPORTED
from bot.export.ballots import BallotFile, entry_with_ballots, write_export_and_ballots, write_months_and_ballots
from bot.export.file import ExportRequest, Format, TooBig, parse_days
from bot.export.months import MonthFile, can_split, combined_survey
from bot.ui import Bot, Interaction, PersistentButton, act_of, buttons, guild_of
from cogs.decision_log.cards import ballots_words, export_words, months_words, too_big_words
from cogs.decision_log.progress import ExportProgress
from domain.decision_log.entries import LogEntry
from domain.errors import DomainError
from domain.export.filters import Filter, Kind, Survey, record_export
from domain.polls.poll import PollVerdict
from domain.signoffs.choices import SignoffVerdict

OFFER_VALID_FOR = timedelta(minutes=15)
ANY = "any"
NO_DAY = "0"
FILES_TO_A_MESSAGE = 10
REQUEST_LIMIT = 24 * 1024 * 1024
"""Bytes of the files of one message; Discord takes 25 MiB in a request, even where one file may be larger."""


class Exporter:
    """Writes exports for the command and the button, one at a time for each server and minute."""

    def __init__(self, bot: Bot) -> None:
        self._store, self._exports = bot.stores.decisions, bot.stores.exports
        self._cooldown = bot.export_cooldown

    async def send(self, interaction: Interaction, request: ExportRequest) -> None:
        """Answer with the file, or with what can be done if it is too big."""
        async with self._turn(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._send_file(interaction, request)

    async def send_months(self, interaction: Interaction, request: ExportRequest) -> None:
        """Answer with a file for each month."""
        async with self._turn(interaction):
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._send_months(interaction, request)

    @asynccontextmanager
    async def _turn(self, interaction: Interaction) -> AsyncIterator[None]:
        """Use up the server's turn, or give it back if the export fails.

        Raises:
            DomainError: decision_log.too_soon.
        """
        guild_id = guild_of(interaction)
        if free_at := self._cooldown.wait(guild_id, interaction.created_at):
            raise DomainError("decision_log.too_soon", when=discord.utils.format_dt(free_at, "R"))
        try:
            yield
        except BaseException:
            self._cooldown.give_back(guild_id)
            raise

    async def _send_file(self, interaction: Interaction, request: ExportRequest) -> None:
        guild_id, limit = guild_of(interaction), limit_of(interaction)
        with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as votes:
            try:
                async with ExportProgress(interaction) as progress:
                    write = partial(
                        write_export_and_ballots,
                        file=file,
                        votes=votes,
                        request=request,
                        limit=limit,
                        on_progress=progress.note,
                    )
                    export, ballots = await self._exports.read(guild_id, write)
                    check_found(export.found)
            except TooBig as error:
                await self._offer(interaction, progress, request, error)
                return
            entry = await self._record(interaction, request, export.found, export.sha256, ballots)
            text, files = (
                export_words(export.found, request.format, entry),
                [attach(file, file_name(request, export.found))],
            )
            if ballots and ballots.count:
                text += f"\n{ballots_words(ballots.count)}"
                files.append(attach(votes, ballots_name(request, export.found)))
            await progress.answer(text, files)

    async def _record(
        self,
        interaction: Interaction,
        request: ExportRequest,
        found: Survey,
        sha256: str | list[str],
        ballots: BallotFile | None,
    ) -> LogEntry:
        """Record in the log what is about to be sent."""
        draft = record_export(act_of(interaction), request.wanted, found, file_format=request.format, sha256=sha256)
        entry = await self._store.record(guild_of(interaction), entry_with_ballots(draft, ballots))
        interaction.client.dispatch(LOG_EXPORTED, guild_of(interaction))
        return entry

    async def _offer(
        self, interaction: Interaction, progress: ExportProgress, request: ExportRequest, error: TooBig
    ) -> None:
        """Say, before anybody waits, that it is too big, and what to do."""
        limit = limit_of(interaction)
        self._cooldown.give_back(guild_of(interaction))
        split = can_split(error.found, request, limit)
        about = await self._entry_about(guild_of(interaction), request.wanted)
        text = too_big_words(error, limit, split=split, command=host_command(guild_of(interaction), request))
        view = buttons(MonthsButton.for_request(request, about)) if split else discord.utils.MISSING
        await progress.answer(text, [], view)

    async def _entry_about(self, guild_id: int, wanted: Filter) -> int:
        """Return an entry about the piece that was asked for, since its name does not fit into a button; 0 for none."""
        if wanted.piece is None:
            return 0
        page = await self._store.entries(guild_id, Filter(piece=wanted.piece), limit=1)
        return page.entries[0].seq if page.entries else 0

    async def _send_months(self, interaction: Interaction, request: ExportRequest) -> None:
        guild_id, limit = guild_of(interaction), limit_of(interaction)
        with ExitStack() as files:
            votes = files.enter_context(tempfile.TemporaryFile())
            try:
                async with ExportProgress(interaction) as progress:
                    write = partial(
                        write_months_and_ballots,
                        request=request,
                        limit=limit,
                        files=files,
                        votes=votes,
                        on_progress=progress.note,
                    )
                    parts, ballots = await self._exports.read(guild_id, write)
                    found = combined_survey(parts)
            except TooBig as error:
                command = host_command(guild_id, request)
                raise DomainError("decision_log.month_too_big", limit=limit // 2**20, command=command) from error
            hashes = [part.export.sha256 for part in parts]
            entry = await self._record(interaction, request, found, hashes, ballots)
            await self._deliver(interaction, progress, request, parts, entry)
            if ballots and ballots.count:
                text, name = ballots_words(ballots.count, "This file"), ballots_name(request, found)
                await interaction.followup.send(text, file=attach(votes, name), ephemeral=True)

    async def _deliver(
        self,
        interaction: Interaction,
        progress: ExportProgress,
        request: ExportRequest,
        parts: tuple[MonthFile, ...],
        entry: LogEntry,
    ) -> None:
        found = combined_survey(parts)
        for number, batch in enumerate(batches(parts)):
            attached = [attach(part.file, file_name(request, found, part.month)) for part in batch]
            text = months_words(found, batch, request.format, entry)
            if number == 0:
                await progress.answer(text, attached)
            else:
                await interaction.followup.send(text, files=attached, ephemeral=True)


class MonthsButton(
    PersistentButton, custom_id="export:months:{file_format}:{first}:{last}:{about}:{person}:{answer}:{kind}"
):
    """Sends a file for each month. All of the filter travels in its custom_id.

    Only the person who asked for the export sees it, and it stops working after a while.
    """

    file_format: Format
    first: Annotated[str, digits(8)]
    last: Annotated[str, digits(8)]
    about: Annotated[str, digits(15)]  # text like the days: what is written is what was read, zeros included
    person: Annotated[str, digits(19)]
    answer: Annotated[str, one_of(ANY, *SignoffVerdict, *PollVerdict)]
    kind: Kind
    label = "Send it month by month"

    @classmethod
    def for_request(cls, request: ExportRequest, about: int) -> "MonthsButton":
        """Build the button for an request; `about` is an entry about the piece that was asked for, 0 for none."""
        wanted = request.wanted
        first, last = (f"{day:%Y%m%d}" if day else NO_DAY for day in request.days)
        person, answer = str(wanted.person or 0), wanted.verdict or ANY
        return cls(request.format, first, last, str(about), person, answer, wanted.kind)

    async def act(self, interaction: Interaction) -> None:
        message = interaction.message
        offered_at = message.created_at if message and message.flags.ephemeral else None
        if offered_at is None or interaction.created_at - offered_at > OFFER_VALID_FOR:
            raise DomainError("decision_log.offer_over")
        act = act_of(interaction)
        zone = (await interaction.client.stores.settings.get(guild_of(interaction))).zone
        request = ExportRequest(self.file_format, act.at, act.actor.name, await self._filter(interaction, zone), zone)
        await Exporter(interaction.client).send_months(interaction, request)

    async def _filter(self, interaction: Interaction, zone: tzinfo) -> Filter:
        piece = None
        if about := int(self.about):
            entry = await interaction.client.stores.decisions.entry(guild_of(interaction), about)
            piece = entry.subject.piece
            if piece is None:  # erased since; without it the filter would let everything through
                raise DomainError("decision_log.offer_over")
        since, until = parse_days(_day(self.first), _day(self.last), zone)
        verdict = None if self.answer == ANY else self.answer
        return Filter(since, until, piece, int(self.person) or None, verdict, self.kind)


def _day(digits: str) -> str | None:
    """Return a day as `between` takes it; that refuses what is not a day."""
    return None if digits == NO_DAY else f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def limit_of(interaction: Interaction) -> int:
    """Return how many bytes Discord takes from this person, in this server, in one file."""
    return interaction.filesize_limit


def check_found(found: Survey) -> None:
    """Raise DomainError if the filter matched nothing."""
    if not found.shown:
        raise DomainError("decision_log.nothing_matches", total=found.total)


def batches(parts: tuple[MonthFile, ...]) -> list[list[MonthFile]]:
    """Return the files of each message, in request."""
    found: list[list[MonthFile]] = []
    size = 0
    for part in parts:
        bytes_here = part.file.seek(0, 2)
        part.file.seek(0)
        if not found or len(found[-1]) == FILES_TO_A_MESSAGE or size + bytes_here > REQUEST_LIMIT:
            found.append([])
            size = 0
        found[-1].append(part)
        size += bytes_here
    return found


def file_name(request: ExportRequest, found: Survey, month: str = "") -> str:
    """Return the name of an exported file: the day it was made, how long the log was, and the month that it holds."""
    parts = ["decision-log", f"{request.made_at:%Y-%m-%d}", str(found.total), *([month] if month else [])]
    return f"{'-'.join(parts)}.{request.format.suffix}"


def ballots_name(request: ExportRequest, found: Survey) -> str:
    """Return the name of the table of ballots that goes with an export."""
    return f"decision-log-{request.made_at:%Y-%m-%d}-{found.total}-ballots.csv"


def attach(file: IO[bytes], name: str) -> discord.File:
    """Attach a file that was just written, from its beginning."""
    file.seek(0)
    return discord.File(file, name)  # type: ignore[arg-type]  # a temporary file is one in all but name


def host_command(guild_id: int, request: ExportRequest) -> str:
    """Return the command with which the host gets the same export in any size."""
    wanted = request.wanted
    days = zip(("from", "to"), (str(day) if day else None for day in request.days), strict=True)
    asked = dict(days) | {"piece": wanted.piece, "person": wanted.person and str(wanted.person)}
    asked |= {"verdict": wanted.verdict}
    asked |= {"kind": None if wanted.types is None else wanted.kind.value}
    words = ["circle-take", "export", "--guild", str(guild_id), "--format", request.format.value]
    words += ["--output", f"decision-log.{request.format.suffix}"]
    words += [word for name, value in asked.items() if value for word in (f"--{name}", value)]
    return shlex.join(words).replace("`", "'")


ITEMS = (MonthsButton,)
