"""The bot as a process."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from .discord.server import Loopback

REPOSITORY = Path(__file__).resolve().parents[2]
RUN = (sys.executable, "-m", "bot", "run")
PATIENT = (sys.executable, "-m", "tests.loopback.real_bot.patient_bot")
FEW_FILES = ("sh", "-c", 'ulimit -n 1024 && exec "$@"', "sh", *RUN)
"""The real bot with no more open files, sockets among them, than most hosts allow a process."""


class BotProcess:
    """Starts, kills and restarts a bot against a `Loopback`. As a context manager it starts, and kills at the end.

    Attributes:
        log: the file that gets its stdout and stderr, over restarts.
    """

    def __init__(
        self,
        discord: Loopback,
        cwd: Path,
        *,
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = RUN,
    ) -> None:
        """Nothing runs yet.

        Args:
            discord: the server that it connects to.
            cwd: its working directory, an empty one, so that no ``.env`` and no data are found by accident.
            env: further environment variables, such as ``DATABASE_PATH``.
            command: the program; the real bot by default.
        """
        self.log = cwd / "bot.host.log"
        self._discord = discord
        self._cwd = cwd
        self._env = dict(env or {})
        self._command = command
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start and wait until it is ready."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill it; a failing test gets the end of its log as a note."""
        await self.kill()
        if error is not None:
            error.add_note(f"The bot's log ends:\n{self.tail()}")

    @property
    def pid(self) -> int:
        """The process id, for a look at its memory or its files."""
        return self._running().pid

    async def start(self) -> None:
        """Start it and return once it has identified and its commands are registered.

        Raises:
            RuntimeError: it ended; with the end of its log.
        """
        await self.launch()
        ready = asyncio.create_task(self._discord.ready())
        ended = asyncio.create_task(self._running().wait())
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if ready.done() and ready.exception() is None:
            return
        ready.cancel()
        await self.kill()
        raise RuntimeError(f"the bot did not get ready; its log ends:\n{self.tail()}")

    async def launch(self) -> None:
        """Start it without waiting for anything."""
        own = {"DISCORD_API_URL": self._discord.url, "DISCORD_TOKEN": self._discord.token}
        inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "SYSTEMROOT"}}
        env = inherited | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"} | own | self._env
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, cwd=self._cwd, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._discord.clock.watch(self._process.pid)

    async def kill(self) -> None:
        """SIGKILL, at any moment; return when the process and its connections are gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        await self._discord.gone()

    async def terminate(self) -> int:
        """SIGTERM; return the exit code."""
        self._running().send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """The exit code, once it has ended by itself and its connections are gone."""
        code = await self._running().wait()
        await self._discord.gone()
        return code

    def tail(self, characters: int = 4000) -> str:
        """The end of its output."""
        return self.log.read_text("utf-8", errors="replace")[-characters:] if self.log.exists() else ""

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process
