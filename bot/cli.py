"""The command line, `circle-take`.

Exit codes: 0 done, 1 not done and the reason printed, 64 wrong usage; `verify` has its own.
"""

import argparse
import contextlib
import gc
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from bot.config import Config, ConfigError, read_env_file
from bot.errors import in_background
from bot.export import command as exporting
from bot.host import log, terminal
from db.engine.errors import StorageError

USAGE_ERROR = 64
"""EX_USAGE of sysexits.h. argparse's own 2 would read as the verdict "intact but unpinned" of `verify`."""


class Parser(argparse.ArgumentParser):
    """An argument parser that exits with `USAGE_ERROR`."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the mistake, and exit."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    args = _parser().parse_args(arguments)
    try:
        call: Callable[[argparse.Namespace], int] = args.call
        if call is not _run:  # it still has most to import, and enables the collector itself
            gc.enable()
        return call(args)
    except ConfigError as error:
        _complain(error)
    except (StorageError, terminal.CommandError) as error:
        print(f"circle-take: {error}", file=sys.stderr)
    except BrokenPipeError:
        # the reader of our output (head, say) has gone; point stdout elsewhere, or Python complains at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("circle-take: stopped", file=sys.stderr)
    return 1


def _complain(error: ConfigError) -> None:
    for fault in error.faults:
        print(f"circle-take: {fault}", file=sys.stderr)


class _Version(argparse.Action):
    """Print the version and exit, like argparse's own action, but look it up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(message=f"circle-take {version('circle-take')}\n")


def _parser() -> Parser:
    parser = Parser(prog="circle-take", description="A Discord bot for film crews: ask, decide, sign.")
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    calls = parser.add_subparsers(title="calls", required=True, metavar="CALL")

    run = calls.add_parser("run", help="connect to Discord with the token from .env")
    run.set_defaults(call=_run)

    sandbox = calls.add_parser(
        "sandbox", help="try everything in a simulated Discord: no account, no token, no network"
    )
    sandbox.add_argument("--port", type=int, default=0, help="of the page, on loopback; any free one if left out")
    sandbox.add_argument("--tour", action="store_true", help="play a working day and print the conversation instead")
    sandbox.set_defaults(call=_sandbox)

    sync = calls.add_parser("sync", help="register the commands with Discord (starting does so when they changed)")
    sync.add_argument("--guild", type=int, metavar="ID", help="in one server, at once; in all if left out")
    sync.set_defaults(call=_sync)

    faq = calls.add_parser("faq", help="ask the FAQ from a terminal")
    faq.add_argument("question", nargs="?")
    faq.add_argument("--file", type=Path, metavar="PATH", help="one question a line")
    faq.add_argument(
        "--entries", type=Path, metavar="PATH", help="a server's own entries, as /faq-admin import reads them"
    )
    faq.add_argument("--json", action="store_true", help="one JSON object for each question")
    faq.set_defaults(call=terminal.ask)

    exporting.add_arguments(calls, settings)

    backup = calls.add_parser("backup", help="write a consistent copy of the database while the bot runs")
    backup.add_argument("path", type=Path, metavar="PATH")
    backup.set_defaults(call=lambda args: terminal.back_up(settings(need_token=False), args.path))

    check = calls.add_parser("check", help="read the configuration, open the database, say what is wrong")
    check.set_defaults(call=_check)
    return parser


def settings(*, need_token: bool = True) -> Config:
    """Read the configuration from `.env` and the environment.

    Raises:
        ConfigError: with a sentence for every mistake.
    """
    return Config.from_env(os.environ, dotenv=read_env_file(Path(".env")), need_token=need_token)


def _run(_args: argparse.Namespace) -> int:
    from bot.host.run import serve

    return _logged(serve)


def _logged(work: Callable[[Config], Coroutine[Any, Any, None]]) -> int:
    """Run `work` with the log that the host configured; an error that ends it goes to that log too."""
    from bot.host.run import run_async

    config = settings()
    log.set_up(config.log_level, config.log_format)
    try:
        run_async(work(config))
    except (StorageError, terminal.CommandError) as error:
        if config.log_format != "json":
            raise
        logging.getLogger(__name__).critical("%s", error)
        return 1
    except Exception as error:  # noqa: BLE001 - Python itself would print it with any token that it quotes
        in_background(error, "the program")
        return 1
    return 0


def _sync(args: argparse.Namespace) -> int:
    from bot.host.run import register

    return _logged(lambda config: register(config, args.guild or config.dev_guild_id))


def _check(_args: argparse.Namespace) -> int:
    try:
        config = settings()
    except ConfigError as error:
        _complain(error)
        with contextlib.suppress(ConfigError):
            terminal.check(settings(need_token=False))  # a missing token should not hide what the database has to say
        return 1
    print("Configuration: fine.")
    return terminal.check(config)


def _sandbox(args: argparse.Namespace) -> int:
    try:
        from sandbox import serve, tour
    except ModuleNotFoundError as error:
        raise terminal.CommandError(
            f"the sandbox needs the package {error.name}. Install it: pip install 'circle-take[sandbox]'"
        ) from error
    return tour.main() if args.tour else serve.main(args.port)
