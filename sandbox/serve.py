"""`circle-take sandbox`: the bot in a simulated Discord, to try in a browser."""

import asyncio
import contextlib
import signal

from aiohttp import web
from simcord import SetupError

from bot import log
from bot.terminal import CommandError
from sandbox.page import Doors
from sandbox.world import keep_time, running


def main(port: int) -> int:
    """Serve until Ctrl+C and return the exit code.

    Raises:
        CommandError: the port is taken.
    """
    log.set_up("INFO", "text")
    asyncio.run(serve(port))
    return 0


async def serve(port: int) -> None:
    """Serve the front page on loopback until the process is asked to stop.

    Raises:
        CommandError: the port is taken.
    """
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C cancels us instead
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with running() as production:
        doors = Doors(production)
        runner = web.AppRunner(doors.application(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError as error:
            await runner.cleanup()
            raise CommandError(f"port {port} is taken; choose another with --port") from error
        host, bound = runner.addresses[0][:2]
        print(f"Circle Take sandbox: http://{host}:{bound}/  (Ctrl+C stops it)", flush=True)
        changes: asyncio.Queue[None] = asyncio.Queue()
        clock = asyncio.create_task(keep_time(production.env, changes))
        pages = asyncio.create_task(_keep_pages_fresh(doors, changes))
        await stop.wait()
        for task in (clock, pages):
            task.cancel()
        await asyncio.gather(clock, pages, return_exceptions=True)
        await doors.close()
        await runner.cleanup()


async def _keep_pages_fresh(doors: Doors, changes: "asyncio.Queue[None]") -> None:
    while True:
        await changes.get()
        try:
            await doors.refresh()
        except SetupError:
            changes.put_nowait(None)  # somebody is acting on the page this moment
            await asyncio.sleep(0.1)
