"""Discord on a socket: REST and gateway on 127.0.0.1, for tests that run the bot as a process."""

from .discord.faults import Faults
from .discord.reply import Kind, Reply
from .discord.server import Loopback
from .discord.world import Attachment, Channel, Guild, Member, Message, Role
from .process import BotProcess

__all__ = [
    "Attachment",
    "BotProcess",
    "Channel",
    "Faults",
    "Guild",
    "Kind",
    "Loopback",
    "Member",
    "Message",
    "Reply",
    "Role",
]
