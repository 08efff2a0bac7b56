"""The commands `circle-take export` and `circle-take verify`."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Self

from bot.config import Config
from bot.export.ballots import BallotFile, ballots_path, entry_with_ballots, has_ballots, write_export_and_ballots
from bot.export.file import ExportedFile, ExportRequest, Format, parse_days
from bot.host.terminal import CommandError
from bot.i18n import words
from db.decision_log.store import DecisionStore
from db.engine import opening
from db.engine.database import Database
from db.engine.locks import occupied_to_upgrade
from db.export.log_reader import ExportStore, LogReader
from db.settings import SettingsStore
from domain.decision_log.entries import NewEntry
from domain.errors import DomainError
from domain.export.filters import Filter, Kind, record_export
from domain.people import Act, Actor
from domain.proof.reports import Pin
from domain.signoffs.choices import SignoffVerdict

SECONDS_BETWEEN_LINES = 5.0
"""How often a long export prints its progress when stderr is not a terminal."""


def add_arguments(calls: Any, settings: Callable[..., Config]) -> None:
    """Add `export` and `verify` to the subparsers `calls`; `settings` reads the configuration."""
    export = calls.add_parser("export", help="write a server's decision log to a file; the bot may be running")
    export.add_argument("--guild", type=int, required=True, metavar="ID", help="the server's Discord id")
    export.add_argument(
        "--format",
        type=Format,
        choices=list(Format),
        required=True,
        help="csv, xlsx: tables; jsonl, html, proof (a ZIP): proof",
    )
    export.add_argument("--output", type=Path, required=True, metavar="PATH", help="a file that is not there yet")
    export.add_argument(
        "--from", dest="since", metavar="DAY", help="the first day, such as 2026-11-20, where the crew is"
    )
    export.add_argument("--to", dest="until", metavar="DAY", help="the last day, itself included")
    export.add_argument("--piece", help="only this piece, in any letter case")
    export.add_argument("--person", type=int, metavar="ID", help="only what this person made or voted in")
    export.add_argument("--verdict", choices=[*map(str, SignoffVerdict), "execution", "judgment"])
    export.add_argument("--kind", type=Kind, choices=list(Kind), default=Kind.ALL)
    export.set_defaults(call=lambda args: export_command(args, settings(need_token=False)))

    verify = calls.add_parser("verify", help="check an exported proof: 0 intact and pinned, 1 broken, 2 unpinned")
    verify.add_argument("file", type=_readable, metavar="FILE")
    verify.add_argument("--pin", type=_pin, action="append", default=[], metavar="N:HEX", help="a receipt or an anchor")
    verify.add_argument("--previous", type=_readable, metavar="FILE", help="an earlier export of the same log")
    verify.set_defaults(call=verify_command)


def _readable(path: str) -> Path:
    try:
        with Path(path).open("rb"):
            return Path(path)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be read ({error.strerror})") from error


def _pin(text: str) -> str:
    try:
        Pin.parse(text)
    except DomainError as error:
        raise argparse.ArgumentTypeError(words(error.key, **error.params)) from error
    return text


def export_command(args: argparse.Namespace, config: Config) -> int:
    """Run `circle-take export`: write the file, record the export in the log, and return the exit code.

    Raises:
        UnusableDatabase: there is no database of the bot.
        CommandError: the output exists or cannot be written, the log is empty, or a day is invalid.
    """
    second = [ballots_path(args.output)] if has_ballots(args.format, args.kind) else []
    for path in (args.output, *second):
        if path.exists():
            raise CommandError(f"{path} exists already and was left alone. Choose another name.")
    opening.inspect(config.database_path)
    try:
        export, ballots = asyncio.run(_export(config.database_path, args))
    except DomainError as error:
        raise CommandError(words(error.key, **error.params)) from error
    except OSError as error:
        raise CommandError(f"{args.output} cannot be written ({error.strerror}).") from error
    found = export.found
    print(f"{args.output}: {found.shown} of {found.total} entries. Head {found.total}:{found.head}")
    if ballots and ballots.count:
        print(f"{ballots_path(args.output)}: {ballots.count} votes of these polls, secret ballots without voters.")
    return 0


async def _export(database_path: Path, args: argparse.Namespace) -> tuple[ExportedFile, BallotFile | None]:
    with occupied_to_upgrade(database_path):
        opened = await Database.open(database_path)
    async with opened as database:
        zone = (await SettingsStore(database).get(args.guild)).zone
        since, until = parse_days(args.since, args.until, zone)
        wanted = Filter(since, until, args.piece, args.person, args.verdict, args.kind)
        request = ExportRequest(args.format, datetime.now(UTC), "the host", wanted, zone)
        return await _write(database, args.guild, args.output, request)


async def _write(
    database: Database, guild_id: int, output: Path, request: ExportRequest
) -> tuple[ExportedFile, BallotFile | None]:
    draft, votes = (path.with_name(f".{path.name}.part") for path in (output, ballots_path(output)))

    def write(log: LogReader) -> tuple[ExportedFile, BallotFile | None]:
        with draft.open("w+b") as file, votes.open("wb") as second, ProgressLine() as progress:
            return write_export_and_ballots(log, file, second, request, on_progress=progress.tell)

    try:
        export, ballots = await ExportStore(database).read(guild_id, write)
        await DecisionStore(database).record(guild_id, entry_with_ballots(_host_entry(request, export), ballots))
        if ballots and ballots.count:
            votes.replace(ballots_path(output))
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
        votes.unlink(missing_ok=True)
    return export, ballots


class ProgressLine:
    """Prints the progress of a long export on stderr: one counting line on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._said_at = monotonic()

    def tell(self, done: int) -> None:
        """Print how many entries are written, unless it was printed a moment ago."""
        wait = 0.1 if self._live else SECONDS_BETWEEN_LINES
        if monotonic() - self._said_at >= wait:
            self._said_at = monotonic()
            print(f"\r{done:,} entries written" if self._live else f"{done:,} entries written",
                  end="" if self._live else "\n", file=sys.stderr, flush=True)  # fmt: skip

    def __enter__(self) -> Self:
        """Return the line itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the line for what comes next."""
        if self._live:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _host_entry(request: ExportRequest, export: ExportedFile) -> NewEntry:
    """Build the log entry of an export that the host made, not a member of the server."""
    act = Act(0, request.made_at, Actor(0, request.made_by))
    draft = record_export(act, request.wanted, export.found, file_format=request.format, sha256=export.sha256)
    return replace(draft, interaction=None, who=None, facts={**draft.facts, "by": "host"})


def verify_command(args: argparse.Namespace) -> int:
    """Run `circle-take verify`: print the result and return 0 intact and pinned, 1 broken, 2 intact but unpinned."""
    from bot.export.verifying import verify_path

    try:
        report = verify_path(args.file, args.pin, args.previous)
    except OSError as error:
        raise CommandError(f"{error.filename or args.file} cannot be read ({error.strerror}).") from error
    print("\n".join(report.words()))
    return report.exit_code
