"""Two servers with the bot in both, for raw interactions."""

import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from simcord import interactions
from simcord.backend import serializers
from simcord.backend.models import Interaction, Message

from bot.client import CircleTake, Sharding
from db.engine.database import Database
from sandbox.crew import Production
from sandbox.simulation import Simulation
from tests.limits.simcord_watch import watch_simcord
from tests.world import QuickBot

from .hearing import Hearing, listening
from .surface import Json, Surface


@dataclass
class Throw:
    """An interaction to send.

    Attributes:
        deleted: whether its message is deleted before the bot answers.
        behind: seconds by which Discord's clock, which its id encodes, is behind that of the previous one.
    """

    place: int
    user_id: int
    kind: int
    data: Json
    source: Message | None = None
    locale: str = "en-US"
    deleted: bool = False
    behind: int = 0

    @property
    def everywhere(self) -> bool:
        """Whether it may reach beyond the server: people get or erase their own data in all of their servers."""
        said = json.dumps(self.data)
        return "my-data" in said and "all" in said

    def __str__(self) -> str:
        """Format it for a failing test."""
        source = f" at message {self.source.id}{' (deleted)' if self.deleted else ''}" if self.source else ""
        late = f", {self.behind} s behind" if self.behind else ""
        data = json.dumps(self.data)
        return f"{self.user_id} in server {self.place}, {self.locale}{late}, type {self.kind}{source}: {data[:2000]}"


@dataclass
class Scene:
    """The bot in both servers. The gaffer works in both.

    Attributes:
        forms: the forms that it opened, each with who saw it where, and the message it was opened from.
    """

    env: Simulation
    database: Database
    productions: tuple[Production, Production]
    hearing: Hearing
    forms: list[tuple[int, int, Json, Message | None]] = field(default_factory=list)

    @property
    def surface(self) -> Surface:
        """Everything that the bot answers."""
        assert isinstance(self.env.bot, CircleTake)
        return Surface.of(self.env.bot, self.env.backend.commands[None].values())

    def people(self, place: int) -> list[int]:
        """Return the members of a server."""
        return [person.id for person in self.productions[place].people.values()]

    def messages(self, place: int) -> list[Message]:
        """Return the bot's messages in a server that have something to press."""
        channels = self.productions[place].channels.values()
        listed = [one for channel in channels for one in self.env.backend.messages.get(channel.id, {}).values()]
        return [one for one in listed if one.components]

    def said(self, place: int) -> list[Message]:
        """Return every message in a server's channel."""
        return list(self.env.backend.messages.get(self.productions[place].channels["crew"].id, {}).values())

    def post(self, place: int, component: Json, *, ephemeral: bool) -> Message:
        """Post a message with one component, as an earlier version of the bot may have left it."""
        channel = self.productions[place].channels["crew"]
        rows = [{"type": 1, "components": [component]}]
        backend = self.env.backend
        return backend.create_message(
            channel.id, backend.bot_user.id, "Earlier", components=rows, flags=64 if ephemeral else 0
        )

    def throw(self, thrown: Throw) -> Interaction:
        """Send an interaction as Discord would, whether or not its client could have made it."""
        backend, production, source = self.env.backend, self.productions[thrown.place], thrown.source
        record, payload = interactions.base_payload(
            backend,
            type=thrown.kind,
            channel_id=source.channel_id if source else production.channels["crew"].id,
            guild_id=production.guild.id,
            user_id=thrown.user_id,
            data=thrown.data,
        )
        self._put_back(record, thrown.behind)
        payload |= {"id": str(record.id), "locale": thrown.locale}
        if source is not None:
            payload["message"] = dict(serializers.message_payload(backend, source))
            record.source_message_id = source.id
        backend.emit("INTERACTION_CREATE", payload)
        return record

    def _put_back(self, record: Interaction, seconds: int) -> None:
        """Give an interaction the id that it would have had so many seconds ago."""
        backend = self.env.backend
        del backend.interactions[record.id]
        record.id -= seconds * 1000 << 22
        backend.interactions[record.id] = record
        backend.interaction_tokens[record.token] = record.id

    def delete(self, message: Message | None) -> None:
        """Delete a message if it still exists."""
        if message is not None and message.id in self.env.backend.messages[message.channel_id]:
            self.env.backend.delete_message(message.channel_id, message.id)

    async def settle(self) -> float:
        """Let the bot do all that is due, and return the seconds of processor time that it took."""
        began = time.process_time()
        await self.env.settle()
        return time.process_time() - began


@contextlib.asynccontextmanager
async def playing(path: Path) -> AsyncIterator[Scene]:
    """Open a scene on the database at `path`."""
    async with await Database.open(path) as database:
        env = Simulation(QuickBot(database, sharding=Sharding(1)))
        north, south = Production.create(env), Production.create(env, "Second Unit")
        south.people["Gus Ferreira"] = south.guild.add_member(north.person("Gus").user)
        violations: list[str] = []
        with watch_simcord(violations), listening(env, (north.guild.id, south.guild.id), violations) as hearing:
            await env.start()
            yield Scene(env, database, (north, south), hearing)
            bot = env.bot
            await env.shutdown()
            await bot.close()
