"""The gateway: sessions that outlive their connection, and ways to disturb them.

Protocol: https://discord.com/developers/docs/events/gateway. Frames are plain JSON text, which clients take
whatever compression they asked for.
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from aiohttp import WSMsgType, web

from .waiting import Bell
from .world import Json


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


AUTHENTICATION_FAILED, INVALID_SHARD = 4004, 4010


@dataclass(slots=True, eq=False)
class Session:
    """What a shard was sent, kept for a RESUME, and its connection while there is one."""

    id: str
    shard: int
    shards: int
    line: web.WebSocketResponse | None = None
    request: web.Request | None = None
    _sent: list[str] = field(default_factory=list)
    _told: int = 0
    _telling: bool = False

    async def dispatch(self, event: str, data: Json) -> None:
        """Send an event; without a connection it waits for the RESUME."""
        self._sent.append(json.dumps({"op": Op.DISPATCH, "t": event, "s": len(self._sent) + 1, "d": data}))
        await self._tell()

    async def say(self, op: Op, data: object = None) -> None:
        """Send an opcode outside the sequence."""
        await self._send(json.dumps({"op": op, "d": data}))

    async def replay(self, after: int) -> None:
        """Send again what the client has not seen, then RESUMED."""
        self._told = after
        await self.dispatch("RESUMED", {})

    async def _tell(self) -> None:
        """Send everything that waits, in order, even if called again meanwhile."""
        if self._telling:
            return
        self._telling = True
        try:
            while self.line is not None and self._told < len(self._sent):
                self._told += 1
                await self._send(self._sent[self._told - 1])
        finally:
            self._telling = False

    async def _send(self, frame: str) -> None:
        line = self.line
        try:
            if line is not None and not line.closed:
                await line.send_str(frame)
        except ConnectionError:
            if self.line is line:
                self.line = None


class Gateway:
    """Every session by its shard.

    Attributes:
        seen: how often each opcode came in, by name.
        intents: the intents of the latest IDENTIFY.
        heartbeat_interval: seconds between heartbeats that HELLO asks for.
    """

    def __init__(self, token: str, bell: Bell, greet: Callable[[Session], list[tuple[str, Json]]]) -> None:
        self.seen: Counter[str] = Counter()
        self.intents = 0
        self.heartbeat_interval = 41.25
        self._token = token
        self._bell = bell
        self._greet = greet
        self._sessions: dict[int, Session] = {}

    @property
    def online(self) -> bool:
        """Whether every shard of the bot has a connection."""
        live = [session for session in self._sessions.values() if session.line is not None]
        return bool(live) and len(live) == live[0].shards

    @property
    def offline(self) -> bool:
        """Whether no shard has a connection."""
        return all(session.line is None for session in self._sessions.values())

    async def happened(self, op: Op, times: int = 1) -> None:
        """Return once an opcode has come in that often and every shard is online."""
        enough = f"{times} times {op.name}"
        await self._bell.until(lambda: self.seen[op.name] >= times and self.online, enough)

    async def send(self, guild_id: int, event: str, data: Json) -> None:
        """Dispatch an event to the shard that has the server; lost when the bot never identified it."""
        for session in list(self._sessions.values()):
            if (guild_id >> 22) % session.shards == session.shard:
                await session.dispatch(event, data)

    async def drop(self, shard: int = 0) -> None:
        """Cut the connection without a word."""
        request = self._sessions[shard].request
        if request is not None and request.transport is not None:
            request.transport.abort()
        await self._gone(shard)

    async def close(self, code: int, shard: int = 0) -> None:
        """Close the connection with a code."""
        line = self._sessions[shard].line
        if line is not None:
            await line.close(code=code)
        await self._gone(shard)

    async def ask_to_reconnect(self, shard: int = 0) -> None:
        """Opcode 7: the client should come back and RESUME."""
        await self._sessions[shard].say(Op.RECONNECT)
        await self._gone(shard)

    async def invalidate(self, *, resumable: bool, shard: int = 0) -> None:
        """Opcode 9: the client may RESUME, or has to IDENTIFY again (discord.py by itself waits 5 s before that)."""
        session = self._sessions[shard]
        await session.say(Op.INVALID_SESSION, data=resumable)
        if not resumable:
            session.id = "invalid"
        await self._gone(shard)

    async def hang_up(self) -> None:
        """Close every connection, as the server goes away."""
        for session in self._sessions.values():
            if session.line is not None:
                await session.line.close(code=1001)

    async def _gone(self, shard: int) -> None:
        session = self._sessions[shard]
        await self._bell.until(lambda: session.line is None, f"shard {shard} to leave")

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        line = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        await line.prepare(request)
        session = Session(id="", shard=0, shards=1, line=line, request=request)
        await session.say(Op.HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000)})
        try:
            async for message in line:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(json.loads(message.data), session)
        finally:
            if session.line is line:
                session.line = None
            self._bell.ring()
        return line

    async def _receive(self, frame: Json, session: Session) -> Session:
        if frame["op"] == Op.HEARTBEAT:
            await session.say(Op.HEARTBEAT_ACK)
        elif frame["op"] == Op.IDENTIFY:
            await self._identify(frame["d"], session)
        elif frame["op"] == Op.RESUME:
            session = await self._resume(frame["d"], session)
        self.seen[Op(frame["op"]).name if frame["op"] in list(Op) else f"op {frame['op']}"] += 1
        self._bell.ring()
        return session

    async def _identify(self, data: Json, session: Session) -> None:
        shard, shards = data.get("shard", (0, 1))
        wrong_token = data["token"] != self._token
        if session.line is not None and (wrong_token or not 0 <= shard < shards):
            await session.line.close(code=AUTHENTICATION_FAILED if wrong_token else INVALID_SHARD)
            return
        session.id, session.shard, session.shards = secrets.token_hex(16), shard, shards
        self.intents = data["intents"]
        self._sessions = {n: old for n, old in self._sessions.items() if old.shards == shards} | {shard: session}
        for event, payload in self._greet(session):
            await session.dispatch(event, payload)

    async def _resume(self, data: Json, session: Session) -> Session:
        known = next((one for one in self._sessions.values() if one.id == data["session_id"]), None)
        if known is None or data["token"] != self._token:
            await session.say(Op.INVALID_SESSION, data=False)
            return session
        known.line, known.request = session.line, session.request
        await known.replay(after=data["seq"])
        return known
