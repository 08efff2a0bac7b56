"""Metrics for the host: how fast people are answered, how the writer keeps up, what went wrong."""

import logging
import re
from collections.abc import Iterable, Mapping
from time import monotonic
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
from discord import app_commands
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.client import CircleTake
from bot.errors import custom_id_of

ANSWER_WITHIN = 3.0
"""Seconds after which Discord no longer accepts an answer to an interaction."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, ANSWER_WITHIN)
_CALLBACK = re.compile(r"/interactions/(\d+)/[^/]+/callback")
_GATEWAY_EVENTS = ("connect", "disconnect", "resumed", "ready")
_UNKNOWN = "unknown"
_RECONNECTING = "discord.shard"
"""The logger of discord.py whose errors are lost connections, which `ready` and `gateway_events` report."""


class Metrics:
    """Everything that `/metrics` reports. Made only if METRICS_PORT is set, so that nobody else pays for it.

    An answer's time runs from the arrival of its interaction until Discord accepted the answer. Names are those of
    commands, buttons and forms, never what a person typed, so their number is bounded.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = self._histogram("answer_seconds", "From an interaction to its answer", ["name"])
        self._missed = self._counter("answers_missed", "Interactions without an answer in 3 s", ["name"])
        self._gateway = self._counter("gateway_events", "What became of the connection to Discord", ["event"])
        self._commits = self._histogram("commit_seconds", "A commit of the writer, fsync included", [])
        self._units = self._counter("units", "Units of work that the writer took up", [])
        self._errors = self._counter("errors", "Lines of level ERROR in the log, but for lost connections", [])
        for event in _GATEWAY_EVENTS:
            self._gateway.labels(event)
        self._waiting: dict[int, tuple[float, str]] = {}

    def _histogram(self, name: str, meaning: str, labels: list[str]) -> Histogram:
        return Histogram(f"circle_take_{name}", meaning, labels, registry=self.registry, buckets=_SECONDS)

    def _counter(self, name: str, meaning: str, labels: list[str]) -> Counter:
        return Counter(f"circle_take_{name}", meaning, labels, registry=self.registry)

    def watch(self, bot: CircleTake) -> None:
        """Make the gauges read from a bot whenever they are collected."""
        gauges = {
            "ready": (lambda: bot.is_connected, "1 while every shard is connected to the gateway"),
            "guilds": (lambda: len(bot.guilds), "Servers the bot is in"),
            "gateway_latency_seconds": (lambda: bot.latency if bot.shards else float("nan"), "Mean heartbeat"),
            "writer_waiting": (lambda: bot.database.waiting, "Units of work not yet taken up"),
        }
        for name, (read, meaning) in gauges.items():
            Gauge(f"circle_take_{name}", meaning, registry=self.registry).set_function(read)
        self.overdue = Gauge("circle_take_polls_overdue", "Polls open past their deadline", registry=self.registry)

    def expect(self, tree: app_commands.CommandTree[Any], custom_ids: Iterable[str]) -> None:
        """Start the counters of missed answers at 0: Prometheus sees no increase in a series that is new.

        Args:
            tree: the commands.
            custom_ids: the names of buttons, menus and forms.
        """
        for command in (*tree.walk_commands(), *tree.walk_commands(type=discord.AppCommandType.message)):
            if not isinstance(command, app_commands.Group):
                self._missed.labels(_command_name(command))
        for name in (*custom_ids, _UNKNOWN):
            self._missed.labels(name)

    def happened(self, event: str) -> None:
        """Count an event if it is one of the gateway's."""
        if event in _GATEWAY_EVENTS:
            self._gateway.labels(event).inc()

    def arrived(self, interaction: discord.Interaction[Any], custom_ids: Mapping[str, re.Pattern[str]]) -> None:
        """Start timing an interaction; `custom_ids` has the pattern of each button, menu and form by name."""
        now = monotonic()
        self._give_up(now)
        self._waiting[interaction.id] = (now, _name(interaction, custom_ids))

    def answered(self, interaction_id: int, *, taken: bool) -> None:
        """Stop timing an interaction; `taken` says whether Discord accepted the answer."""
        since, name = self._waiting.pop(interaction_id, (0.0, ""))
        if not name:
            return
        if taken:
            self._answers.labels(name).observe(monotonic() - since)
        else:
            self._missed.labels(name).inc()

    def _give_up(self, now: float) -> None:
        """Count the interactions that have waited too long; the oldest come first."""
        while self._waiting:
            interaction_id, (since, name) = next(iter(self._waiting.items()))
            if now - since <= ANSWER_WITHIN:
                return
            del self._waiting[interaction_id]
            self._missed.labels(name).inc()

    def committed(self, units: int, seconds: float) -> None:
        """Count a commit; the writer's thread calls this."""
        self._units.inc(units)
        self._commits.observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        self._give_up(monotonic())
        return generate_latest(self.registry)

    def trace(self) -> aiohttp.TraceConfig:
        """Return a trace of discord.py's requests that picks out the answers to interactions."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._request_ended)
        return config

    async def _request_ended(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        if match := _CALLBACK.search(request.url.path):
            self.answered(int(match[1]), taken=request.response.status < 400)

    def log_handler(self) -> logging.Handler:
        """Return a handler that counts errors in the log."""
        return _ErrorCounter(self._errors)


class _ErrorCounter(logging.Handler):
    def __init__(self, errors: Counter) -> None:
        super().__init__(logging.ERROR)
        self._errors = errors

    def emit(self, record: logging.LogRecord, /) -> None:
        if record.name != _RECONNECTING:
            self._errors.inc()


def _name(interaction: discord.Interaction[Any], custom_ids: Mapping[str, re.Pattern[str]]) -> str:
    """Return the command's name, or the class whose pattern fits the custom_id; "unknown" if there is neither."""
    if interaction.command is not None:
        return _command_name(interaction.command)
    custom_id = custom_id_of(interaction)
    return next((name for name, pattern in custom_ids.items() if pattern.fullmatch(custom_id)), _UNKNOWN)


def _command_name(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu) -> str:
    return f"/{command.qualified_name}" if isinstance(command, app_commands.Command) else command.name
