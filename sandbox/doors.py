"""The sandbox's web application: the front page, and the way from it to each channel's chat page."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from simcord import Preview, SetupError
from simcord.preview import _markdown

from sandbox.crew import CHANNELS, Production
from sandbox.page import SKIPS, front_page
from sandbox.world import SandboxClock

for part in ("embed_description", "embed_field_value"):
    # Discord shows names for <@id> here; simcord's page would show the bare number and has no setting for it
    _markdown._FIELD_POLICIES[part]["mentions"] = True


class Doors:
    """Opens chat pages. simcord shows one channel at a time, so opening one closes the other.

    Attributes:
        turn: held while something happens in the simulation, because simcord does one thing at a time.
        clock: the simulation's clock.
    """

    def __init__(self, production: Production) -> None:
        self.turn = asyncio.Lock()
        self.clock = SandboxClock(production.env, self.turn, self.refresh)
        self._production = production
        self._open: tuple[str, Preview] | None = None
        self._forgetting: asyncio.Task[None] | None = None

    def application(self) -> web.Application:
        """Build the web application of the front page."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._front),
                web.get("/channel/{name}", self._enter),
                web.post("/later/{span}", self._skip),
            ]
        )
        return app

    async def refresh(self) -> None:
        """Show on the open page what the bot did by itself. The caller holds the turn."""
        if self._open is not None:
            with contextlib.suppress(SetupError):  # somebody is just ending the session
                await self._open[1].refresh()

    async def close(self) -> None:
        """Close the open page."""
        if self._open is not None and self._forgetting is not None:
            await self._open[1].close()
            await self._forgetting

    async def _front(self, _request: web.Request) -> web.Response:
        return web.Response(text=front_page(self._production), content_type="text/html")

    async def _enter(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in CHANNELS:
            raise web.HTTPNotFound(text="There is no such channel here.")
        raise web.HTTPSeeOther(await self.enter(name))

    async def _skip(self, request: web.Request) -> web.Response:
        if request.match_info["span"] not in SKIPS:
            raise web.HTTPNotFound(text="There is no such span here.")
        await self.clock.skip(SKIPS[request.match_info["span"]][1])
        raise web.HTTPSeeOther("/")

    async def enter(self, name: str) -> str:
        """Open a channel's chat page, unless it is open, and return its address."""
        async with self.turn:
            if self._open is None or self._open[0] != name:
                await self.close()
                preview = self._production.env.preview(
                    self._production.channels[name], viewers=list(self._production.people.values()), layout="channel"
                )
                _act_in_turn(preview, self.turn, self._mentions())
                await preview.__aenter__()  # closed by close(), or with "End preview session" on the page
                self._open = (name, preview)
                self._forgetting = asyncio.create_task(self._forget_closed(preview))
            return self._open[1].url

    def _mentions(self) -> dict[str, str]:
        """Return the mentions of people and departments by name."""
        people, departments = self._production.people.items(), self._production.departments.items()
        return {name: f"<@{member.id}>" for name, member in people} | {name: f"<@&{it.id}>" for name, it in departments}

    async def _forget_closed(self, preview: Preview) -> None:
        await preview.wait_closed()
        self._open = None


def _act_in_turn(preview: Preview, turn: asyncio.Lock, mentions: Mapping[str, str]) -> None:
    """Make what people do on a page wait for the turn, and send it to the bot as Discord's client would.

    simcord refuses an act during another one, which breaks the page until it is reloaded, and an act on a page that
    was refreshed less than half a second ago. It has no public way to wait; its version is pinned.
    """
    act = preview._action

    async def in_turn(context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with turn:
            page = preview._pages.get(context_id or "")
            if page is not None and isinstance(body, dict):
                body = _as_sent(body, page.revision, mentions)
            return await act(context_id, body)

    preview._action = in_turn  # type: ignore[method-assign] # the page's server looks it up on the instance


def _as_sent(body: dict[str, Any], revision: int, mentions: Mapping[str, str]) -> dict[str, Any]:
    """Apply an act to what the page shows now, and turn the names typed after @ into mentions."""
    sent = body | {"published_revision": revision} if "published_revision" in body else body
    if body.get("kind") != "run_command" or not isinstance(body.get("options"), dict):
        return sent
    options = {name: _mentioning(value, mentions) for name, value in body["options"].items()}
    return sent | {"options": options}


def _mentioning(value: Any, mentions: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, mention in mentions.items():
            value = value.replace(f"@{name}", mention)
    return value
