"""The sandbox's front page: who is in the crew, what to try, and a door into each channel's chat page."""

import html

from aiohttp import web
from simcord import Preview

from sandbox.crew import CHANNELS, CREW, MODERATOR, Production

TRY = (
    ("/faq ask", "“why do directors rush to AI?”, then something the essays know nothing about"),
    ("/poll open", "a task such as “rough cut of the 30s spot”, then vote as three different people"),
    ("/signoff open", "a piece and its cut, then sign it as the people who must"),
    ("/help", "what the bot is for"),
)

_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Circle Take sandbox</title>
<style>
  :root {{ color-scheme: dark; }}
  body {{ margin: 0 auto; max-width: 42rem; padding: 1.5rem 1rem 3rem; background: #1e1f22; color: #dbdee1;
         font: 16px/1.5 system-ui, sans-serif; }}
  h1 {{ font-size: 1.4rem; color: #fff; }} h2 {{ font-size: 1rem; margin-top: 2rem; color: #fff; }}
  a.door {{ display: block; margin: .6rem 0; padding: .9rem 1rem; border-radius: .5rem; background: #2b2d31;
           color: #fff; text-decoration: none; border-left: 4px solid #e8b23a; }}
  a.door span {{ display: block; color: #b5bac1; font-size: .9rem; }}
  ul {{ padding-left: 1.2rem; }} code {{ background: #2b2d31; padding: .1rem .3rem; border-radius: .25rem; }}
</style>
<h1>Circle Take, in a simulated Discord</h1>
<p>The real bot, a made-up crew, no account and no network. Everything is forgotten when you stop it (Ctrl+C).</p>
<h2>Open a channel</h2>
{doors}
<p>One channel is open at a time; on its page, choose at the top whose eyes you look through.</p>
<h2>Things to try</h2>
<ul>{tries}</ul>
<h2>The crew of {guild}</h2>
<ul>{people}</ul>
</html>
"""


def front_page(production: Production) -> str:
    """The HTML of the front page."""
    doors = "".join(
        f'<a class="door" href="/channel/{html.escape(name)}">#{html.escape(name)}<span>{html.escape(topic)}</span></a>'
        for name, topic in CHANNELS.items()
    )
    tries = "".join(f"<li><code>{html.escape(call)}</code> {html.escape(text)}</li>" for call, text in TRY)
    people = "".join(
        f"<li>{html.escape(name)}, {html.escape(', '.join(departments))}{' · moderator' if name == MODERATOR else ''}</li>"
        for name, departments in CREW.items()
    )
    return _FRAME.format(doors=doors, tries=tries, people=people, guild=html.escape(production.guild.name))


class Doors:
    """Opens chat pages. simcord shows one channel at a time, so opening one closes the other."""

    def __init__(self, production: Production) -> None:
        self._production = production
        self._open: tuple[str, Preview] | None = None

    def application(self) -> web.Application:
        """The web application of the front page."""
        app = web.Application()
        app.add_routes([web.get("/", self._front), web.get("/channel/{name}", self._enter)])
        return app

    async def refresh(self) -> None:
        """Show on the open page what the bot did by itself."""
        if self._open is not None:
            await self._open[1].refresh()

    async def close(self) -> None:
        """Close the open page."""
        if self._open is not None:
            await self._open[1].close()
            self._open = None

    async def _front(self, _request: web.Request) -> web.Response:
        return web.Response(text=front_page(self._production), content_type="text/html")

    async def _enter(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in CHANNELS:
            raise web.HTTPNotFound(text="There is no such channel here.")
        raise web.HTTPSeeOther(await self.enter(name))

    async def enter(self, name: str) -> str:
        """Open a channel's chat page, unless it is open, and return its address."""
        if self._open is None or self._open[0] != name:
            await self.close()
            preview = self._production.env.preview(
                self._production.channels[name], viewers=list(self._production.people.values()), layout="channel"
            )
            await preview.__aenter__()  # closed by close(), when another channel is opened or the sandbox stops
            self._open = (name, preview)
        return self._open[1].url
