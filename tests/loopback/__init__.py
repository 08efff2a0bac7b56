"""Discord on a socket: REST and gateway on 127.0.0.1, for tests that run the bot as a process of its own."""

from .faults import Faults
from .process import BotProcess
from .reply import Kind, Reply
from .server import Loopback
from .world import Attachment, Channel, Guild, Member, Message, Role

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
