"""Logs for the host, as text or JSON, without tokens and without what people wrote."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

import discord

from db.engine.errors import EngineError

_INTERACTION_TOKEN = re.compile(r"(webhooks/\d+|interactions/\d+)/[\w-]{20,}")
_BOT_TOKEN = re.compile(r"(?<![\w-])[\w-]{18,}\.[\w-]{4,}\.[\w-]{20,}", re.ASCII)
_CONTROLS = {code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
"""Characters that could start a new line or control a terminal, and how they are shown."""

_CONTROLS_BUT_BREAKS = {code: shown for code, shown in _CONTROLS.items() if code != ord("\n")}
_SAFE_TO_QUOTE = (EngineError, OSError, discord.HTTPException, discord.ConnectionClosed)
"""Errors whose message has only codes and our own names, never a person's text."""


def set_up(level: str, form: str) -> None:
    """Send every log line to standard error.

    Args:
        level: the lowest level of our own lines; libraries stay at INFO or above, because discord.py's debug lines
            quote whole payloads.
        form: `text` or `json`.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.INFO, logging.getLevelName(level)))
    for ours in ("bot", "cogs", "db", "domain", "sandbox"):
        logging.getLogger(ours).setLevel(level)


def redact(text: str) -> str:
    """Blank out bot tokens and interaction tokens, which libraries put into URLs."""
    return _BOT_TOKEN.sub("[token]", _INTERACTION_TOKEN.sub(r"\1/[token]", text))


def describe(error: BaseException) -> str:
    """Format where an error came from, frame by frame, without values that a person may have typed."""
    lines: list[str] = []
    for step in _chain(error):
        lines += [line.rstrip("\n") for line in traceback.format_list(traceback.extract_tb(step.__traceback__))]
        said = f": {step}" if isinstance(step, _SAFE_TO_QUOTE) else ""
        lines.append(f"{type(step).__module__}.{type(step).__qualname__}{said}")
    return redact("\n".join(lines)).translate(_CONTROLS_BUT_BREAKS)


def _chain(error: BaseException) -> list[BaseException]:
    steps: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in steps:
        steps.insert(0, step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return steps


class TextFormatter(logging.Formatter):
    """One line for each record: time in UTC, level, logger, message; tracebacks below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(sep=" ", timespec="milliseconds")
        said = redact(record.getMessage()).translate(_CONTROLS)
        line = f"{at.removesuffix('+00:00')} {record.levelname:<7} {record.name}: {said}"
        return f"{line}\n{describe(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else line


class JsonFormatter(logging.Formatter):
    """One JSON object for each record: at, level, logger, message, and error if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        fields = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1]:
            fields["error"] = describe(record.exc_info[1])
        return json.dumps(fields)  # ASCII, so that it is JSON in any encoding of stderr
