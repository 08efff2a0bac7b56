"""Record what the bot sends to whom, and what its log says about failures."""

import contextlib
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from discord import app_commands
from simcord import Env
from simcord.http import router

from bot.i18n import words
from tests.world import _foreseen

CANARIES = ("quokkanorth", "quokkasouth")
"""Words in everything written in the first and in the second server, and in nothing that a test sends."""

REFERENCE = words("command.failed", reference="").partition("`")[0]
"""How the sentence begins that people read after a fault of the bot."""


ANSWERED_TWICE = "Discord says 40060"
"""How the warning ends that somebody had already been answered."""


class _Log(logging.Handler):
    """Collects the errors with their tracebacks, and the warning that somebody was answered twice."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        if record.levelno >= logging.ERROR or ANSWERED_TWICE in text:
            self.heard.append(text)


@dataclass
class Hearing:
    """What was recorded since the last check."""

    env: Env
    guild_ids: tuple[int, int]
    violations: list[str]
    log: _Log = field(default_factory=_Log)
    sent: list[tuple[str, str]] = field(default_factory=list)
    errors: int = 0

    def faults(self, *, everywhere: bool = False) -> list[str]:
        """Return what is wrong with the record, and clear it.

        Args:
            everywhere: whether somebody may receive their own words from the other server.
        """
        errors = self.env.errors_since(self.errors)
        found = [*self.violations, *self.log.heard, *(repr(error) for error in errors if not _said_in_words(error))]
        found += [
            f"{path}: {fault} in {text[:500]}"
            for path, text in self.sent
            for fault in self._wrong(path, text, everywhere)
        ]
        self.errors = self.env.error_cursor
        for kept in (self.violations, self.log.heard, self.sent):
            kept.clear()
        return found

    def _wrong(self, path: str, text: str, everywhere: bool) -> Iterator[str]:
        place = self._place_of(path)
        if place is not None and not everywhere and CANARIES[1 - place] in text.casefold():
            yield "the other server's words"
        if REFERENCE in text:
            yield "an error of ours"
        try:
            text.encode()
        except UnicodeEncodeError:
            yield "what no JSON can carry"

    def _place_of(self, path: str) -> int | None:
        """Return which of the two servers a request concerns."""
        backend, (kind, *rest) = self.env.backend, path.strip("/").split("/")
        guild_id: int | None = None
        if kind == "interactions":
            guild_id = backend.interactions[int(rest[0])].guild_id
        elif kind == "webhooks":
            guild_id = backend.interactions[backend.interaction_tokens[rest[1]]].guild_id
        elif kind == "channels":
            guild_id = backend.channels[int(rest[0])].guild_id
        return self.guild_ids.index(guild_id) if guild_id in self.guild_ids else None


@contextlib.contextmanager
def listening(env: Env, guild_ids: tuple[int, int], violations: list[str]) -> Iterator[Hearing]:
    """Record what the bot sends in this context; `violations` are the limits that its bodies broke."""
    hearing, original = Hearing(env, guild_ids, violations), router.dispatch

    def dispatch(backend: Any, method: str, path: str, **request: Any) -> Any:
        files = [_text_of(file.fp) for file in request.get("files") or ()]
        body = json.dumps(request.get("json"), ensure_ascii=False)
        hearing.sent.append((path, "\n".join([body, *files])))
        return original(backend, method, path, **request)

    router.dispatch = dispatch
    logging.getLogger().addHandler(hearing.log)
    try:
        yield hearing
    finally:
        logging.getLogger().removeHandler(hearing.log)
        router.dispatch = original


def _said_in_words(error: BaseException) -> bool:
    """Say whether a rule refused, or the command is outdated: discord.py reports these as errors too."""
    refused = isinstance(error, app_commands.AppCommandError)
    return _foreseen(error) or (refused and not isinstance(error, app_commands.CommandInvokeError))


def _text_of(file: io.BufferedIOBase) -> str:
    """Return the content of a file, unpacked."""
    start = file.tell()
    data = file.read()
    file.seek(start)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            data = b"\n".join(packed.read(name) for name in packed.namelist())
    return data.decode(errors="replace")
