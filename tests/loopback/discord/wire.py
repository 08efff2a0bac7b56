"""What the routes share: where a request keeps its parts, and answers in the form that discord.py knows."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

Upload = tuple[str, bytes]
"""A file's name and its bytes."""

BODY: web.RequestKey[Any] = web.RequestKey("body", object)
"""Where a request keeps its decoded JSON body, None without one."""

FILES: web.RequestKey[list[Upload]] = web.RequestKey("files", list)
"""Where a request keeps the files that were uploaded with it."""


def answer(payload: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer. Its content type bears no charset, or discord.py takes the body for text."""
    return web.Response(
        body=json.dumps(payload).encode(), status=status, headers=headers, content_type="application/json"
    )


def nothing() -> web.Response:
    """204, for what needs no answer."""
    return web.Response(status=204)
