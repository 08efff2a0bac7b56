"""Commands that need no Discord: ask the FAQ, copy the database, check the set-up."""

import argparse
import asyncio
import contextlib
import importlib.util
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot import semantic
from bot.answers import NO_ENGINE, by_words, load_engine
from bot.config import Config
from db.engine import database, opening
from db.engine.errors import EngineError
from db.engine.locks import occupied_to_upgrade
from domain.faq.entry_files import read_file
from domain.faq.knowledge import Knowledge, KnowledgeError, load_essays, parse_entries
from domain.faq.matcher import Answer, FaqEntry, Matcher
from domain.faq.own_entries import combine

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class CommandError(Exception):
    """A command cannot be carried out; the message says why and what to do."""


def ask(args: argparse.Namespace) -> int:
    """Run `circle-take faq`: answer one question, or each line of a file.

    Raises:
        CommandError: a file cannot be read, or its entries are malformed.
    """
    if (args.question is None) == (args.file is None):
        raise CommandError("faq takes one question, or --file PATH with one question a line")
    matcher = _matcher(_entries(args.entries))
    questions = _lines(_read(args.file)) if args.file else [args.question]
    for question in questions:
        answer = matcher.ask(question)
        print(json.dumps(as_json(answer), ensure_ascii=False) if args.json else as_text(answer))
    return 0


def _matcher(entries: tuple[FaqEntry, ...]) -> Matcher:
    """Return a matcher of these entries, by meaning where it is available."""
    knowledge = Knowledge(0, entries)
    if semantic.is_installed():
        with contextlib.suppress(*NO_ENGINE):
            return load_engine().build(knowledge)
    return by_words(knowledge)


def _entries(path: Path | None) -> tuple[FaqEntry, ...]:
    """Return the essays' entries with a server's own from `path`: after them, or in place of those with the same id."""
    essays = load_essays()
    if path is None:
        return essays
    try:
        own = parse_entries(read_file(path.name, path.read_bytes()), {entry.id for entry in essays})
    except OSError as error:
        raise CommandError(f"{path} cannot be read ({type(error).__name__})") from error
    except KnowledgeError as error:
        raise CommandError(f"{path}: {error}") from error
    return combine(essays, {entry.id: entry for entry in own})


def _lines(text: str) -> list[str]:
    """Split text into lines. `str.splitlines` would also split at a Unicode line separator inside a question."""
    return text.removesuffix("\n").split("\n") if text else []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as UTF-8 text ({type(error).__name__})") from error


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as `--json` prints it; id, answer and source are null unless the FAQ is sure."""
    entry = answer.entry
    source = entry.source if entry else None
    return {
        "question": answer.question,
        "outcome": answer.outcome.value,
        "id": entry.id if entry else None,
        "score": round(answer.score, 6),
        "ranked": [ranked.id for ranked in answer.ranked],
        "answer": entry.answer if entry else None,
        "source": {"essay": source.title, "section": source.section} if source else None,
    }


def as_text(answer: Answer) -> str:
    """Format an answer for a terminal."""
    if answer.entry:
        source = answer.entry.source
        where = f"\n({', '.join(filter(None, (source.title, source.section)))})" if source else ""
        return f"{answer.entry.question}\n{answer.entry.answer}{where}"
    nearest = "\n".join(f"  - {entry.question}" for entry in answer.ranked[:3])
    opening_line = (
        "Did you mean one of these?" if answer.outcome == "choose" else "The essays do not cover that. Nearest:"
    )
    return f"{opening_line}\n{nearest}"


def back_up(config: Config, target: Path) -> int:
    """Run `circle-take backup`: copy the database; the bot may be running.

    Raises:
        UnusableDatabase: there is no database of the bot to copy.
        CommandError: the copy cannot be written to `target`.
    """
    try:
        database.copy(config.database_path, target, in_use=False)
    except FileExistsError as error:
        raise CommandError(str(error)) from error
    except (OSError, EngineError) as error:
        raise CommandError(f"{target} cannot be written ({opening.reason(error)}).") from error
    print(f"{target} is a copy of {config.database_path}.")
    return 0


def make_folder(folder: Path) -> None:
    """Create the folder for backups, and check that it can be used.

    Raises:
        CommandError: it cannot be used.
    """
    advice = "Name a folder in which this user may write, or leave BACKUP_PATH empty."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"BACKUP_PATH {folder} cannot be used ({error.strerror}). {advice}") from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise CommandError(f"BACKUP_PATH {folder} cannot be used (Permission denied). {advice}")


def check(config: Config) -> int:
    """Run `circle-take check`: open the database as a start would, and print what is right and wrong.

    Raises:
        UnusableDatabase: the database was refused.
        CommandError: the folder for backups cannot be used.
    """

    async def open_and_close() -> None:
        async with await database.Database.open(config.database_path):
            pass

    new = not os.path.lexists(config.database_path)  # unlike Path.exists, no error for a folder that we may not read
    with occupied_to_upgrade(config.database_path):
        asyncio.run(open_and_close())
    if config.backups:
        make_folder(config.backups.folder)
    version = opening.inspect(config.database_path)
    print(f"Discord: {config.api_url}.")
    print(f"Database: {config.database_path}, schema {version}, {'created now' if new else 'whole and writable'}.")
    print(f"FAQ: {_ranking()}.")
    for warning in _warnings(config):
        print(f"Warning: {warning}")
    print(f"Fast event loop (uvloop): {_installed('uvloop')}. Fast JSON (orjson): {_installed('orjson')}.")
    return 0


def _ranking() -> str:
    """Say how questions are ranked here, and how to change that."""
    if not semantic.is_installed():
        return "ranked by shared words; to rank by meaning, on this machine alone: pip install 'circle-take[semantic]'"
    try:
        load_engine()
    except NO_ENGINE as error:
        return f"ranked by shared words, because {error}"
    return "ranked by meaning, on this machine alone (extra semantic; without it, by shared words)"


def _warnings(config: Config) -> Iterator[str]:
    """Yield warnings about what works but lets others read along."""
    for path in filter(_open_to_others, (Path(".env"), config.database_path)):
        yield f"everybody on this machine can read {path}. Change that: chmod 600 {path}"
    address = urlsplit(config.api_url)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        yield f"the token and all messages go to {address.netloc} unencrypted. Use https in DISCORD_API_URL."


def _open_to_others(path: Path) -> bool:
    """Say whether users other than owner and group may read a file; Windows has no such bits."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & stat.S_IROTH)


def _installed(package: str) -> str:
    with contextlib.suppress(ModuleNotFoundError):
        if importlib.util.find_spec(package):
            return "installed"
    return "not installed (optional, the extra called fast)"
