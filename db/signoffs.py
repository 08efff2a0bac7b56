"""Sign-offs in SQL: one unit of work for each thing a person can do; what they did is entries of the decision log."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db import decision_rows as log
from db import signoff_rows as rows
from db.database import Database
from domain.corrections import Slate, correct
from domain.decisions import Draft, Entry, EntryType
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.signoffs import SignoffRequest, SignoffState, Status, Verdict, decide, open_request, withdraw
from domain.slate import piece_key
from domain.times import to_text

DRAFTS_KEPT = timedelta(days=1)
"""How long a form may stay open on somebody's screen."""

KEEP_DRAFT = """
    INSERT INTO signoff_draft (guild_id, interaction_id, author_id, at, piece, cut, link, signers)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, interaction_id) DO NOTHING
"""
SWEEP_DRAFTS = "DELETE FROM signoff_draft WHERE at < ?"
DROP_DRAFT = "DELETE FROM signoff_draft WHERE guild_id = ? AND interaction_id = ?"
SET_MESSAGE = """
    INSERT INTO signoff_message (guild_id, request_seq, channel_id, message_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, request_seq) DO UPDATE
    SET channel_id = excluded.channel_id, message_id = excluded.message_id
"""
MESSAGE = "SELECT channel_id, message_id FROM signoff_message WHERE guild_id = ? AND request_seq = ?"
PIECES = """
    SELECT value FROM decision_part JOIN decision_entry USING (guild_id, seq)
    WHERE guild_id = ? AND part = 'work' AND type = 'request' AND value IS NOT NULL
    ORDER BY seq DESC LIMIT 500
"""
_OWN = """
    AND seq IN (SELECT seq FROM decision_part WHERE guild_id = ? AND person_id = ? ORDER BY seq DESC LIMIT 200)
    AND type IN ('request', 'decision', 'withdraw') ORDER BY seq DESC
"""
OWN = log.ENTRIES + _OWN
REQUESTS = "SELECT seq FROM decision_entry WHERE guild_id = ? AND type = 'request' ORDER BY seq DESC LIMIT 200"


@dataclass(frozen=True, slots=True)
class Signoff:
    """What a person's act came to: the state it left, and the entry it stands in."""

    state: SignoffState
    entry: Entry


class SignoffStore:
    """Every method takes the server first and never reaches another's sign-offs.

    Writing methods check the rule and write in one unit of work. Repeated under the same interaction id they change
    nothing and name the entry that the first one left.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_draft(self, guild_id: int, act: Act, request: SignoffRequest) -> None:
        """Keep what a command said until its form is sent; drafts older than a day are swept.

        Raises:
            DomainError: a piece, cut, link or list of signers that cannot be.
        """
        open_request(request, interaction=None)

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SWEEP_DRAFTS, (to_text(act.at - DRAFTS_KEPT),))
            connection.execute(KEEP_DRAFT, rows.draft_row(guild_id, act, request))

        await self._database.write(unit)

    async def open_draft(
        self, guild_id: int, draft_id: int, act: Act, fill: Callable[[SignoffRequest], SignoffRequest]
    ) -> Signoff:
        """Open the sign-off that `draft_id` (the command's interaction) began, with what the form adds through `fill`.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft, or what `open` raises.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST):
                return _now(connection, guild_id, done)
            request = rows.read_draft(connection, guild_id, draft_id, act)
            connection.execute(DROP_DRAFT, (guild_id, draft_id))
            return _open(connection, guild_id, act, fill(request))

        return await self._database.write(unit)

    async def open(self, guild_id: int, act: Act, request: SignoffRequest) -> Signoff:
        """Ask for signatures on a cut. The request of the piece's previous cut, if any, is superseded.

        Raises:
            DomainError: a piece, cut, link, tools, number of signers or need that cannot be.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            done = log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST)
            return _now(connection, guild_id, done) if done else _open(connection, guild_id, act, request)

        return await self._database.write(unit)

    async def decide(self, guild_id: int, number: int, act: Act, verdict: Verdict) -> Signoff:
        """Record a press on a verdict; a later one of the same person supersedes the earlier.

        Raises:
            DomainError: signoffs.unknown, or a rule of `domain.signoffs.decide`.
        """
        return await self._append(guild_id, number, act, lambda state: decide(state, act, verdict))

    async def add_reason(self, guild_id: int, number: int, act: Act, reason: str) -> Signoff:
        """Say why: the log takes the same answer again, with its reason, in place of the one without.

        Raises:
            DomainError: signoffs.unknown, signoffs.no_decision, or a rule of `domain.signoffs.decide`.
        """

        def again(state: SignoffState) -> Draft:
            before = state.decision_of(act.actor.id)
            if before is None:
                raise DomainError("signoffs.no_decision", number=number)
            return decide(state, act, rows.verdict_of(before), reason)

        return await self._append(guild_id, number, act, again)

    async def withdraw(self, guild_id: int, entry_seq: int, act: Act, reason: str = "") -> Signoff:
        """Take back one's own standing decision or request. It stays in the log; the withdrawal is added to it.

        Raises:
            DomainError: signoffs.not_standing, signoffs.not_yours, signoffs.reason_too_long.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.WITHDRAW):
                return _now(connection, guild_id, done)
            number = rows.request_of(connection, guild_id, entry_seq)
            if number is None:
                raise DomainError("signoffs.not_standing", number=entry_seq)
            state = rows.read_state(connection, guild_id, number)
            return _now(connection, guild_id, log.append(connection, guild_id, withdraw(state, entry_seq, act, reason)))

        return await self._database.write(unit)

    async def correct(self, guild_id: int, number: int, act: Act, slate: Slate) -> Signoff:
        """Mend a slip on the slate of one's own request; the log keeps both.

        Raises:
            DomainError: signoffs.unknown, or a rule of `domain.corrections.correct`.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.CORRECT):
                return _now(connection, guild_id, done)
            state = rows.read_state(connection, guild_id, number)
            draft = correct(state.request, act, slate, answered=bool(state.standing), ended=not _stands(state))
            return _now(connection, guild_id, log.append(connection, guild_id, draft))

        return await self._database.write(unit)

    async def get(self, guild_id: int, number: int) -> SignoffState:
        """The sign-off whose request is entry `number`.

        Raises:
            DomainError: signoffs.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await rows.get_state(snapshot, guild_id, number)

    async def status(self, guild_id: int, piece: str) -> SignoffState:
        """The sign-off of a piece's newest cut that was not taken back, else of its newest cut.

        Raises:
            DomainError: signoffs.unknown_piece.
        """
        async with self._database.snapshot() as snapshot:
            requests = await rows.get_cuts(snapshot, guild_id, piece)
            for request in requests:
                state = await rows.get_state(snapshot, guild_id, request.number)
                if _stands(state):
                    return state
            if not requests:
                raise DomainError("signoffs.unknown_piece")
            return await rows.get_state(snapshot, guild_id, requests[0].number)

    async def waiting(self, guild_id: int, actor: Actor) -> list[SignoffState]:
        """What awaits the actor's signature, the newest first, among the server's last 200 requests."""
        async with self._database.snapshot() as snapshot:
            numbers = await snapshot.all(REQUESTS, (guild_id,))
            states = [await rows.get_state(snapshot, guild_id, number) for (number,) in numbers]
        return [state for state in states if _awaits(state, actor)]

    async def pieces(self, guild_id: int, text: str, limit: int = 25) -> list[str]:
        """Names of pieces that hold `text`, the latest first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(PIECES, (guild_id,))
        names: dict[str, str] = {}
        for (value,) in found:
            name = rows.piece_in(value)
            names.setdefault(piece_key(name), name)
        return [name for key, name in names.items() if piece_key(text) in key][:limit]

    async def own(self, guild_id: int, user_id: int) -> list[Entry]:
        """What a person can take back: decisions and requests of theirs that stand, the newest first, 200 at most."""
        async with self._database.snapshot() as snapshot:
            entries = [log.entry_of(row) for row in await snapshot.all(OWN, (guild_id, guild_id, user_id))]
        gone = {rows.replaced_by(entry) for entry in entries}
        return [entry for entry in entries if entry.type is not EntryType.WITHDRAW and entry.seq not in gone]

    async def set_message(self, guild_id: int, number: int, channel_id: int, message_id: int) -> None:
        """Remember where the card stands, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (guild_id, number, channel_id, message_id))

        await self._database.write(unit)

    async def message(self, guild_id: int, number: int) -> tuple[int, int] | None:
        """Channel and message of the card, if it was posted."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(MESSAGE, (guild_id, number))
        return (row[0], row[1]) if row else None

    async def to_redraw(self, since: datetime, limit: int = 100) -> list[tuple[int, int]]:
        """Sign-offs of all servers whose card the last entries since then changed, as (server, number)."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(rows.TO_REDRAW, (to_text(since), limit))
        return list(dict.fromkeys(card for row in found for card in rows.cards_touched(row)))

    async def _append(self, guild_id: int, number: int, act: Act, draft: Callable[[SignoffState], Draft]) -> Signoff:
        """Append the decision that `draft` makes of the state, unless this interaction has left one."""

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.DECISION):
                return _now(connection, guild_id, done)
            state = rows.read_state(connection, guild_id, number)
            return _now(connection, guild_id, log.append(connection, guild_id, draft(state)))

        return await self._database.write(unit)


def _open(connection: sqlite3.Connection, guild_id: int, act: Act, request: SignoffRequest) -> Signoff:
    earlier = (cut for cut in rows.read_cuts(connection, guild_id, request.piece) if cut.cut <= request.cut)
    standing = (cut.number for cut in earlier if _stands(rows.read_state(connection, guild_id, cut.number)))
    draft = open_request(
        replace(request, opened_at=act.at), interaction=act.interaction_id, supersedes=next(standing, None)
    )
    return _now(connection, guild_id, log.append(connection, guild_id, draft))


def _now(connection: sqlite3.Connection, guild_id: int, entry: Entry) -> Signoff:
    number = entry.seq if entry.type is EntryType.REQUEST else int(entry.refs["request"])
    return Signoff(rows.read_state(connection, guild_id, number), entry)


def _stands(state: SignoffState) -> bool:
    return state.status not in {Status.WITHDRAWN, Status.VOID}


def _awaits(state: SignoffState, actor: Actor) -> bool:
    """Whether one of the actor's places is empty, the cut is the newest, and they have not answered yet."""
    mine = any(user.id == actor.id for user in state.missing_users) or actor.role_ids & set(state.missing_roles)
    return bool(mine) and _stands(state) and not state.stale and state.decision_of(actor.id) is None
