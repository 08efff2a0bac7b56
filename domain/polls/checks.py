"""Who may do what to a poll, and when."""

from datetime import datetime

from domain.errors import DomainError
from domain.people import Actor
from domain.polls.poll import LATE_AFTER, LONGEST, REASON_LENGTHS, SHORTEST, Poll
from domain.text import clean_text


def check_open(poll: Poll, at: datetime) -> None:
    """Let a change pass only before the deadline, even if the poll has not been closed yet.

    Raises:
        DomainError: polls.closed, polls.cancelled.
    """
    check_unended(poll)
    if at >= poll.draft.closes_at:
        raise DomainError("polls.closed", poll_id=poll.poll_id)


def check_unended(poll: Poll) -> None:
    """Let a change pass, even after the deadline, until the poll is closed or cancelled.

    Raises:
        DomainError: polls.closed, polls.cancelled.
    """
    if poll.cancelled:
        raise DomainError("polls.cancelled", poll_id=poll.poll_id)
    if poll.closed_at is not None:
        raise DomainError("polls.closed", poll_id=poll.poll_id)


def check_voter(poll: Poll, actor: Actor) -> None:
    """Let only eligible voters vote or hold.

    Raises:
        DomainError: polls.not_a_voter.
    """
    role = poll.draft.voter_role_id
    if role is not None and role not in actor.role_ids:
        raise DomainError("polls.not_a_voter", role_id=role)


def check_keeper(poll: Poll, actor: Actor) -> None:
    """Let only the opener of a poll, or a moderator, close, extend or cancel it.

    Raises:
        DomainError: polls.not_yours.
    """
    if actor.id != poll.opener_id and not actor.moderator:
        raise DomainError("polls.not_yours", poll_id=poll.poll_id)


def is_owner(poll: Poll, actor: Actor) -> bool:
    """Return whether the actor belongs to the department that owns the task."""
    return poll.draft.owner_role_id is not None and poll.draft.owner_role_id in actor.role_ids


def check_reason(reason: str) -> str:
    """Return the cleaned reason.

    Raises:
        DomainError: polls.reason_length.
    """
    reason = clean_text(reason)
    if len(reason) not in REASON_LENGTHS:
        raise DomainError("polls.reason_length", least=REASON_LENGTHS[0], most=REASON_LENGTHS[-1])
    return reason


def check_extension(poll: Poll, actor: Actor, at: datetime, closes_at: datetime) -> None:
    """Let the deadline of an open poll move later, not earlier.

    Raises:
        DomainError: polls.not_yours, polls.closed, polls.cancelled, polls.extend_earlier, polls.extend_too_soon
            (within 15 minutes from now), polls.closes_too_late (beyond 90 days from the opening).
    """
    check_keeper(poll, actor)
    check_open(poll, at)
    asked, closes = int(closes_at.timestamp()), int(poll.draft.closes_at.timestamp())
    if closes_at <= poll.draft.closes_at:
        raise DomainError("polls.extend_earlier", poll_id=poll.poll_id, asked=asked, closes=closes)
    if closes_at - at < SHORTEST:
        raise DomainError("polls.extend_too_soon", at=asked)
    if closes_at - poll.opened_at > LONGEST:
        raise DomainError("polls.closes_too_late", at=asked)


def is_late(poll: Poll, at: datetime) -> bool:
    """Return whether a poll that closes at `at` closes late, because the bot was not running at its deadline."""
    return at - poll.draft.closes_at > LATE_AFTER
