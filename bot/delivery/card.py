"""Cards: messages in channels that show how something stands, as they ought to look and as they last did."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

REMEMBERED = 1000
"""Cards of which is known what they show; one that was forgotten is edited once more than needed."""


@dataclass(frozen=True, slots=True)
class Card:
    """A message as it ought to look: `parts` are those that `discord.PartialMessage.edit` takes by name."""

    channel_id: int
    message_id: int
    parts: dict[str, Any]

    @property
    def digest(self) -> bytes:
        """16 bytes that change with what Discord would be sent."""
        sent = json.dumps([self.channel_id, self.message_id, self.parts], default=_payload, sort_keys=True)
        return hashlib.blake2b(sent.encode(), digest_size=16).digest()


def _payload(part: Any) -> object:
    """An embed or a view as it is sent."""
    return part.to_components() if hasattr(part, "to_components") else part.to_dict()


@dataclass(slots=True)
class ShownCards:
    """What the latest cards show, by any key: the least recently edited are forgotten."""

    _digests: OrderedDict[tuple[int, int], bytes] = field(default_factory=OrderedDict)
    _left_alone: OrderedDict[int, float] = field(default_factory=OrderedDict)

    def is_current(self, key: tuple[int, int], card: Card) -> bool:
        """Whether the message shows just this already."""
        return self._digests.get(key) == card.digest

    def is_left_alone(self, card: Card, at: float) -> bool:
        """Whether the message was out of reach and is not to be tried at `at`, in seconds of the loop's clock."""
        return at < self._left_alone.get(card.message_id, at)

    def shows(self, key: tuple[int, int], card: Card) -> None:
        """Note that the message shows this now."""
        self._left_alone.pop(card.message_id, None)
        _keep(self._digests, key, card.digest)

    def leave_alone(self, key: tuple[int, int], card: Card, until: float) -> None:
        """Note that the message is out of reach; one that takes its place is not."""
        self.forget(key)
        _keep(self._left_alone, card.message_id, until)

    def forget(self, key: tuple[int, int]) -> None:
        """Note that nobody knows what the message shows."""
        self._digests.pop(key, None)


def _keep(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
