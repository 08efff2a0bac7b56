"""One interaction and what the bot made of it, as the person in front of the screen sees it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
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
        owners: who added the application: the server as "0", a person as "1".
        latency: seconds from the interaction's dispatch to the first answer's arrival.
        waited: the same by the clock that is fair to a busy machine.
        clock: tells the age, by which Discord gives up.
    """

    id: int
    token: str
    asked: Asked
    member: Member
    channel: Channel
    source: Message | None = None
    owners: Json = field(default_factory=dict)
    callback: Callback | None = None
    message: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json = field(default_factory=dict)
    choices: list[Json] = field(default_factory=list)
    latency: float = 0.0
    waited: float = 0.0
    clock: Callable[[], float] = time.monotonic
    bell: Bell = field(default_factory=Bell)
    _asked_at: float = field(default_factory=time.monotonic)
    _opened: float = field(init=False)

    def __post_init__(self) -> None:
        self._opened = self.clock()

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
        return self.clock() - self._opened

    def grow_older(self, seconds: float) -> None:
        """Pretend that the interaction began that much earlier."""
        self._opened -= seconds

    async def answered(self) -> None:
        """Return at the first answer, or silently when the deadline has passed without one."""
        while self.missed and (left := DEADLINE - self.age) > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.bell.until(lambda: self.callback, "the first answer")

    async def finished(self) -> None:
        """Return once a deferred answer has become a message."""
        await self.bell.until(lambda: self.message and not self.loading, "the deferred answer")

    async def followed(self, count: int = 1) -> list[Message]:
        """The followups, once there are ``count`` of them."""
        await self.bell.until(lambda: len(self.followups) >= count, f"{count} followups")
        return self.followups

    @property
    def loading(self) -> bool:
        """Whether the message still says that the bot is thinking."""
        return self.message is not None and bool(self.message.flags & LOADING)

    def acknowledge(self, callback: Callback) -> None:
        """Note the first answer; called by the server."""
        self.latency, self.waited = time.monotonic() - self._asked_at, self.age
        self.callback = callback
        self.bell.ring()
