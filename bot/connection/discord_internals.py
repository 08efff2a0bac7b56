"""Every change that we make inside discord.py: its addresses, its JSON reader and its cache of servers."""

import json
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.state import AutoShardedConnectionState

from bot.errors import in_background
from bot.incoming import check_invited
from domain.errors import DomainError

UNUSED = (
    "channels",
    "threads",
    "emojis",
    "stickers",
    "soundboard_sounds",
    "voice_states",
    "presences",
    "stage_instances",
    "guild_scheduled_events",
)
"""Lists in GUILD_CREATE that no feature reads: https://discord.com/developers/docs/events/gateway-events#guild-create"""

_fast_read_json = discord.utils._from_json  # orjson's where the extra `fast` is installed


def use_api(url: str) -> None:
    """Send REST calls to `url` instead of discord.com."""
    discord.http.Route.BASE = url


def use_gateway(url: str) -> None:
    """Connect to the gateway at `url`."""
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


def use_tolerant_json() -> None:
    """Make discord.py parse with `read_json`: what it cannot read ends its connection, and the bot with it."""
    discord.utils._from_json = read_json


def read_json(text: Any) -> Any:
    """Parse JSON that may hold lone surrogates, which JSON allows and orjson refuses.

    Raises:
        ValueError: it is not JSON.
    """
    try:
        return _fast_read_json(text)
    except ValueError:
        return json.loads(text)


class GuildCache(AutoShardedConnectionState[Any]):
    """discord.py's own cache without channels and the like, which are three quarters of what a server takes in it.

    Every interaction brings its channel along, and messages are edited by the ids that the stores keep.
    """

    def parse_guild_create(self, data: Any) -> None:
        """Cache a server without its unused parts."""
        super().parse_guild_create(data | {name: [] for name in UNUSED})

    def parse_interaction_create(self, data: Any) -> None:
        """Skip an interaction that discord.py cannot read: if it raised, the bot would end for everyone."""
        try:
            self._route(data)
        except Exception as error:  # noqa: BLE001 - whatever is odd about it, it is one person's interaction
            in_background(error, "reading an interaction")

    def _route(self, data: Any) -> None:
        """Let an interaction from one of the bot's servers in; any other reaches `on_refused_interaction` alone.

        Commands, menus, buttons and forms go separate ways after this.
        """
        try:
            check_invited(data, listed=self._is_listed(data.get("guild_id")))
        except DomainError as refusal:
            self.dispatch("refused_interaction", discord.Interaction(data=data, state=self), refusal)
        else:
            super().parse_interaction_create(data)

    def _is_listed(self, guild_id: Any) -> bool:
        """Return whether READY or GUILD_CREATE named the server, which Discord does before any interaction there."""
        return guild_id is not None and self._get_guild(int(guild_id)) is not None

    # A server arrives without channels and threads, so the events that add them one by one are ignored too.

    def parse_channel_create(self, data: Any) -> None:
        """Ignore a new channel."""

    def parse_thread_create(self, data: Any) -> None:
        """Ignore a new thread."""

    def parse_thread_list_sync(self, data: Any) -> None:
        """Ignore the threads of a channel."""
