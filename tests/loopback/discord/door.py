"""What holds for every REST request: faults, the token, the limits, errors in Discord's words, rate-limit headers."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from tests.limits import check

from . import errors
from .faults import Faults
from .wire import BODY, FILES, Upload, answer

PREFIX = "/api/v10"
CARRIES_ITS_TOKEN = ("/interactions/", "/webhooks/")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Door:
    """Lets requests in. Handlers find ``request[BODY]`` (decoded JSON or None) and ``request[FILES]``."""

    def __init__(self, token: str, faults: Faults, violations: list[str], served: Callable[[], None]) -> None:
        self._authorization = f"Bot {token}"
        self._faults = faults
        self._violations = violations
        self._served = served

    @web.middleware
    async def enter(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware."""
        path = request.path.removeprefix(PREFIX)
        if path == request.path:
            return await handler(request)
        fault = await self._faults.strike(request.method, path)
        response = fault if fault is not None else await self._answered(request, path, handler)
        response.headers.update(_allowance(path))
        self._served()
        return response

    async def _answered(self, request: web.Request, path: str, handler: Handler) -> web.StreamResponse:
        try:
            self._authorize(request, path)
            request[BODY], request[FILES] = await _read(request)
            self._check(request, path)
            return await handler(request)
        except web.HTTPNotFound:
            self._violations.append(f"{request.method} {path}: a route that the loopback server does not have")
            raise
        except errors.RestError as error:
            return answer(error.payload(), status=error.status)

    def _authorize(self, request: web.Request, path: str) -> None:
        known = request.headers.get("Authorization") == self._authorization
        if not known and not path.startswith(CARRIES_ITS_TOKEN):
            raise errors.unauthorized()

    def _check(self, request: web.Request, path: str) -> None:
        sizes = [(name, len(data)) for name, data in request[FILES]]
        if found := check(request.method, path, request[BODY], files=sizes):
            self._violations.extend(f"{request.method} {path}: {words}" for words in found)
            raise errors.invalid_form(found)


async def _read(request: web.Request) -> tuple[object, list[Upload]]:
    """The JSON body and the uploaded files, whichever way they came."""
    if not request.can_read_body:
        return None, []
    if not request.content_type.startswith("multipart/"):
        return await request.json(), []
    body, files = None, []
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "payload_json":
            body = json.loads(await part.text())
        elif isinstance(part, BodyPartReader):
            files.append((part.filename or "", bytes(await part.read())))
    return body, files


def _allowance(path: str) -> dict[str, str]:
    """Rate-limit headers of a bucket that never runs dry; `Faults.rate_limit` makes it."""
    bucket = "-".join(part for part in path.split("/") if part.isalpha())
    names = {"Limit": "50", "Remaining": "49", "Reset-After": "1.0", "Reset": "4102444800.0", "Bucket": bucket}
    return {f"X-RateLimit-{name}": value for name, value in names.items()}
