"""The real bot in simcord's Discord, as tests use it."""

import importlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Self

import simcord
from simcord import ChannelHandle, MemberActor

from bot.client import CircleTake, Sharding
from db.engine.database import Database
from domain.errors import DomainError
from sandbox.crew import Production
from sandbox.simulation import Simulation
from tests.limits.simcord_watch import watch_simcord

EXPIRED = 10062
"""Discord's code for an interaction that can no longer be answered."""


class QuickBot(CircleTake):
    """The bot on modules that are imported once; discord.py imports a feature's modules again for every bot."""

    async def load_extension(self, name: str, *, package: str | None = None) -> None:
        """Set a feature up."""
        await importlib.import_module(name, package).setup(self)


@dataclass
class World:
    """A running simulation. `world["Gus"]` acts as the gaffer; `world.channel` is where the crew talks."""

    env: Simulation
    database: Database
    production: Production
    violations: list[str] = field(default_factory=list)
    watch: AbstractContextManager[None] | None = None

    @classmethod
    async def start(cls, database: Database) -> Self:
        """Start the bot on `database`, the crew being there already."""
        violations: list[str] = []
        watch = watch_simcord(violations)
        watch.__enter__()
        env = Simulation(QuickBot(database, sharding=Sharding(1)))
        production = Production.create(env)
        await env.start()
        return cls(env, database, production, violations, watch)

    def __getitem__(self, name: str) -> MemberActor:
        """The member whose name begins so."""
        return self.production.person(name)

    @property
    def bot(self) -> CircleTake:
        """The bot that is running now."""
        assert isinstance(self.env.bot, CircleTake)
        return self.env.bot

    @property
    def guild_id(self) -> int:
        """The production's server."""
        return self.production.guild.id

    @property
    def channel(self) -> ChannelHandle:
        """Where the crew talks."""
        return self.production.channels["crew"]

    async def restart(self) -> None:
        """End the bot and start a new one on the same database, as after a crash: nothing in memory survives."""
        old = self.bot
        await self.env.restart_bot(CircleTake(self.database, sharding=Sharding(1)))
        await old.close()

    async def stop(self) -> None:
        """End everything; raise what went wrong unseen."""
        bot = self.bot
        await self.env.shutdown()
        await bot.close()
        assert self.watch is not None
        self.watch.__exit__(None, None, None)
        assert [error for error in self.env.errors if not _foreseen(error)] == []
        assert self.violations == [], "\n".join(self.violations)


def _foreseen(error: BaseException) -> bool:
    """Whether a rule said no, or an answer came too late: discord.py reports that as it does a fault of ours."""
    cause = getattr(error, "original", error)
    return isinstance(cause, DomainError) or getattr(cause, "code", None) == EXPIRED


def text_of(result: simcord.InteractionResult) -> str:
    """All the words of the first answer to an interaction: content and embeds."""
    assert result.response is not None, "the bot did not answer"
    return words_of(result.response)


def words_of(message: Any) -> str:
    """All the words of a message: content and embeds."""
    parts = [message.content or ""]
    for embed in message.embeds:
        parts += [embed.title or "", embed.description or "", embed.footer.text or ""]
        parts += [text for field in embed.fields for text in (field.name or "", field.value or "")]
    return "\n".join(part for part in parts if part)
