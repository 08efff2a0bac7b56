"""The plain routes: who am I, servers, channels, messages, files."""

from aiohttp import web

from . import errors
from .posts import Posts
from .wire import BODY, FILES, answer, nothing
from .world import Channel, Guild, Json, Member, Message


class Rest:
    """The routes about servers, channels and messages."""

    def __init__(self, guilds: dict[int, Guild], posts: Posts, me: Member) -> None:
        self._guilds = guilds
        self._posts = posts
        self._me = me

    def routes(self) -> list[web.RouteDef]:
        """What the server mounts."""
        return [
            web.get("/users/@me", self._whoami),
            web.get("/users/{user}", self._user),
            web.get("/oauth2/applications/@me", self._application),
            web.get("/applications/@me", self._application),
            web.get("/guilds/{guild}", self._guild),
            web.get("/guilds/{guild}/channels", self._channels),
            web.get("/guilds/{guild}/roles", self._roles),
            web.get("/guilds/{guild}/roles/member-counts", self._member_counts),
            web.get("/guilds/{guild}/members/{user}", self._member),
            web.get("/channels/{channel}", self._channel),
            web.get("/channels/{channel}/messages", self._history),
            web.post("/channels/{channel}/messages", self._create),
            web.get("/channels/{channel}/messages/{message}", self._read_message),
            web.patch("/channels/{channel}/messages/{message}", self._edit),
            web.delete("/channels/{channel}/messages/{message}", self._delete),
        ]

    async def cdn(self, request: web.Request) -> web.Response:
        """A stored file."""
        data = self._posts.stored.get(request.match_info["key"])
        return web.Response(status=404) if data is None else web.Response(body=data)

    async def _whoami(self, request: web.Request) -> web.Response:
        return answer(self._me.user())

    async def _user(self, request: web.Request) -> web.Response:
        wanted = int(request.match_info["user"])
        members = (one for guild in self._guilds.values() for one in guild.members.values())
        found = next((one for one in members if one.id == wanted), None)
        if found is None:
            raise errors.unknown_user()
        return answer(found.user())

    async def _application(self, request: web.Request) -> web.Response:
        me = self._me
        about = {"description": "", "summary": "", "bot_public": True, "bot_require_code_grant": False}
        keys = {"verify_key": "0" * 64, "flags": 0, "icon": None, "team": None, "owner": me.user()}
        return answer({"id": f"{me.id}", "name": me.name} | about | keys)

    async def _guild(self, request: web.Request) -> web.Response:
        return answer(self._in_guild(request).payload())

    async def _channels(self, request: web.Request) -> web.Response:
        return answer([one.payload() for one in self._in_guild(request).channels.values()])

    async def _roles(self, request: web.Request) -> web.Response:
        return answer(self._in_guild(request).payload()["roles"])

    async def _member_counts(self, request: web.Request) -> web.Response:
        guild = self._in_guild(request)
        roles = dict.fromkeys(guild.roles, 0)
        for role in (role for member in guild.members.values() for role in member.roles):
            roles[role.id] += 1
        return answer({f"{role_id}": count for role_id, count in roles.items()})

    async def _member(self, request: web.Request) -> web.Response:
        guild, wanted = self._in_guild(request), int(request.match_info["user"])
        member = guild.me if wanted == guild.me.id else guild.members.get(wanted)
        if member is None:
            raise errors.unknown_member()
        return answer({k: v for k, v in member.payload().items() if k != "permissions"})

    async def _channel(self, request: web.Request) -> web.Response:
        return answer(self._in_channel(request).payload())

    async def _create(self, request: web.Request) -> web.Response:
        channel = self._in_channel(request)
        message = self._posts.create(channel, self._me.user(), request[BODY] or {}, request[FILES])
        channel.messages[message.id] = message
        return answer(message.payload())

    async def _history(self, request: web.Request) -> web.Response:
        newest_first = sorted(self._in_channel(request).messages.items(), reverse=True)
        limit = int(request.query.get("limit", 50))
        return answer([message.payload() for _, message in newest_first[:limit]])

    async def _read_message(self, request: web.Request) -> web.Response:
        return answer(self._message(request).payload())

    async def _edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        self._posts.edit(message, request[BODY] or {}, request[FILES])
        return answer(message.payload())

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        message.channel.delete(message)
        return nothing()

    def _in_guild(self, request: web.Request) -> Guild:
        guild = self._guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.invited:
            raise errors.unknown_guild()
        return guild

    def _in_channel(self, request: web.Request) -> Channel:
        wanted = int(request.match_info["channel"])
        invited = (guild for guild in self._guilds.values() if guild.invited)
        found = (guild.channels[wanted] for guild in invited if wanted in guild.channels)
        if (channel := next(found, None)) is None:
            raise errors.unknown_channel()
        return channel

    def _message(self, request: web.Request) -> Message:
        message = self._in_channel(request).messages.get(int(request.match_info["message"]))
        if message is None:
            raise errors.unknown_message()
        return message


def gateway_info(url: str, shards: int) -> Json:
    """What GET /gateway/bot tells."""
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return {"url": url, "shards": shards, "session_start_limit": limit}
