"""Run the bot: start, signals, a clean end."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import discord

from bot.client import CircleTake, Sharding
from bot.config import Config
from bot.connection.command_sync import sync_commands
from bot.connection.discord_internals import use_api, use_gateway, use_tolerant_json
from bot.host.backups import Backups
from bot.host.terminal import CommandError
from db.engine.database import Database
from db.engine.errors import StorageError
from db.engine.locks import occupied, occupied_to_upgrade

if TYPE_CHECKING:
    from bot.host.metrics import Metrics

log = logging.getLogger(__name__)

Result = TypeVar("Result")

LAST_ANSWERS = 5.0
"""Seconds that a stopping bot allows for answers under way; Discord itself waits 3."""

HANGING_UP = 2.0
"""Seconds that a stopping bot waits for Discord to close the connection."""

NOT_LET_IN = "Discord refused DISCORD_TOKEN. Reset the token on the Bot page and put it in .env."
HUNG_UP = {
    4004: NOT_LET_IN,
    4010: "Discord knows no such shard. Give all processes the same SHARD_COUNT, and each SHARD_IDS below it.",
    4011: "Discord asks for more shards. Raise SHARD_COUNT, or leave it empty and Discord decides.",
}
"""Codes that end a connection for good: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway"""


class StartError(CommandError):
    """The bot could not start; the message says why and what to do, for the host."""


def run_async(main: Coroutine[Any, Any, Result]) -> Result:
    """Run `main` on uvloop if the extra `fast` is installed, else on asyncio's own loop."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    if sys.platform != "win32":
        with contextlib.suppress(ImportError):
            import uvloop

            factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(main)


async def find_gateway(bot: CircleTake) -> None:
    """Ask Discord for the gateway, the number of shards unless it is set, and how many may identify at once."""
    shards, url, limit = await bot.http.get_bot_gateway()
    use_gateway(url)
    bot.shard_count = bot.shard_count or shards  # else discord.py would ask again
    bot.identify_queue.max_concurrency = limit["max_concurrency"]


async def serve(config: Config) -> None:
    """Run the bot until SIGTERM or Ctrl-C.

    Raises:
        UnusableDatabase: the database was refused, or another bot has it.
        CommandError: Discord refused the token or could not be reached, or METRICS_PORT or BACKUP_PATH cannot be used.
    """
    use_api(config.api_url)
    use_tolerant_json()
    metrics = make_metrics(config)
    with occupied(config.database_path), _counting_errors(metrics):
        async with (
            await Database.open(config.database_path, on_commit=metrics.committed if metrics else None) as database,
            make_bot(config, database, metrics) as bot,
            serve_health(bot, metrics, config.metrics_port),
            Backups(config.database_path, config.backups),
        ):
            await _rewrite(database)
            await _until_stopped(bot, config)
    log.info("stopped: everything is on disk")


async def _rewrite(database: Database) -> None:
    """Rewrite the file, whatever its size, to remove traces of erased text before anybody is served."""
    try:
        await database.rewrite(datetime.now(UTC), serving=False)
    except StorageError as error:
        log.warning("traces of what was erased are still in the file, which could not be written anew: %s", error)


async def _until_stopped(bot: CircleTake, config: Config) -> None:
    """Stay connected until the process is asked to stop; then finish the answers under way."""
    stop = stop_signal()
    connection = asyncio.create_task(_connect(bot, config))
    await asyncio.wait({connection, stop}, return_when=asyncio.FIRST_COMPLETED)
    if connection.done():
        stop.cancel()
        connection.result()
        return
    log.info("stopping: letting answers under way finish")
    await bot.hang_up(HANGING_UP)
    await bot.finish_answers(LAST_ANSWERS)
    connection.cancel()
    await asyncio.wait({connection}, timeout=HANGING_UP)
    await bot.close()


def make_bot(config: Config, database: Database, metrics: "Metrics | None" = None) -> CircleTake:
    """Make the bot that `config` describes; the caller closes the database."""
    sharding = Sharding(config.shard_count, config.shard_ids)
    return CircleTake(database, sharding=sharding, dev_guild_id=config.dev_guild_id, observer=metrics)


def make_metrics(config: Config) -> "Metrics | None":
    """Make the metrics, and import their library, only if METRICS_PORT is set."""
    if config.metrics_port is None:
        return None
    from bot.host.metrics import Metrics

    return Metrics()


def serve_health(
    bot: CircleTake, metrics: "Metrics | None", port: int | None
) -> contextlib.AbstractAsyncContextManager[object]:
    """Make the server for the host's checks, and import its library, only if there are metrics."""
    if metrics is None:
        return contextlib.nullcontext()
    from bot.host.health import HealthServer

    return HealthServer(bot, metrics, port)


@contextlib.contextmanager
def _counting_errors(metrics: "Metrics | None") -> Iterator[None]:
    """Count the errors in the log while the block runs."""
    handler = metrics.log_handler() if metrics else logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


async def _connect(bot: CircleTake, config: Config) -> None:
    with _faults_in_words(config):
        await bot.login(config.token)
        await find_gateway(bot)
        gc.freeze()  # objects made at start live as long as the process: keep them out of every collection
        gc.set_threshold(20_000, 20, 50)
        gc.enable()
        await bot.connect()


@contextlib.contextmanager
def _faults_in_words(config: Config) -> Iterator[None]:
    try:
        yield
    except discord.LoginFailure as error:
        raise StartError(NOT_LET_IN) from error
    except discord.ConnectionClosed as error:
        unforeseen = f"Discord ended the connection for good, with code {error.code}."
        raise StartError(HUNG_UP.get(error.code, unforeseen)) from error
    except discord.HTTPException as error:
        said = f"it answered {error.status}, code {error.code}"
        raise StartError(f"Discord cannot be reached at {config.api_url} ({said}).") from error
    except (OSError, aiohttp.ClientError, discord.GatewayNotFound) as error:
        raise StartError(f"Discord cannot be reached at {config.api_url} ({type(error).__name__}).") from error


def stop_signal() -> asyncio.Task[bool]:
    """Return a task that ends when the process is asked to stop."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, asked.set)
        except NotImplementedError:  # Windows has no signal handlers in its loop
            signal.signal(name, lambda *_: loop.call_soon_threadsafe(asked.set))
    return asyncio.create_task(asked.wait())


async def register(config: Config, guild_id: int | None) -> None:
    """Register the commands, even if unchanged, without connecting to the gateway.

    Raises:
        UnusableDatabase: the database was refused.
        StartError: Discord refused the token, or could not be reached.
    """
    use_api(config.api_url)
    with occupied_to_upgrade(config.database_path):
        database = await Database.open(config.database_path)
    async with database, make_bot(config, database) as bot:
        with _faults_in_words(config):
            await bot.login(config.token)
            await sync_commands(bot.tree, bot.stores.app, guild_id=guild_id, always=True)
