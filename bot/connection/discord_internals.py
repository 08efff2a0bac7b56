"""What is remembered of each server: its name, its owner, its roles and who the bot is there."""

from typing import Any

from discord.state import AutoShardedConnectionState

from bot.errors import in_background

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


class GuildCache(AutoShardedConnectionState[Any]):
    """discord.py's own cache without channels and the like, which are three quarters of what a server takes in it.

    Every interaction brings the channel that it happens in, and messages are edited by the ids that the stores keep.
    """

    def parse_guild_create(self, data: Any) -> None:
        """Take in a server without its unused parts."""
        super().parse_guild_create(data | {name: [] for name in UNUSED})

    def parse_interaction_create(self, data: Any) -> None:
        """Pass over an interaction that discord.py cannot read: raised, its error would end the bot for everyone."""
        try:
            super().parse_interaction_create(data)
        except Exception as error:  # noqa: BLE001 - whatever is odd about it, it is one person's interaction
            in_background(error, "reading an interaction")

    def parse_channel_create(self, data: Any) -> None:
        """Leave out what would be remembered one by one."""

    def parse_thread_create(self, data: Any) -> None:
        """As above."""

    def parse_thread_list_sync(self, data: Any) -> None:
        """As above."""
