"""The application's commands, global and per server."""

from collections.abc import Callable

from aiohttp import web

from . import errors
from .wire import BODY, answer, nothing
from .world import Json


class Registry:
    """What the bot registered: command by id, per server id, None for the global ones.

    Attributes:
        registrations: how often the bot registered something.
    """

    def __init__(self, new_id: Callable[[], int], application_id: int, changed: Callable[[], None]) -> None:
        self._new_id = new_id
        self._application_id = application_id
        self._changed = changed
        self._scopes: dict[int | None, list[Json]] = {}
        self.registrations = 0

    def commands(self, guild_id: int | None = None) -> list[Json]:
        """The payloads of one scope."""
        return self._scopes.get(guild_id, [])

    @property
    def filled(self) -> bool:
        """Whether anything is registered anywhere."""
        return any(self._scopes.values())

    def visible(self, guild_id: int) -> list[Json]:
        """What a member of the server can pick from."""
        return self.commands(guild_id) + self.commands()

    def routes(self) -> list[web.RouteDef]:
        """What the server mounts, for both scopes."""
        everywhere = "/applications/{application}/commands"
        here = "/applications/{application}/guilds/{guild}/commands"
        return [
            route
            for base in (everywhere, here)
            for route in (
                web.get(base, self._list),
                web.put(base, self._replace),
                web.post(base, self._add),
                web.get(base + "/{command}", self._get),
                web.patch(base + "/{command}", self._edit),
                web.delete(base + "/{command}", self._delete),
            )
        ]

    async def _list(self, request: web.Request) -> web.Response:
        return answer(self.commands(_guild(request)))

    async def _replace(self, request: web.Request) -> web.Response:
        guild, kept = _guild(request), {_key(old): old for old in self.commands(_guild(request))}
        listed = [self._registered(body, guild, kept.get(_key(body))) for body in request[BODY] or []]
        self._scopes[guild] = listed
        self._count()
        return answer(listed)

    async def _add(self, request: web.Request) -> web.Response:
        guild, body = _guild(request), request[BODY]
        old = next((one for one in self.commands(guild) if _key(one) == _key(body)), None)
        command = self._registered(body, guild, old)
        self._scopes[guild] = [one for one in self.commands(guild) if one is not old] + [command]
        self._count()
        return answer(command, status=200 if old else 201)

    async def _get(self, request: web.Request) -> web.Response:
        return answer(self._command(request))

    async def _edit(self, request: web.Request) -> web.Response:
        command = self._command(request)
        command.update(request[BODY], version=f"{self._new_id()}")
        return answer(command)

    async def _delete(self, request: web.Request) -> web.Response:
        self.commands(_guild(request)).remove(self._command(request))
        return nothing()

    def _count(self) -> None:
        self.registrations += 1
        self._changed()

    def _command(self, request: web.Request) -> Json:
        wanted = request.match_info["command"]
        found = next((one for one in self.commands(_guild(request)) if one["id"] == wanted), None)
        if found is None:
            raise errors.unknown_command()
        return found

    def _registered(self, body: Json, guild: int | None, old: Json | None) -> Json:
        """The command as Discord returns it; a name that was there keeps its id."""
        identity = {"id": old["id"] if old else f"{self._new_id()}", "version": f"{self._new_id()}"}
        place = {"application_id": f"{self._application_id}"} | ({"guild_id": f"{guild}"} if guild else {})
        return {"type": 1, "description": "", "default_member_permissions": None} | body | identity | place


def _guild(request: web.Request) -> int | None:
    guild = request.match_info.get("guild")
    return int(guild) if guild else None


def _key(command: Json) -> tuple[int, str]:
    return command.get("type", 1), command["name"]
