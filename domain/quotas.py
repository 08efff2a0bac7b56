"""How much one member may put into a server's records, so that nobody fills them for everybody.

Moderators have no daily limits: they can be told apart, and their work may come in bulk.
"""

from datetime import timedelta

from domain.errors import DomainError
from domain.people import Actor

POLLS_OPEN = 1000
"""Polls of one server that are open at a time: what suggestions look through (`db.polls.store.FIND`)."""

POLLS_A_DAY = 300
SIGNOFFS_A_DAY = 300
"""What one member opens within a day, at most: far more than a long day on set asks for."""

DAY = timedelta(days=1)

ENTRIES_EACH = 500
"""Entries that one person leaves on one sign-off, beside taking them back: each press of theirs reads all of
them, and each drawing of the card."""

CORRECTIONS = 50
"""How often a slate is corrected: each correction is read against all before it."""


def check_poll_quota(actor: Actor, *, opened: int, standing: int) -> None:
    """Let a poll be opened by somebody who has opened `opened` within a day, where `standing` are open.

    Raises:
        DomainError: polls.too_many_today, polls.server_full.
    """
    if opened >= POLLS_A_DAY and not actor.moderator:
        raise DomainError("polls.too_many_today", limit=POLLS_A_DAY)
    if standing >= POLLS_OPEN:
        raise DomainError("polls.server_full", limit=POLLS_OPEN)


def check_signoff_quota(actor: Actor, *, opened: int) -> None:
    """Let a sign-off be opened by somebody who has opened `opened` within a day.

    Raises:
        DomainError: signoffs.too_many_today.
    """
    if opened >= SIGNOFFS_A_DAY and not actor.moderator:
        raise DomainError("signoffs.too_many_today", limit=SIGNOFFS_A_DAY)


def check_entry_quota(number: int, *, left: int, limit: int | None = None) -> None:
    """Let somebody leave one more entry on sign-off `number`, who has left `left` there; `ENTRIES_EACH` at most.

    Raises:
        DomainError: signoffs.too_many_entries.
    """
    most = ENTRIES_EACH if limit is None else limit
    if left >= most:
        raise DomainError("signoffs.too_many_entries", number=number, limit=most)
