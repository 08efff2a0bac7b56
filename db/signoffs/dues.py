"""Due times of cuts in SQL, and which reminders have gone out."""

import sqlite3
from datetime import datetime

from db.engine.database import Database
from db.signoffs import rows
from domain.people import Act
from domain.signoffs.due import Reminder, check_due_setter, remind_time
from domain.times import from_text, to_text

# a changed due time brings no second reminder: reminded_at stays
SET_DUE = """
    INSERT INTO signoff_due (guild_id, request_seq, due_at, remind_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, request_seq) DO UPDATE SET due_at = excluded.due_at, remind_at = excluded.remind_at
"""
DUE = "SELECT due_at FROM signoff_due WHERE guild_id = ? AND request_seq = ?"
REMINDED = "SELECT reminded_at FROM signoff_due WHERE guild_id = ? AND request_seq = ?"
NEXT_REMINDER = "SELECT MIN(remind_at) FROM signoff_due WHERE remind_at IS NOT NULL AND reminded_at IS NULL"
TO_REMIND = """
    SELECT guild_id, request_seq, channel_id, message_id, due_at
    FROM signoff_due JOIN signoff_message USING (guild_id, request_seq)
    WHERE remind_at <= ? AND reminded_at IS NULL AND due_at > ?
    ORDER BY remind_at LIMIT 100
"""
MARK_REMINDED = "UPDATE signoff_due SET reminded_at = ? WHERE guild_id = ? AND request_seq = ?"
# too late, or nowhere to send it: the card was never posted
DROP_MISSED = """
    UPDATE signoff_due SET remind_at = NULL
    WHERE remind_at <= ? AND reminded_at IS NULL AND (due_at <= ? OR NOT EXISTS (
        SELECT 1 FROM signoff_message AS card
        WHERE card.guild_id = signoff_due.guild_id AND card.request_seq = signoff_due.request_seq
    ))
"""


class DueStore:
    """Methods that take a server never reach another's; the others serve the one clock of all servers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_due(self, guild_id: int, number: int, act: Act, due: datetime | None) -> datetime | None:
        """Set when names are due on a cut; None removes the due time.

        Returns:
            When those who have not signed will be reminded; None if they will not be, or have been.

        Raises:
            DomainError: signoffs.unknown, signoffs.closed, signoffs.newer_cut, signoffs.not_due_setter.
        """

        def unit(connection: sqlite3.Connection) -> datetime | None:
            state = rows.read_state(connection, guild_id, number)
            check_due_setter(state, act.actor)
            remind = remind_time(due, state.request.opened_at, act.at) if due else None
            times = (due and to_text(due), remind and to_text(remind))
            connection.execute(SET_DUE, (guild_id, number, *times))
            (reminded,) = connection.execute(REMINDED, (guild_id, number)).fetchone()
            return None if reminded else remind

        return await self._database.write(unit)

    async def due(self, guild_id: int, number: int) -> datetime | None:
        """Return when names are due on a cut, if that was set."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(DUE, (guild_id, number))
        return from_text(row[0]) if row and row[0] else None

    async def next_reminder(self) -> datetime | None:
        """Return when the next reminder of any server is to go out."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(NEXT_REMINDER)
        return from_text(row[0]) if row and row[0] else None

    async def to_remind(self, now: datetime) -> list[Reminder]:
        """Return the reminders of all servers that are to go out now; drop those that would come too late."""
        at = to_text(now)

        def unit(connection: sqlite3.Connection) -> list[Reminder]:
            connection.execute(DROP_MISSED, (at, at))
            return [
                Reminder(guild_id, number, channel_id, message_id, due=from_text(due))
                for guild_id, number, channel_id, message_id, due in connection.execute(TO_REMIND, (at, at))
            ]

        return await self._database.write(unit)

    async def mark_reminded(self, guild_id: int, number: int, at: datetime) -> None:
        """Remember that the reminder went out, so that no second one does."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(MARK_REMINDED, (to_text(at), guild_id, number))

        await self._database.write(unit)
