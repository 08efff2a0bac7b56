"""Anchors: count and head of a log, posted where the bot cannot change them unnoticed."""

from dataclasses import dataclass
from datetime import datetime

from domain.decision_log import chain
from domain.decision_log.entries import EntryType, NewEntry


@dataclass(frozen=True, slots=True)
class AnchorDue:
    """An anchor to post: where, and the count and head of the log."""

    channel_id: int
    count: int
    head: str


def anchor(at: datetime, count: int, head: str, *, channel_id: int, message_id: int) -> NewEntry:
    """Return the entry of an anchor: what was posted, and the message, whose id contains Discord's time.

    Args:
        at: When Discord had accepted the message.
        count: How many entries the log had.
        head: The hash of the last of them.
        channel_id: Where it was posted.
        message_id: The message.
    """
    facts = {"count": count, "head": head, "channel": str(channel_id), "message": str(message_id)}
    return NewEntry(EntryType.ANCHOR, at, facts=facts)


def pin(count: int, head: str) -> str:
    """Return the pin that an anchor posts and a verifier accepts: `128:9f86d081884c`."""
    return chain.receipt(count, head)
