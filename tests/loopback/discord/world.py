"""Servers, channels, people and messages, and what each looks like on the wire."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from discord import Permissions
from discord.utils import DISCORD_EPOCH, snowflake_time

Json = dict[str, Any]
EPHEMERAL, LOADING = 1 << 6, 1 << 7
EVERYDAY = Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    use_application_commands=True,
)
"""What anyone may do in a channel; the bot too, which has no more than its invite asks for."""


class Snowflakes:
    """Ids that rise and carry the wall clock, as Discord's do."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """An id of this very millisecond."""
        self._last = max(self._last + 1, (int(time.time() * 1000) - DISCORD_EPOCH) << 22)
        return self._last


@dataclass(slots=True, eq=False)
class Role:
    """A role and the permissions that it grants."""

    id: int
    name: str
    permissions: Permissions

    def payload(self) -> Json:
        """The role as Discord sends it."""
        flags = {"hoist": False, "managed": False, "mentionable": True, "flags": 0}
        more = {"position": 1, "color": 0, "colors": {"primary_color": 0}}
        return {"id": f"{self.id}", "name": self.name, "permissions": f"{self.permissions.value}"} | flags | more


@dataclass(slots=True, eq=False)
class Member:
    """A person in one server. ``permissions`` come on top of what the roles grant.

    Attributes:
        brings_bot: whether this person added the application to their own account.
    """

    id: int
    name: str
    guild: "Guild"
    roles: list[Role] = field(default_factory=list)
    permissions: Permissions = EVERYDAY
    bot: bool = False
    brings_bot: bool = False

    def allowed(self) -> Permissions:
        """What this person may do here."""
        value = self.permissions.value
        for role in self.roles:
            value |= role.permissions.value
        return Permissions(value)

    def user(self) -> Json:
        """The account behind the member."""
        name = {"username": self.name.lower().replace(" ", "."), "global_name": self.name}
        looks = {"avatar": None, "discriminator": "0", "public_flags": 0}
        return {"id": f"{self.id}", "bot": self.bot} | name | looks

    def payload(self) -> Json:
        """The member as Discord sends it with an interaction."""
        roles = [f"{role.id}" for role in self.roles]
        joined = {"joined_at": "2026-01-05T08:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
        return {"user": self.user(), "roles": roles, "permissions": f"{self.allowed().value}", "nick": None} | joined


@dataclass(slots=True, eq=False)
class Attachment:
    """An uploaded file with its bytes."""

    id: int
    filename: str
    data: bytes
    url: str

    def payload(self) -> Json:
        """The file as Discord lists it beside a message or an option."""
        return {
            "id": f"{self.id}",
            "filename": self.filename,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": "application/octet-stream",
        }


@dataclass(slots=True, eq=False)
class Message:
    """A message; edits change it in place, so a test that holds it sees the newest state.

    Attributes:
        edited_at: when each edit came in, in seconds of `time.monotonic`.
        owners: who had added the application to use the command that it answers; empty without one.
    """

    id: int
    channel: "Channel"
    author: Json
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    flags: int = 0
    seen_by: Member | None = None
    edited_at: list[float] = field(default_factory=list)
    deleted: bool = False
    owners: Json = field(default_factory=dict)

    @property
    def edits(self) -> int:
        """How often it was edited."""
        return len(self.edited_at)

    @property
    def ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    def payload(self) -> Json:
        """The message as Discord sends it."""
        created = snowflake_time(self.id).isoformat()
        identity = {"id": f"{self.id}", "channel_id": f"{self.channel.id}", "author": self.author, "type": 0}
        parts = {"content": self.content, "embeds": self.embeds, "components": self.components}
        files = {"attachments": [file.payload() for file in self.files], "flags": self.flags}
        times = {"timestamp": created, "edited_timestamp": created if self.edits else None}
        mentions = {"mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False}
        return identity | parts | files | times | mentions


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel with the messages that everyone there can see, by id."""

    id: int
    name: str
    guild: "Guild"
    messages: dict[int, Message] = field(default_factory=dict)
    overwrites: list[Json] = field(default_factory=list)

    def say(self, author: Member, content: str, *files: Attachment) -> Message:
        """A person writes a message."""
        message = Message(self.guild.new_id(), self, author.user(), content, files=list(files))
        self.messages[message.id] = message
        return message

    def delete(self, message: Message) -> None:
        """The message is gone for everyone."""
        message.deleted = True
        self.messages.pop(message.id, None)

    def payload(self) -> Json:
        """The channel as Discord sends it."""
        place = {"guild_id": f"{self.guild.id}", "position": 0, "parent_id": None}
        return (
            {"id": f"{self.id}", "name": self.name, "type": 0, "nsfw": False, "topic": None}
            | place
            | {"permission_overwrites": self.overwrites}
        )


@dataclass(slots=True, eq=False)
class Guild:
    """A server. Its everyone role bears its own id, as Discord has it.

    Attributes:
        invited: whether the bot was added to it; `Loopback.invite` and `Loopback.remove_bot` change it.
    """

    id: int
    name: str
    new_id: Callable[[], int]
    me: Member = field(init=False)
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    emojis: list[Json] = field(default_factory=list)
    invited: bool = True

    def add_role(self, name: str, permissions: Permissions | None = None) -> Role:
        """A role that grants nothing unless told."""
        role = Role(self.new_id(), name, permissions or Permissions.none())
        self.roles[role.id] = role
        return role

    def add_channel(self, name: str) -> Channel:
        """A text channel that everyone can see."""
        channel = Channel(self.new_id(), name, self)
        self.channels[channel.id] = channel
        return channel

    def add_member(
        self, name: str, *, roles: list[Role] | None = None, permissions: Permissions | None = None
    ) -> Member:
        """A person with everyday permissions, those of the roles, and those named."""
        allowed = Permissions(EVERYDAY.value | (permissions or Permissions.none()).value)
        member = Member(self.new_id(), name, self, list(roles or []), allowed)
        self.members[member.id] = member
        return member

    def payload(self) -> Json:
        """The server as GUILD_CREATE brings it to a bot without privileged intents: the bot alone as member."""
        everyone = Role(self.id, "@everyone", EVERYDAY).payload()
        empty = ("stickers", "features", "threads", "voice_states", "presences", "stage_instances")
        counted = {"member_count": len(self.members) + 1, "large": False, "unavailable": False}
        return (
            {"id": f"{self.id}", "name": self.name, "owner_id": f"{self.id}", "preferred_locale": "en-GB"}
            | {"roles": [everyone, *(role.payload() for role in self.roles.values())]}
            | {"channels": [channel.payload() for channel in self.channels.values()]}
            | {"emojis": self.emojis}
            | {"members": [self.me.payload()], "guild_scheduled_events": [], "soundboard_sounds": []}
            | counted
            | {key: [] for key in empty}
        )
