"""What is done to polls besides voting and closing: extending, cancelling, posting anew, telling the channel."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from db.polls import rows
from db.polls.reading import PollReadings
from db.polls.rows import PollInUnit
from db.setting_rows import with_authority
from domain.people import Act
from domain.polls.checks import check_extension, check_keeper, check_open, check_reason
from domain.polls.poll import Poll
from domain.times import from_text, to_text

EXTEND = "UPDATE poll SET closes_at = ? WHERE guild_id = ? AND poll_id = ?"
CANCEL = """
    UPDATE poll SET closed_at = ?, cancelled_by = ?, cancel_reason = ?, salt = NULL WHERE guild_id = ? AND poll_id = ?
"""
SET_MESSAGE = "UPDATE poll SET channel_id = ?, message_id = ? WHERE guild_id = ? AND poll_id = ?"
ANNOUNCED = "UPDATE poll SET announced_at = ? WHERE guild_id = ? AND poll_id = ? AND announced_at IS NULL"


class PollKeeping(PollReadings):
    """The part of `PollStore` that keeps a poll: for whoever opened it and moderators, and for the bot itself."""

    async def set_message(self, guild_id: int, poll_id: int, channel_id: int, message_id: int) -> None:
        """Remember where the ballot stands, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (channel_id, message_id, guild_id, poll_id))

        await self._database.write(unit)

    async def extend(self, guild_id: int, poll_id: int, act: Act, closes_at: datetime) -> Poll:
        """Move the deadline later.

        Raises:
            DomainError: polls.unknown and what `check_extension` raises.
        """
        closes_at = from_text(to_text(closes_at))  # as it will be read again

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = rows.read_poll(connection, guild_id, poll_id, act)
            poll = reading.poll
            if reading.repeated:
                return poll
            check_extension(poll, with_authority(connection, guild_id, act.actor), act.at, closes_at)
            deadlines = (poll.draft.closes_at, closes_at)
            rows.add_event(connection, reading, act, "extend", person=str(act.actor.id), closes=deadlines)
            connection.execute(EXTEND, (to_text(closes_at), guild_id, poll_id))
            return replace(poll, draft=replace(poll.draft, closes_at=closes_at))

        return await self._database.write(unit)

    async def cancel(self, guild_id: int, poll_id: int, act: Act, reason: str) -> Poll:
        """End a poll without a verdict, for good; its votes stay in the history, a secret ballot forgets its key.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours, polls.reason_length.
        """
        reason = check_reason(reason)

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = self._kept(connection, guild_id, poll_id, act)
            if reading.repeated:
                return reading.poll
            rows.add_event(connection, reading, act, "cancel", person=str(act.actor.id), reason=reason)
            connection.execute(CANCEL, (to_text(act.at), act.actor.id, reason, guild_id, poll_id))
            return rows.read_poll(connection, guild_id, poll_id).poll

        return await self._database.write(unit)

    async def post_anew(self, guild_id: int, poll_id: int, act: Act) -> Poll:
        """Note that somebody has the ballot posted again, and return the poll with the place that it leaves.

        Raises:
            DomainError: polls.unknown, polls.closed, polls.cancelled, polls.not_yours.
        """

        def unit(connection: sqlite3.Connection) -> Poll:
            reading = self._kept(connection, guild_id, poll_id, act)
            if not reading.repeated:
                rows.add_event(connection, reading, act, "post", person=str(act.actor.id))
            return reading.poll

        return await self._database.write(unit)

    async def announced(self, guild_id: int, poll_id: int, at: datetime) -> None:
        """Remember that the channel was told how a poll ended, or that it cannot be told."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(ANNOUNCED, (to_text(at), guild_id, poll_id))

        await self._database.write(unit)

    @staticmethod
    def _kept(connection: sqlite3.Connection, guild_id: int, poll_id: int, act: Act) -> PollInUnit:
        """An open poll that the actor keeps; any poll if the interaction is a repeat."""
        reading = rows.read_poll(connection, guild_id, poll_id, act)
        if not reading.repeated:
            check_keeper(reading.poll, with_authority(connection, guild_id, act.actor))
            check_open(reading.poll, act.at)
        return reading
