"""The bot: Discord's client with the stores behind it and the features loaded by name."""

import asyncio
import logging
import random
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.answers import FaqAnswers
from bot.connection.command_sync import sync_commands
from bot.connection.discord_internals import GuildCache
from bot.connection.identify_queue import IdentifyQueue
from bot.delivery.cooldown import Cooldown
from bot.delivery.posts import Posts
from bot.errors import custom_id_of, in_background, logged_id, report
from bot.incoming import has_resolved_ids
from bot.stores import Stores
from bot.ui import Bot, Interaction, PersistentButton, PersistentItem, PersistentModal
from db.engine.database import Database
from db.faq.vectors import VectorStore
from domain.errors import DomainError

log = logging.getLogger(__name__)

FEATURES = (
    "cogs.faq",
    "cogs.polls",
    "cogs.signoffs",
    "cogs.decision_log",
    "cogs.settings",
    "cogs.my_data",
    "cogs.help",
)

CONNECTIONS = 100
"""The most REST connections. Without a bound, a burst of 3,000 presses opens 3,000 sockets and misses Discord's 3 s."""

EXPORT_EVERY = timedelta(minutes=1)
"""How often a server may export its log, which keeps a processor busy."""

_ANSWERING = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction", "discord.py: on_refused_interaction")
"""How discord.py names the tasks that answer people."""


@dataclass(frozen=True, slots=True)
class Sharding:
    """Which shards this process runs; None leaves it to Discord."""

    count: int | None = None
    ids: tuple[int, ...] | None = field(default=None)


class Observer(Protocol):
    """Something that is told of every interaction and gateway event."""

    def trace(self) -> aiohttp.TraceConfig:
        """Return what listens to the client's requests."""

    def expect(self, tree: app_commands.CommandTree[Any], custom_ids: Iterable[str]) -> None:
        """Note the commands, and the class names of buttons, menus and forms."""

    def arrived(self, interaction: discord.Interaction[Any], custom_ids: Mapping[str, re.Pattern[str]]) -> None:
        """Note an interaction before anything answers it."""

    def happened(self, event: str) -> None:
        """Note an event that discord.py dispatches."""


class Tree(app_commands.CommandTree[Bot]):
    """The commands, for servers that added the bot, each with the error funnel behind it."""

    def __init__(self, client: Bot) -> None:
        super().__init__(client, allowed_installs=app_commands.AppInstallationType(guild=True, user=False))

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Refuse a command that has only the id of a person, role, channel or file, not the object."""
        if interaction.type is discord.InteractionType.application_command and not has_resolved_ids(interaction.data):
            await report(interaction, DomainError("command.bad_option"))
            return False
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Hand the error to the funnel."""
        await report(interaction, error)


class CircleTake(Bot):
    """The bot, in `circle-take run` and in the sandbox.

    Args:
        database: open; its opener closes it, after the bot.
        sharding: which shards to run.
        dev_guild_id: register the commands in this server instead of everywhere.
        observer: is told of interactions and answers (`bot.host.metrics.Metrics`); None measures nothing.
    """

    def __init__(
        self,
        database: Database,
        *,
        sharding: Sharding = Sharding(),
        dev_guild_id: int | None = None,
        observer: Observer | None = None,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=Tree,
            http_trace=observer.trace() if observer else None,  # type: ignore[arg-type]  # None is its default
            shard_count=sharding.count,
            shard_ids=list(sharding.ids) if sharding.ids else None,  # type: ignore[arg-type]  # None is its default
        )
        self.database = database
        self.stores = Stores.of(database)
        self.answers = FaqAnswers(self.stores.faq, VectorStore(database))
        self.posts = Posts(self)
        self.export_cooldown = Cooldown(EXPORT_EVERY)
        self._dev_guild_id = dev_guild_id
        self.identify_queue = IdentifyQueue(database.path.absolute().parent)
        self._observer = observer
        self._lost: set[int] = set()
        self._items: list[type[PersistentItem]] = []
        self._modals: list[type[PersistentModal]] = []
        self._custom_ids: dict[str, re.Pattern[str]] = {}

    def _get_state(self, **options: Any) -> GuildCache:
        """Return the cache for discord.py to fill; the pinned version asks for it here."""
        return GuildCache(dispatch=self.dispatch, handlers=self._handlers, hooks=self._hooks, http=self.http, **options)

    def add_items(self, *items: type[PersistentItem]) -> None:
        """Make these buttons and menus work, no matter when they were posted."""
        # discord.py rebuilds the whole view for each press, a tenth of a vote's cost: buttons need none
        self.add_dynamic_items(*(item for item in items if not issubclass(item, PersistentButton)))
        self._items += items
        # the name is a label of metrics, so it stays though two features each have an AnswerButton and a PageButton
        self._custom_ids |= {item.__name__: item.pattern for item in items}

    def add_modals(self, *modals: type[PersistentModal]) -> None:
        """Route submissions of these forms, no matter when they were opened."""
        self._modals += modals
        self._custom_ids |= {modal.__name__: modal.pattern for modal in modals}

    async def login(self, token: str) -> None:
        """Log in with a bounded number of connections."""
        if self.http.connector is discord.utils.MISSING:
            self.http.connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        await super().login(token)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until this shard may identify; a bot of one shard need not wait."""
        if shard_id is None or self.shard_count == 1:
            await super().before_identify_hook(shard_id, initial=initial)
            return
        if shard_id in self.shards:  # its session ended: Discord asks for a random pause
            await asyncio.sleep(random.uniform(1.0, 5.0))  # noqa: S311 - spreads load, protects nothing
        await self.identify_queue.wait(shard_id)

    async def close(self) -> None:
        """Disconnect, and let other processes identify."""
        self.identify_queue.close()
        await super().close()

    async def setup_hook(self) -> None:
        """Load the features and register the commands if they changed."""
        for feature in FEATURES:
            await self.load_extension(feature)
        if self._observer:
            self._observer.expect(self.tree, self._custom_ids)
        await sync_commands(self.tree, self.stores.app, guild_id=self._dev_guild_id)

    @property
    def is_connected(self) -> bool:
        """Whether every shard has a gateway session now; `is_ready` says that each had one once."""
        return self.is_ready() and not self._lost

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Note which shards are connected, and tell the observer what came in, before anything answers it."""
        if event_name == "shard_disconnect":
            self._lost.add(args[0])
        elif event_name in ("shard_ready", "shard_resumed"):
            self._lost.discard(args[0])
        if self._observer:
            if event_name in ("interaction", "refused_interaction"):
                self._observer.arrived(args[0], self._custom_ids)
            self._observer.happened(event_name)
        super().dispatch(event_name, *args, **kwargs)

    async def on_message(self, _message: discord.Message, /) -> None:
        """Ignore messages: the bot answers only interactions."""

    async def on_interaction(self, interaction: Interaction) -> None:
        """Route presses and submitted forms by their custom_id; say so if no feature knows one any more."""
        custom_id = custom_id_of(interaction)
        if interaction.type is discord.InteractionType.component:
            for item in self._items:
                if match := item.pattern.fullmatch(custom_id):
                    if issubclass(item, PersistentButton):
                        await item.of(match).callback(interaction)
                    return
        elif interaction.type is discord.InteractionType.modal_submit:
            for modal in self._modals:
                if match := modal.pattern.fullmatch(custom_id):
                    await modal.of(match).receive(interaction)
                    return
        else:
            return
        await report(interaction, DomainError("command.gone"))
        log.warning("nobody knows the %s %s", interaction.type.name, logged_id(interaction))

    async def on_refused_interaction(self, interaction: Interaction, refusal: DomainError) -> None:
        """Say why nothing is done outside the bot's servers (`bot.incoming.check_invited`); suggest nothing there."""
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            await report(interaction, refusal)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what an event handler raised."""
        error = sys.exc_info()[1]
        if error is not None:
            in_background(error, event_method)

    async def hang_up(self, timeout: float) -> None:  # noqa: ASYNC109 - a bound on shutting down, not on one call
        """Disconnect from the gateway, waiting at most `timeout` seconds; answers still go out."""
        leaving = [asyncio.create_task(shard.disconnect()) for shard in self.shards.values()]
        if leaving:
            await asyncio.wait(leaving, timeout=timeout)

    async def finish_answers(self, timeout: float) -> None:  # noqa: ASYNC109 - a bound on shutting down, not on one call
        """Wait at most `timeout` seconds until the answers under way have gone out."""
        waiting = [task for task in asyncio.all_tasks() if task.get_name().startswith(_ANSWERING)]
        if waiting:
            await asyncio.wait(waiting, timeout=timeout)
