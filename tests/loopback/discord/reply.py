"""One interaction and what the bot made of it, as the person in front of the screen sees it."""

import time
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from .waiting import Bell
from .world import LOADING, Attachment, Channel, Json, Member, Message

DEADLINE = 3.0
"""Seconds within which the bot has to answer."""

LIFETIME = 15 * 60.0
"""Seconds for which the token takes followups and edits."""


class Asked(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """Interaction callback types."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Kind(StrEnum):
    """The first answer, in words."""

    MESSAGE = "message"
    DEFERRED = "deferred"
    DEFERRED_UPDATE = "deferred update"
    UPDATE = "update"
    CHOICES = "choices"
    MODAL = "modal"
    MISSED = "missed"


@dataclass(slots=True, eq=False)
class Reply:
    """What came back for a command, a press, a submit or a keystroke.

    Attributes:
        source: the message whose component was pressed (also behind a modal opened from it).
        callback: the first answer's type, None while there is none.
        message: the message that the answer made or changed; edits show up in it.
        followups: further messages, oldest first.
        modal: the modal's payload, when the answer opened one.
        choices: the autocomplete choices, when the answer brought some.
        latency: seconds from the interaction's dispatch to the first answer's arrival.
    """

    id: int
    token: str
    asked: Asked
    member: Member
    channel: Channel
    source: Message | None = None
    callback: Callback | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json = field(default_factory=dict)
    choices: list[Json] = field(default_factory=list)
    latency: float = 0.0
    opened: float = field(default_factory=time.monotonic)
    bell: Bell = field(default_factory=Bell)

    @property
    def missed(self) -> bool:
        """Whether Discord would show that the application did not respond."""
        return self.callback is None

    @property
    def kind(self) -> Kind:
        """The first answer, in words."""
        return Kind.MISSED if self.callback is None else Kind[self.callback.name]

    @property
    def content(self) -> str:
        """The text of the message; empty without one."""
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        """The embeds of the message."""
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[Json]:
        """The components of the message, or of the modal."""
        return self.message.components if self.message else self.modal.get("components", [])

    @property
    def files(self) -> list[Attachment]:
        """The files of the message, with their bytes."""
        return self.message.files if self.message else []

    @property
    def ephemeral(self) -> bool:
        """Whether this person alone sees the message."""
        return self.message is not None and self.message.ephemeral

    @property
    def age(self) -> float:
        """Seconds since the interaction was dispatched."""
        return time.monotonic() - self.opened

    def grow_older(self, seconds: float) -> None:
        """Pretend that the interaction began that much earlier."""
        self.opened -= seconds

    async def answered(self) -> None:
        """Return at the first answer, or silently when the deadline has passed without one."""
        try:
            await self.bell.until(lambda: self.callback, "the first answer", timeout=DEADLINE)
        except TimeoutError:
            return

    async def finished(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109  # a test states its patience
        """Return once a deferred answer has become a message.

        Raises:
            TimeoutError: it is still loading after ``timeout`` seconds.
        """
        await self.bell.until(lambda: self.message and not self.loading, "the deferred answer", timeout=timeout)

    async def followed(self, count: int = 1, *, timeout: float = 10.0) -> list[Message]:  # noqa: ASYNC109  # as above
        """The followups, once there are ``count`` of them.

        Raises:
            TimeoutError: there are fewer after ``timeout`` seconds.
        """
        await self.bell.until(lambda: len(self.followups) >= count, f"{count} followups", timeout=timeout)
        return self.followups

    @property
    def loading(self) -> bool:
        """Whether the message still says that the bot is thinking."""
        return self.message is not None and bool(self.message.flags & LOADING)

    def acknowledge(self, callback: Callback) -> None:
        """Note the first answer; called by the server."""
        self.latency = self.age
        self.callback = callback
        self.bell.ring()
