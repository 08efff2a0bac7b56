"""The routes that carry an interaction token: the first answer, @original, followups.

Rules: https://discord.com/developers/docs/interactions/receiving-and-responding.
"""

from aiohttp import web

from . import errors
from .posts import Posts
from .reply import DEADLINE, LIFETIME, Asked, Callback, Reply
from .wire import BODY, FILES, Upload, answer, nothing
from .world import EPHEMERAL, LOADING, Json, Member, Message

ALLOWED = {
    Asked.COMMAND: {Callback.MESSAGE, Callback.DEFERRED, Callback.MODAL},
    Asked.COMPONENT: set(Callback) - {Callback.CHOICES},
    Asked.AUTOCOMPLETE: {Callback.CHOICES},
    Asked.MODAL: {Callback.MESSAGE, Callback.DEFERRED, Callback.DEFERRED_UPDATE, Callback.UPDATE},
}
CHANGES_SOURCE = {Callback.DEFERRED_UPDATE, Callback.UPDATE}


class Answers:
    """Every open interaction by its token."""

    def __init__(self, posts: Posts, author: Member) -> None:
        self._posts = posts
        self._author = author
        self._replies: dict[str, Reply] = {}

    def expect(self, reply: Reply) -> None:
        """Take answers for this interaction from now on."""
        self._replies[reply.token] = reply

    def routes(self) -> list[web.RouteDef]:
        """What the server mounts."""
        webhook = "/webhooks/{application}/{token}"
        return [
            web.post("/interactions/{id}/{token}/callback", self.callback),
            web.post(webhook, self.follow_up),
            web.get(webhook + "/messages/{message}", self.get),
            web.patch(webhook + "/messages/{message}", self.edit),
            web.delete(webhook + "/messages/{message}", self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        """The first answer: within 3 s, once, of a type that fits."""
        reply = self._replies.get(request.match_info["token"])
        if reply is None or reply.age >= DEADLINE or request.match_info["id"] != f"{reply.id}":
            raise errors.unknown_interaction()
        if reply.callback is not None:
            raise errors.already_acknowledged()
        kind, data = _callback_of(request[BODY], reply)
        self._apply(reply, kind, data, request[FILES])
        reply.acknowledge(kind)
        if request.query.get("with_response") not in {"1", "true"}:
            return nothing()
        return answer(_response(reply, kind))

    async def follow_up(self, request: web.Request) -> web.Response:
        """A further message; the first one after a defer takes the place of "thinking"."""
        reply = self._open(request)
        body, files = request[BODY] or {}, request[FILES]
        if reply.message is not None and reply.loading:
            message = reply.message
            self._finish(reply, message, body, files)
        else:
            message = self._posted(reply, body, files)
            reply.followups.append(message)
        reply.bell.ring()
        if request.query.get("wait") not in {"1", "true"}:
            return nothing()
        return answer(message.payload())

    async def get(self, request: web.Request) -> web.Response:
        """Read the original answer or a followup."""
        return answer(self._message(request)[1].payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Edit the original answer or a followup."""
        reply, message = self._message(request)
        self._finish(reply, message, request[BODY] or {}, request[FILES])
        reply.bell.ring()
        return answer(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete the original answer or a followup."""
        reply, message = self._message(request)
        message.channel.delete(message)
        reply.bell.ring()
        return nothing()

    def _apply(self, reply: Reply, kind: Callback, data: Json, files: list[Upload]) -> None:
        if kind is Callback.MESSAGE:
            reply.message = self._posted(reply, data, files)
        elif kind is Callback.DEFERRED:
            reply.message = self._posted(reply, {"flags": data.get("flags", 0) | LOADING}, [])
        elif kind in CHANGES_SOURCE:
            reply.message = reply.source
        elif kind is Callback.CHOICES:
            reply.choices = data.get("choices") or []
        else:
            reply.modal = data
        if kind is Callback.UPDATE and reply.source is not None:
            self._posts.edit(reply.source, data, files)

    def _posted(self, reply: Reply, body: Json, files: list[Upload]) -> Message:
        message = self._posts.create(reply.channel, self._author.user(), body, files)
        message.owners = reply.owners
        if message.ephemeral:
            message.seen_by = reply.member
        else:
            reply.channel.messages[message.id] = message
        return message

    def _finish(self, reply: Reply, message: Message, body: Json, files: list[Upload]) -> None:
        """Edit a message; one that was loading keeps the visibility chosen by the defer."""
        was_loading = reply.loading and message is reply.message
        self._posts.edit(message, body | {"flags": None} if was_loading else body, files)
        message.flags &= ~LOADING

    def _open(self, request: web.Request) -> Reply:
        reply = self._replies.get(request.match_info["token"])
        if reply is None or reply.callback is None:
            raise errors.unknown_webhook()
        if reply.age >= LIFETIME:
            raise errors.expired_token()
        return reply

    def _message(self, request: web.Request) -> tuple[Reply, Message]:
        reply, name = self._open(request), request.match_info["message"]
        known = {f"{one.id}": one for one in [*reply.followups, reply.message] if one}
        message = reply.message if name == "@original" else known.get(name)
        if message is None or message.deleted:
            raise errors.unknown_message()
        return reply, message


def _callback_of(body: Json | None, reply: Reply) -> tuple[Callback, Json]:
    """The callback's type and data.

    Raises:
        RestError: 50035 for a type that does not fit what was asked.
    """
    try:
        kind = Callback((body or {})["type"])
    except (KeyError, ValueError) as error:
        raise errors.invalid_form([f"type: no callback type in {body!r}"]) from error
    if kind not in ALLOWED[reply.asked] or (kind in CHANGES_SOURCE and reply.source is None):
        raise errors.invalid_form([f"type: {kind.name} cannot answer {reply.asked.name}"])
    return kind, (body or {}).get("data") or {}


def _response(reply: Reply, kind: Callback) -> Json:
    interaction: Json = {"id": f"{reply.id}", "type": int(reply.asked)}
    resource: Json = {"type": int(kind)}
    if reply.message is not None:
        interaction["response_message_id"] = f"{reply.message.id}"
        interaction["response_message_loading"] = reply.loading
        interaction["response_message_ephemeral"] = bool(reply.message.flags & EPHEMERAL)
        resource["message"] = reply.message.payload()
    return {"interaction": interaction, "resource": resource}
