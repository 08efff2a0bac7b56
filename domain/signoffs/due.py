"""When names are due on a cut, and the one reminder before that."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from domain.errors import DomainError
from domain.people import Actor
from domain.signoffs.choices import Labelled
from domain.signoffs.state import SignoffState, Status, check_can_be_signed

REMIND_BEFORE = timedelta(days=1)
"""How long before the due time the reminder goes out."""

TOO_LATE = timedelta(hours=1)
"""Nobody is reminded with less time left than this."""

MIN_AFTER_CARD = timedelta(hours=1)
"""The card itself pings everybody; the reminder gives them at least this long to answer it."""

WRAP = time(18)
TONIGHT = time(23, 59)


class DueOption(Labelled):
    """The due times to choose from, in the crew's time zone."""

    TODAY = "today", "Today, by midnight"
    TOMORROW = "tomorrow", "Tomorrow 18:00"
    THREE_DAYS = "3-days", "In 3 days, 18:00"
    WEEK = "week", "In a week, 18:00"
    NEVER = "never", "No due time"


_DAYS = {DueOption.TODAY: 0, DueOption.TOMORROW: 1, DueOption.THREE_DAYS: 3, DueOption.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to send: its sign-off, the channel and message of the card, and the due time."""

    guild_id: int
    number: int
    channel_id: int
    message_id: int
    due: datetime


def due_time(choice: DueOption, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the due time if `choice` is picked at `now`; None for never."""
    if choice not in _DAYS:
        return None
    day = now.astimezone(zone).date() + timedelta(days=_DAYS[choice])
    return datetime.combine(day, TONIGHT if choice is DueOption.TODAY else WRAP, zone).astimezone(now.tzinfo)


def remind_time(due: datetime, opened_at: datetime, now: datetime) -> datetime | None:
    """Return when to remind those whose names are missing; None if it is too late.

    That is `REMIND_BEFORE` the due time, or at once if less is left, but not within `MIN_AFTER_CARD` of the card.
    """
    at = max(due - REMIND_BEFORE, opened_at + MIN_AFTER_CARD, now)
    return at if at <= due - TOO_LATE else None


def check_due_setter(state: SignoffState, actor: Actor) -> None:
    """Let only the opener and moderators set the due time, while the cut can still be signed.

    Raises:
        DomainError: signoffs.closed, signoffs.newer_cut, signoffs.not_due_setter.
    """
    check_can_be_signed(state)
    if not may_set_due(state, actor):
        raise DomainError("signoffs.not_due_setter", number=state.request.number)


def may_set_due(state: SignoffState, actor: Actor) -> bool:
    """Return whether this person may set the due time of a sign-off."""
    return actor.moderator or actor.id == state.request.opener.id


def worth_reminding(state: SignoffState) -> bool:
    """Return whether somebody still has to sign: after a "not yet" the next step is a new cut, not a name."""
    return state.status is Status.OPEN and not state.stale
