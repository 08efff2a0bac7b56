"""The whole of it on one port."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fair_clock import FairClock
from tests.limits import LimitViolation

from .actors import Actors
from .answers import Answers
from .door import PREFIX, Door
from .faults import Faults
from .gateway import Gateway, Session
from .posts import Posts
from .registry import Registry
from .rest import Rest, gateway_info
from .waiting import Bell
from .wire import answer
from .world import Attachment, Channel, Guild, Json, Member, Message, Snowflakes

TOKEN = "TG9vcGJhY2stYm90LWlk.loopback.made-up-for-tests-on-127-0-0-1"
"""Opens nothing; it has a bot token's form, which the configuration checks."""

UPLOADS = 200 * 1024 * 1024
"""Bytes of a request that reach the limits' check; more is refused by the server itself."""


class Loopback(Actors):
    """Discord on 127.0.0.1, as an async context manager.

    Attributes:
        url: the base for ``DISCORD_API_URL``.
        violations: limits that the bot's bodies broke, each also answered 400, and routes unknown here.
            Leaving the context with any raises `LimitViolation`; a test that provokes one clears the list.
        gateway: sessions, and ways to disturb them.
        faults: making REST routes slow, busy or broken.
        guilds: every server, by id.
        withholds_guilds: READY lists the servers as unavailable, as ever, and no GUILD_CREATE follows it.
        clock: by which Discord gives up waiting for an answer.
    """

    def __init__(self, *, token: str = TOKEN, shards: int = 1) -> None:
        """Nothing listens yet.

        Args:
            token: what the bot must identify with.
            shards: how many shards ``GET /gateway/bot`` recommends.
        """
        self.token, self.shards, self.url = token, shards, ""
        self.violations: list[str] = []
        self.guilds: dict[int, Guild] = {}
        self.withholds_guilds = False
        self.faults = Faults()
        self._ids = Snowflakes()
        self._bot = Member(self._ids.next(), "Circle Take", Guild(0, "", self._ids.next), bot=True)
        self._bell = Bell()
        self._posts = Posts(self._ids.next)
        answers = Answers(self._posts, self._bot)
        self.registry = Registry(self._ids.next, self._bot.id, self._bell.ring)
        self.gateway = Gateway(token, self._bell, self._greeting)
        self.clock = FairClock()
        super().__init__(self._ids.next, self._bot.id, self.registry, self.gateway, answers, self.clock)
        self._runner = web.AppRunner(self._application(answers), access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}{PREFIX}"
        self._posts.cdn = f"http://{host}:{port}/cdn"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; broken limits fail the test unless something else did already."""
        await self.close()
        if error is None and self.violations:
            raise LimitViolation("\n".join(self.violations))

    async def close(self) -> None:
        """Hang up and stop listening."""
        self.faults.release()
        await self.gateway.hang_up()
        await self._runner.cleanup()

    @property
    def commands(self) -> list[Json]:
        """The global commands that the bot registered."""
        return self.registry.commands()

    def add_guild(self, name: str, *, invited: bool = True) -> Guild:
        """A server, with the bot in it unless told. Add servers before the bot starts: it hears of them at READY.

        Consecutive servers fall to consecutive shards.
        """
        latest = max(self.guilds, default=self._ids.next())
        millisecond = (latest >> 22) + 1
        guild = Guild(((millisecond + 1) << 22) - 1, name, self._ids.next)  # the last id of it, which nothing else gets
        guild.me = Member(self._bot.id, self._bot.name, guild, bot=True)
        guild.invited = invited
        self.guilds[guild.id] = guild
        return guild

    async def invite(self, guild: Guild) -> None:
        """Add the running bot to a server."""
        guild.invited = True
        await self.gateway.send(guild.id, "GUILD_CREATE", guild.payload())

    async def remove_bot(self, guild: Guild) -> None:
        """Remove the bot from a server; one that is not running never hears of it."""
        guild.invited = False
        await self.gateway.send(guild.id, "GUILD_DELETE", {"id": f"{guild.id}"})

    async def tell_guilds(self) -> None:
        """Send the servers that were withheld, and withhold none after that."""
        self.withholds_guilds = False
        for guild in self.guilds.values():
            if guild.invited:
                await self.gateway.send(guild.id, "GUILD_CREATE", guild.payload())

    def file(self, filename: str, data: bytes) -> Attachment:
        """A file as an option value, or to say something with."""
        return self._posts.store(filename, data)

    def messages(self, channel: Channel) -> list[Message]:
        """What everyone in the channel sees, oldest first."""
        return [channel.messages[number] for number in sorted(channel.messages)]

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Return once the condition holds; looked at after every request of the bot."""
        await self._bell.until(condition, what)

    async def ready(self) -> None:
        """Return once every shard of a bot has identified and commands are registered."""
        what = "a bot that identifies and registers its commands"
        await self._bell.until(lambda: self.gateway.online and self.registry.filled, what)

    async def gone(self) -> None:
        """Return once no bot is connected."""
        await self._bell.until(lambda: self.gateway.offline, "the bot to leave")

    def _application(self, answers: Answers) -> web.Application:
        door = Door(self.token, self.faults, self.violations, self._bell.ring)
        app = web.Application(middlewares=[door.enter], client_max_size=UPLOADS)
        rest = Rest(self.guilds, self._posts, self._bot)
        for route in [*rest.routes(), *answers.routes(), *self.registry.routes()]:
            app.router.add_route(route.method, PREFIX + route.path, route.handler)
        app.router.add_get(PREFIX + "/gateway/bot", self._gateway_bot)
        app.router.add_get("/cdn/{key:.+}", rest.cdn)
        app.router.add_get("/gateway/", self.gateway.handle)
        return app

    async def _gateway_bot(self, request: web.Request) -> web.Response:
        return answer(gateway_info(self._gateway_url(), self.shards))

    def _gateway_url(self) -> str:
        return self.url.replace("http://", "ws://").removesuffix(PREFIX) + "/gateway/"

    def _greeting(self, session: Session) -> list[tuple[str, Json]]:
        """READY and the shard's servers."""
        invited = [guild for guild in self.guilds.values() if guild.invited]
        guilds = [guild for guild in invited if (guild.id >> 22) % session.shards == session.shard]
        ready = {
            "v": 10,
            "user": self._bot.user(),
            "guilds": [{"id": f"{guild.id}", "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._gateway_url(),
            "application": {"id": f"{self._bot.id}", "flags": 0},
            "shard": [session.shard, session.shards],
        }
        told = [] if self.withholds_guilds else guilds
        return [("READY", ready), *(("GUILD_CREATE", guild.payload()) for guild in told)]
