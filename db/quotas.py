"""Counting what a member has put into a server's records, for the limits of `domain.quotas`."""

import sqlite3

from db.settings import with_authority
from domain.people import Act
from domain.quotas import DAY, check_entry_quota, check_poll_quota, check_signoff_quota
from domain.times import to_text

POLLS = "SELECT COUNT(*) FROM poll WHERE guild_id = ? AND opener_id = ? AND opened_at > ?"
POLLS_OPEN = "SELECT COUNT(*) FROM poll WHERE guild_id = ? AND closed_at IS NULL"
SIGNOFFS = """
    SELECT COUNT(*) FROM decision_entry AS entry
    JOIN decision_part AS who ON who.guild_id = entry.guild_id AND who.seq = entry.seq AND who.part = 'who'
    WHERE entry.guild_id = ? AND entry.type = 'request' AND who.person_id = ? AND entry.at > ?
"""
ENTRIES = """
    SELECT COUNT(*) FROM decision_entry AS entry
    JOIN decision_part AS who ON who.guild_id = entry.guild_id AND who.seq = entry.seq AND who.part = 'who'
    WHERE entry.guild_id = ? AND entry.request_seq = ? AND who.person_id = ?
    AND entry.type NOT IN ('request', 'withdraw')
"""


def check_can_open_poll(connection: sqlite3.Connection, guild_id: int, act: Act) -> None:
    """Let the actor open a poll.

    Raises:
        DomainError: polls.too_many_today, polls.server_full.
    """
    since = to_text(act.at - DAY)
    opened = _count(connection, POLLS, guild_id, act.actor.id, since)
    standing = _count(connection, POLLS_OPEN, guild_id)
    check_poll_quota(with_authority(connection, guild_id, act.actor), opened=opened, standing=standing)


def check_can_open_signoff(connection: sqlite3.Connection, guild_id: int, act: Act) -> None:
    """Let the actor open a sign-off.

    Raises:
        DomainError: signoffs.too_many_today.
    """
    opened = _count(connection, SIGNOFFS, guild_id, act.actor.id, to_text(act.at - DAY))
    check_signoff_quota(with_authority(connection, guild_id, act.actor), opened=opened)


def check_can_add_entry(
    connection: sqlite3.Connection, guild_id: int, number: int, act: Act, *, limit: int | None = None
) -> None:
    """Let the actor leave one more entry on sign-off `number`.

    Raises:
        DomainError: signoffs.too_many_entries.
    """
    check_entry_quota(number, left=_count(connection, ENTRIES, guild_id, number, act.actor.id), limit=limit)


def _count(connection: sqlite3.Connection, sql: str, *values: int | str) -> int:
    counted: int = connection.execute(sql, values).fetchone()[0]
    return counted
