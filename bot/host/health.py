"""`/healthz` and `/metrics` for the host, on loopback, if METRICS_PORT is set."""

import logging
from datetime import UTC, datetime
from typing import Self

from aiohttp import web

from bot.client import CircleTake
from bot.host.metrics import Metrics
from bot.host.terminal import CommandError

log = logging.getLogger(__name__)


class HealthServer:
    """Serves while its `async with` block runs; does nothing without metrics.

    Args:
        bot: whose health it is.
        metrics: those that the bot was made with, or None to serve nothing.
        port: where to listen, only on loopback.

    `/healthz` answers 200 while every shard is connected to Discord's gateway and 503 otherwise. `/metrics` is
    Prometheus text.
    """

    def __init__(self, bot: CircleTake, metrics: Metrics | None, port: int | None) -> None:
        self._bot = bot
        self._numbers = metrics
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start listening.

        Raises:
            CommandError: the port is taken, or this user may not use it.
        """
        if self._numbers is not None and self._port is not None:
            self._numbers.watch(self._bot)
            app = web.Application()
            app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
            self._runner = web.AppRunner(app, access_log=None)
            await self._runner.setup()
            try:
                await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
            except OSError as error:
                await self._runner.cleanup()
                said = f"METRICS_PORT {self._port} cannot be used ({error.strerror}). Choose another port."
                raise CommandError(said) from error
            log.info("health and metrics are served on 127.0.0.1:%s", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        ready = self._bot.is_connected
        return web.Response(text="ready\n" if ready else "connecting\n", status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        assert self._numbers is not None, "nothing listens without metrics"  # noqa: S101 - for the type checker
        self._numbers.overdue.set(await self._bot.stores.polls.overdue(datetime.now(UTC)))
        return web.Response(body=self._numbers.text(), headers={"Content-Type": self._numbers.content_type})
