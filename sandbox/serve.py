"""`circle-take sandbox`: the bot in a simulated Discord, to try in a browser."""

import asyncio
import errno

from aiohttp import web

from bot.host import log
from bot.host.run import stop_signal
from bot.host.terminal import CommandError
from sandbox.doors import Doors
from sandbox.world import running


def main(port: int) -> int:
    """Serve until Ctrl+C and return the exit code.

    Raises:
        CommandError: the port is taken or cannot be used.
    """
    log.set_up("WARNING", "text")
    asyncio.run(serve(port))
    return 0


async def serve(port: int) -> None:
    """Serve the front page on loopback until the process is asked to stop.

    Raises:
        CommandError: the port is taken or cannot be used.
    """
    stop = stop_signal()
    async with running() as production:
        doors = Doors(production)
        runner = web.AppRunner(doors.application(), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            why = "is taken" if getattr(error, "errno", None) == errno.EADDRINUSE else f"cannot be used ({error})"
            raise CommandError(f"port {port} {why}; choose another with --port") from error
        host, bound = runner.addresses[0][:2]
        print(f"Circle Take sandbox: http://{host}:{bound}/  (Ctrl+C stops it)", flush=True)
        clock = asyncio.create_task(doors.clock.keep_time())
        await stop
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
        await doors.close()
        await runner.cleanup()
