"""Sign-offs in SQL: one unit of work for each thing a person can do; what they did is entries of the decision log."""

import sqlite3
from collections.abc import Callable

from db import quotas
from db.decision_log import rows as log
from db.engine.database import Database
from db.signoffs import policies, rows
from db.signoffs.forms import DRAFTS_KEPT, SignoffForms
from db.signoffs.reading import SignoffReadings
from db.signoffs.rows import Opened, Signoff
from domain.decision_log.entries import EntryType, NewEntry
from domain.errors import DomainError
from domain.people import Act
from domain.quotas import CORRECTIONS
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import Correction, correct
from domain.signoffs.policy import policy_for
from domain.signoffs.state import SignoffState, answer_request, tell_client, withdraw

__all__ = ["DRAFTS_KEPT", "Opened", "Signoff", "SignoffStore"]

SET_MESSAGE = """
    INSERT INTO signoff_message (guild_id, request_seq, channel_id, message_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, request_seq) DO UPDATE
    SET channel_id = excluded.channel_id, message_id = excluded.message_id
"""


class SignoffStore(SignoffForms, SignoffReadings):
    """Every method takes the server first and never reaches another's sign-offs.

    Writing methods check the rule and write in one unit of work. Repeated under the same interaction id they change
    nothing and name the entry that the first one left.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._database = database

    async def decide(self, guild_id: int, number: int, act: Act, verdict: SignoffVerdict) -> Signoff:
        """Record a press on a verdict; a later one of the same person supersedes the earlier.

        Raises:
            DomainError: signoffs.unknown, or a rule of `domain.signoffs.state.answer_request`.
        """
        return await self._append(guild_id, number, act, lambda state: answer_request(state, act, verdict))

    async def tell_client(self, guild_id: int, number: int, act: Act) -> Signoff:
        """Record that the client has been told of AI's part since the request was opened.

        Raises:
            DomainError: signoffs.unknown, or a rule of `domain.signoffs.state.tell_client`.
        """
        return await self._append(guild_id, number, act, lambda state: tell_client(state, act), EntryType.CORRECT)

    async def add_reason(self, guild_id: int, number: int, act: Act, reason: str) -> Signoff:
        """Say why: the log takes the same answer again, with its reason, in place of the one without.

        Raises:
            DomainError: signoffs.unknown, signoffs.no_decision, or a rule of `domain.signoffs.state.answer_request`.
        """

        def again(state: SignoffState) -> NewEntry:
            before = state.decision_of(act.actor.id)
            if before is None:
                raise DomainError("signoffs.no_decision", number=number)
            return answer_request(state, act, rows.verdict_of(before), reason)

        return await self._append(guild_id, number, act, again)

    async def withdraw(self, guild_id: int, entry_seq: int, act: Act, reason: str = "") -> Signoff:
        """Take back one's own standing decision or request. It stays in the log; the withdrawal is added to it.

        Raises:
            DomainError: signoffs.not_standing, signoffs.not_yours, signoffs.reason_too_long.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.WITHDRAW):
                return rows.signoff_of(connection, guild_id, done)
            number = rows.request_of(connection, guild_id, entry_seq)
            if number is None:
                raise DomainError("signoffs.not_standing", number=entry_seq)
            state = rows.read_state(connection, guild_id, number)
            return rows.signoff_of(
                connection, guild_id, log.append(connection, guild_id, withdraw(state, entry_seq, act, reason))
            )

        return await self._database.write(unit)

    async def correct(self, guild_id: int, number: int, act: Act, slate: Correction) -> Signoff:
        """Mend a slip on the slate of one's own request; the log keeps both.

        Raises:
            DomainError: signoffs.unknown, signoffs.correct_policy if another policy holds for the piece it would be,
                or a rule of `domain.signoffs.corrections.correct`.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.CORRECT):
                return rows.signoff_of(connection, guild_id, done)
            state = rows.read_state(connection, guild_id, number)
            quotas.check_can_add_entry(connection, guild_id, number, act, limit=CORRECTIONS)
            draft = correct(state.request, act, slate, answered=bool(state.standing), ended=not state.in_force)
            known = policies.read_policies(connection, guild_id)
            if policy_for(slate.piece, known) != policy_for(state.request.piece, known):
                raise DomainError("signoffs.correct_policy", number=number)
            return rows.signoff_of(connection, guild_id, log.append(connection, guild_id, draft))

        return await self._database.write(unit)

    async def set_message(self, guild_id: int, number: int, channel_id: int, message_id: int) -> None:
        """Remember where the card stands, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (guild_id, number, channel_id, message_id))

        await self._database.write(unit)

    async def _append(
        self,
        guild_id: int,
        number: int,
        act: Act,
        draft: Callable[[SignoffState], NewEntry],
        kind: EntryType = EntryType.DECISION,
    ) -> Signoff:
        """Append what `draft` makes of `rows.read_state_for`, unless this interaction has left an entry of its kind.

        Raises:
            DomainError: signoffs.unknown, signoffs.too_many_entries, and what `draft` raises.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, kind):
                return rows.signoff_of(connection, guild_id, done)
            state = rows.read_state_for(connection, guild_id, number, act.actor.id)
            drawn_up = draft(state)
            quotas.check_can_add_entry(connection, guild_id, number, act)
            return Signoff(state.request, log.append(connection, guild_id, drawn_up))

        return await self._database.write(unit)
