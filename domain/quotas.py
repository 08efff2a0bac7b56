"""How much one member may add to a server's records, so that nobody can fill them up for everybody.

Moderators have no daily limits: they can be told apart, and their work may come in bulk.
"""

from datetime import timedelta

from domain.errors import DomainError
from domain.people import Actor

POLLS_OPEN = 1000
"""Polls that one server may have open at a time; suggestions search through all of them."""

POLLS_A_DAY = 300
SIGNOFFS_A_DAY = 300
"""The most that one member may open within a day: far more than a long day on set needs."""

DAY = timedelta(days=1)

ENTRIES_EACH = 500
"""Entries that one person may leave on one sign-off, not counting withdrawals: each of their presses reads all of
them, and so does every redraw of the card."""

CORRECTIONS = 50
"""How often a slate may be corrected: each correction is compared with all earlier ones."""


def check_poll_quota(actor: Actor, *, opened: int, standing: int) -> None:
    """Check that a member who opened `opened` polls today may open another, with `standing` open in the server.

    Raises:
        DomainError: polls.too_many_today, polls.server_full.
    """
    if opened >= POLLS_A_DAY and not actor.moderator:
        raise DomainError("polls.too_many_today", limit=POLLS_A_DAY)
    if standing >= POLLS_OPEN:
        raise DomainError("polls.server_full", limit=POLLS_OPEN)


def check_signoff_quota(actor: Actor, *, opened: int) -> None:
    """Check that a member who opened `opened` sign-offs today may open another.

    Raises:
        DomainError: signoffs.too_many_today.
    """
    if opened >= SIGNOFFS_A_DAY and not actor.moderator:
        raise DomainError("signoffs.too_many_today", limit=SIGNOFFS_A_DAY)


def check_entry_quota(number: int, *, left: int, limit: int | None = None) -> None:
    """Check that a person with `left` entries on sign-off `number` may add one; `limit` defaults to `ENTRIES_EACH`.

    Raises:
        DomainError: signoffs.too_many_entries.
    """
    most = ENTRIES_EACH if limit is None else limit
    if left >= most:
        raise DomainError("signoffs.too_many_entries", number=number, limit=most)
