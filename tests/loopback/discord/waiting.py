"""Waiting for a condition without polling."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung after every change; whoever waits then looks again."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Let everyone look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], object], what: str, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # a test states its patience
        """Return once the condition holds.

        Raises:
            TimeoutError: it did not hold within ``timeout`` seconds; says what was waited for.
        """
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.append(future)
                    await future
        except TimeoutError as error:
            raise TimeoutError(f"waited {timeout:g} s for {what}") from error
