"""Making Discord slow, busy or broken for chosen routes."""

import asyncio
from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web

from .wire import answer


@dataclass(slots=True)
class Fault:
    """What happens to the next ``times`` requests of a route."""

    method: str
    path: str
    times: int
    status: int
    retry_after: float = 0.0
    everywhere: bool = False


HANGS = 0

UNTIL_LIFTED = -1
"""Times of a fault that a test lifts by itself."""


class Faults:
    """The faults that are armed, and what they did."""

    def __init__(self) -> None:
        self._armed: deque[Fault] = deque()
        self._released = asyncio.Event()
        self.struck: list[str] = []

    def rate_limit(
        self, method: str, path: str, *, retry_after: float = 0.1, everywhere: bool = False, times: int = 1
    ) -> None:
        """Answer 429.

        Args:
            method: the HTTP method.
            path: a path below ``/api/v10`` with shell wildcards, such as ``/channels/*/messages``.
            retry_after: seconds that the bot is told to wait.
            everywhere: the global limit instead of the route's.
            times: for that many requests.
        """
        self._armed.append(Fault(method, path, times, 429, retry_after, everywhere))

    def break_down(self, method: str, path: str, *, status: int = 500, times: int = 1) -> None:
        """Answer with a server error. discord.py waits 1 s, then 3 s, before it tries again."""
        self._armed.append(Fault(method, path, times, status))

    def hang(self, method: str, path: str, *, times: int = 1) -> None:
        """Give no answer until `release`."""
        self._armed.append(Fault(method, path, times, HANGS))

    def lift(self) -> None:
        """Let every request through from now on; those that hang go on hanging."""
        self._armed.clear()

    def release(self) -> None:
        """Let hanging requests go on, now and from now on."""
        self._released.set()

    async def strike(self, method: str, path: str) -> web.Response | None:
        """The faulty answer for a request, None when it is to go through."""
        fault = next((one for one in self._armed if one.method == method and fnmatchcase(path, one.path)), None)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times == 0:
            self._armed.remove(fault)
        self.struck.append(f"{method} {path}")
        if fault.status == HANGS:
            await self._released.wait()
            return None
        return _too_many(fault) if fault.status == 429 else answer({}, status=fault.status)


def _too_many(fault: Fault) -> web.Response:
    """A 429 with the `Via` header, without which discord.py takes it for a ban by the proxy."""
    body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": fault.everywhere}
    headers = {"Via": "1.1 google", "Retry-After": f"{fault.retry_after:g}"}
    headers["X-RateLimit-Scope"] = "global" if fault.everywhere else "user"
    if fault.everywhere:
        headers["X-RateLimit-Global"] = "true"
    return answer(body, status=429, headers=headers)
