"""Addresses in Discord."""


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """Return the address of a message; Discord's apps open it too."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"
