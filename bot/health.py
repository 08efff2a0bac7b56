"""`/healthz` and `/metrics` for the host, on loopback, when METRICS_PORT is set."""

import logging
import math
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.terminal import CommandError

if TYPE_CHECKING:
    from bot.client import CircleTake

log = logging.getLogger(__name__)


class HealthServer:
    """Serves while its `async with` block runs; does nothing without a port.

    `/healthz` answers 200 once Discord's gateway is ready and 503 before. `/metrics` is Prometheus text.
    """

    def __init__(self, bot: "CircleTake", port: int | None) -> None:
        self._bot = bot
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start listening.

        Raises:
            CommandError: the port is taken, or not for us.
        """
        if self._port is not None:
            app = web.Application()
            app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
            self._runner = web.AppRunner(app, access_log=None)
            await self._runner.setup()
            try:
                await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
            except OSError as error:
                await self._runner.cleanup()
                raise CommandError(f"METRICS_PORT {self._port} cannot be used ({error.strerror}).") from error
            log.info("health and metrics are served on 127.0.0.1:%s", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        ready = self._bot.is_ready()
        return web.Response(text="ready\n" if ready else "connecting\n", status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        latency = self._bot.latency if self._bot.shards else math.nan
        gauges = {
            "circle_take_ready": (int(self._bot.is_ready()), "1 once the gateway is ready"),
            "circle_take_guilds": (len(self._bot.guilds), "servers the bot is in"),
            "circle_take_gateway_latency_seconds": (latency, "mean heartbeat round trip over all shards"),
            "circle_take_writer_waiting": (self._bot.database.waiting, "units of work not yet taken up"),
        }
        lines = [
            line
            for name, (value, meaning) in gauges.items()
            for line in (f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value}")
        ]
        return web.Response(text="\n".join(lines) + "\n")
