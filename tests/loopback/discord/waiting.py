"""Waiting for a condition without polling."""

import asyncio
import sys
from collections.abc import Callable


class Bell:
    """Rung after every change, so that all who wait look again."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Let everyone look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Return once the condition holds, however long that takes; a test that is ended meanwhile says ``what``."""
        try:
            while not condition():
                future = asyncio.get_running_loop().create_future()
                self._waiting.append(future)
                await future
        except asyncio.CancelledError:
            print(f"waited for {what}", file=sys.stderr)
            raise
