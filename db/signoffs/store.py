"""Sign-offs in SQL: one unit of work for each thing a person can do; what they did is entries of the decision log."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from db import quotas
from db.decision_log import rows as log
from db.engine.database import Database
from db.polls import outcome_rows as outcomes
from db.signoffs import drafts, policies, rows
from db.signoffs.drafts import Fill
from domain.decision_log.entries import EntryType, LogEntry, NewEntry
from domain.errors import DomainError
from domain.people import Act, Actor
from domain.quotas import CORRECTIONS
from domain.signoffs.choices import SignoffVerdict
from domain.signoffs.corrections import Correction, correct
from domain.signoffs.human_tasks import HumanTask, find_human_tasks
from domain.signoffs.policy import policy_for
from domain.signoffs.request import SignoffRequest, open_request
from domain.signoffs.state import Opened, Signoff, SignoffState, answer_request, tell_client, withdraw
from domain.text import piece_key
from domain.times import to_text

SET_MESSAGE = """
    INSERT INTO signoff_message (guild_id, request_seq, channel_id, message_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, request_seq) DO UPDATE
    SET channel_id = excluded.channel_id, message_id = excluded.message_id
"""
MESSAGE = "SELECT channel_id, message_id FROM signoff_message WHERE guild_id = ? AND request_seq = ?"
_OWN = """
    AND seq IN (SELECT seq FROM decision_part WHERE guild_id = ? AND person_id = ? ORDER BY seq DESC LIMIT 200)
    AND type IN ('request', 'decision', 'withdraw') ORDER BY seq DESC
"""
OWN = log.ENTRIES + _OWN
REQUESTS = "SELECT seq FROM decision_entry WHERE guild_id = ? AND type = 'request' ORDER BY seq DESC LIMIT 200"
WARNED_OF = """
    SELECT DISTINCT request_seq FROM decision_entry
    WHERE guild_id = ? AND type IN ('request', 'correct')
    AND ? IN (SELECT value FROM JSON_EACH(body, '$.facts.warnings'))
    ORDER BY request_seq DESC LIMIT 100
"""
WARNED_UNSEEN = """
    SELECT request.guild_id, request.request_seq
    FROM decision_entry AS mark
    JOIN poll_outcome AS outcome ON outcome.guild_id = mark.guild_id AND outcome.void_by = mark.seq
    JOIN decision_entry AS request ON request.guild_id = mark.guild_id AND request.type IN ('request', 'correct')
    WHERE mark.type = 'void' AND mark.at >= ?
    AND outcome.poll_id IN (SELECT value FROM JSON_EACH(request.body, '$.facts.warnings'))
    ORDER BY mark.at DESC, request.seq DESC LIMIT ?
"""


class SignoffStore:
    """Every method takes the server first and never reaches another's sign-offs.

    Writing methods check the rule and write in one unit of work. Repeated under the same interaction id they change
    nothing and name the entry that the first one left.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache = rows.RowCache()

    def clear_cache(self) -> None:
        """Forget every row that was read for an answer.

        Units of work that blank or delete rows of the log call it, on the writer's thread.
        """
        self._cache.clear()

    async def open(self, guild_id: int, act: Act, request: SignoffRequest) -> Opened:
        """Ask for signatures on a cut. The request of the piece's previous cut, if any, is superseded.

        Those whom the server's policy names are asked too. If nobody is named and no policy holds, the people who
        were asked for the piece's last cut are asked again, else the opener.

        Raises:
            DomainError: signoffs.too_many_today, signoffs.no_piece, signoffs.piece_too_long, signoffs.bad_cut,
                signoffs.link_too_long, signoffs.bad_link, signoffs.link_expires, signoffs.tools_too_long,
                signoffs.too_many_signers, signoffs.bad_need, signoffs.maker_named.
        """
        asked = replace(request, human_tasks=await self._tasks_for_people(guild_id, request))

        def unit(connection: sqlite3.Connection) -> Opened:
            done = log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST)
            return rows.opened_by(connection, guild_id, done) if done else _open(connection, guild_id, act, asked)

        return await self._database.write(unit)

    async def open_draft(
        self, guild_id: int, draft_id: int, act: Act, fill: Fill, roles_here: Collection[int] | None = None
    ) -> Opened:
        """Open the sign-off that `draft_id` began, with what the form adds through `fill`.

        Args:
            guild_id: The server.
            draft_id: The draft in `SignoffDraftStore`.
            act: Who sent the form.
            fill: What the form adds.
            roles_here: The server's roles, so that nobody asks for one that is gone; None if they are not known.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft, signoffs.policy_role_gone,
                signoffs.too_many_today, signoffs.no_piece, signoffs.piece_too_long, signoffs.bad_cut,
                signoffs.link_too_long, signoffs.bad_link, signoffs.link_expires, signoffs.tools_too_long,
                signoffs.too_many_signers, signoffs.bad_need, signoffs.maker_named.
        """
        kept = await self._tasks_of_draft(guild_id, draft_id, act, fill)

        def unit(connection: sqlite3.Connection) -> Opened:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST):
                return rows.opened_by(connection, guild_id, done)
            request = replace(fill(drafts.read_draft(connection, guild_id, draft_id, act)), human_tasks=kept)
            signoff = _open(connection, guild_id, act, request, roles_here)
            drafts.drop_draft(connection, guild_id, draft_id)
            return signoff

        return await self._database.write(unit)

    async def answer(self, guild_id: int, number: int, act: Act, verdict: SignoffVerdict) -> Signoff:
        """Record a press on a verdict; a later one of the same person supersedes the earlier.

        Raises:
            DomainError: signoffs.unknown, signoffs.closed, signoffs.newer_cut, signoffs.maker,
                signoffs.not_a_signer, signoffs.already, signoffs.reason_too_long, signoffs.too_many_entries.
        """
        return await self._append(guild_id, number, act, lambda state: answer_request(state, act, verdict))

    async def add_reason(self, guild_id: int, number: int, act: Act, reason: str) -> Signoff:
        """Add a reason to the actor's answer: the same answer is entered again with it and supersedes the first.

        Raises:
            DomainError: signoffs.unknown, signoffs.no_decision, signoffs.closed, signoffs.newer_cut, signoffs.maker,
                signoffs.not_a_signer, signoffs.already, signoffs.reason_too_long, signoffs.too_many_entries.
        """

        def again(state: SignoffState) -> NewEntry:
            before = state.decision_of(act.actor.id)
            if before is None:
                raise DomainError("signoffs.no_decision", number=number)
            return answer_request(state, act, rows.verdict_of(before), reason)

        return await self._append(guild_id, number, act, again)

    async def tell_client(self, guild_id: int, number: int, act: Act) -> Signoff:
        """Record that the client has been told of AI's part since the request was opened.

        Raises:
            DomainError: signoffs.unknown, signoffs.closed, signoffs.newer_cut, signoffs.told_already,
                signoffs.not_teller, signoffs.too_many_entries.
        """
        return await self._append(guild_id, number, act, lambda state: tell_client(state, act), EntryType.CORRECT)

    async def withdraw(self, guild_id: int, entry_seq: int, act: Act, reason: str = "") -> Signoff:
        """Withdraw one's own standing decision or request. It stays in the log, followed by the withdrawal.

        Raises:
            DomainError: signoffs.unknown, signoffs.not_standing, signoffs.not_yours, signoffs.reason_too_long.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.WITHDRAW):
                return rows.signoff_of(connection, guild_id, done)
            number = rows.request_of(connection, guild_id, entry_seq)
            if number is None:
                raise DomainError("signoffs.not_standing", number=entry_seq)
            state = rows.read_state(connection, guild_id, number)
            entry = log.append(connection, guild_id, withdraw(state, entry_seq, act, reason))
            return rows.signoff_of(connection, guild_id, entry)

        return await self._database.write(unit)

    async def correct(self, guild_id: int, number: int, act: Act, slate: Correction) -> Signoff:
        """Correct the slate of one's own request; the log keeps both versions.

        Raises:
            DomainError: signoffs.unknown, signoffs.too_many_entries, signoffs.not_yours_to_correct,
                signoffs.correct_ended, signoffs.correct_answered, signoffs.nothing_corrected, or
                signoffs.correct_policy if another policy holds for the new name of the piece.
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
        """Remember where the card was posted, so that it can be edited later."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(SET_MESSAGE, (guild_id, number, channel_id, message_id))

        await self._database.write(unit)

    async def get(self, guild_id: int, number: int) -> SignoffState:
        """Return the sign-off whose request is entry `number`.

        Raises:
            DomainError: signoffs.unknown.
        """
        async with self._database.snapshot() as snapshot:
            return await rows.get_state(snapshot, guild_id, number)

    async def status(self, guild_id: int, piece: str) -> SignoffState:
        """Return the sign-off of a piece's newest cut that was not taken back, else of its newest cut.

        Raises:
            DomainError: signoffs.unknown_piece, signoffs.unknown.
        """
        async with self._database.snapshot() as snapshot:
            requests = await rows.get_cuts(snapshot, guild_id, piece)
            for request in requests:
                state = await rows.get_state(snapshot, guild_id, request.number)
                if state.in_force:
                    return state
            if not requests:
                raise DomainError("signoffs.unknown_piece")
            return await rows.get_state(snapshot, guild_id, requests[0].number)

    async def kept_since(self, guild_id: int, state: SignoffState) -> tuple[HumanTask, ...]:
        """Return tasks of this cut that the crew decided to keep for people only after the sign-off was opened."""
        known = {task.poll for task in state.request.human_tasks}
        kept = await self._tasks_for_people(guild_id, state.request)
        return tuple(task for task in kept if task.poll not in known)

    async def void_warnings(self, guild_id: int, state: SignoffState) -> dict[int, int]:
        """Return which of the verdicts that the card warns of are void by now, each with the number of its mark."""
        polls = [task.poll for task in state.request.human_tasks]
        if not polls:
            return {}
        async with self._database.snapshot() as snapshot:
            return await outcomes.get_void(snapshot, guild_id, polls)

    async def warned_of(self, guild_id: int, poll_id: int) -> list[int]:
        """Return the sign-offs whose cards warn of a poll's verdict, the newest first; 100 at most."""
        async with self._database.snapshot() as snapshot:
            return [number for (number,) in await snapshot.all(WARNED_OF, (guild_id, poll_id))]

    async def waiting(self, guild_id: int, actor: Actor) -> list[SignoffState]:
        """Return what waits for the actor's signature, newest first, among the server's last 200 requests.

        Raises:
            DomainError: signoffs.unknown.
        """
        async with self._database.snapshot() as snapshot:
            numbers = await snapshot.all(REQUESTS, (guild_id,))
            states = [await rows.get_state(snapshot, guild_id, number) for (number,) in numbers]
        return [state for state in states if _waits_for(state, actor)]

    async def pieces(self, guild_id: int, text: str, limit: int = 25) -> list[str]:
        """Return names of pieces that contain `text`, the latest first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(rows.PIECES, (guild_id,))
        return [name for name in rows.piece_names(found) if piece_key(text) in piece_key(name)][:limit]

    async def own(self, guild_id: int, user_id: int) -> list[LogEntry]:
        """Return a person's standing decisions and requests, which they can take back; newest first, 200 at most."""
        async with self._database.snapshot() as snapshot:
            entries = [log.entry_of(row) for row in await snapshot.all(OWN, (guild_id, guild_id, user_id))]
        gone = {rows.replaced_by(entry) for entry in entries}
        return [entry for entry in entries if entry.type is not EntryType.WITHDRAW and entry.seq not in gone]

    async def message(self, guild_id: int, number: int) -> tuple[int, int] | None:
        """Return channel and message of the card, if it was posted."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(MESSAGE, (guild_id, number))
        return (row[0], row[1]) if row else None

    async def to_redraw(self, since: datetime, limit: int = 100) -> list[tuple[int, int]]:
        """Return sign-offs of all servers whose card the last entries since then changed, as (server, number)."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(rows.TO_REDRAW, (to_text(since), limit))
            warned = await snapshot.all(WARNED_UNSEEN, (to_text(since), limit))
        touched = [card for row in found for card in rows.cards_touched(row)]
        return list(dict.fromkeys([*touched, *((guild_id, number) for guild_id, number in warned)]))

    async def _append(
        self,
        guild_id: int,
        number: int,
        act: Act,
        draft: Callable[[SignoffState], NewEntry],
        kind: EntryType = EntryType.DECISION,
    ) -> Signoff:
        """Append what `draft` makes of the state, unless this interaction has left an entry of its kind.

        Raises:
            DomainError: signoffs.unknown, signoffs.too_many_entries, and what `draft` raises.
        """

        def unit(connection: sqlite3.Connection) -> Signoff:
            if done := log.repeated(connection, guild_id, act.interaction_id, kind):
                return rows.signoff_of(connection, guild_id, done)
            state = self._cache.read_state_for(connection, guild_id, number, act.actor.id)
            drawn_up = draft(state)
            quotas.check_can_add_entry(connection, guild_id, number, act)
            return Signoff(state.request, log.append(connection, guild_id, drawn_up))

        return await self._database.write(unit)

    async def _tasks_of_draft(self, guild_id: int, draft_id: int, act: Act, fill: Fill) -> tuple[HumanTask, ...]:
        try:
            async with self._database.snapshot() as snapshot:
                draft = await drafts.get_draft(snapshot, guild_id, draft_id, act)
        except DomainError:
            return ()  # the unit of work says what is wrong, or finds that this was sent before
        return await self._tasks_for_people(guild_id, fill(draft))

    async def _tasks_for_people(self, guild_id: int, request: SignoffRequest) -> tuple[HumanTask, ...]:
        """Return the crew's tasks for people among what AI did; ranking would hold up the writer's thread."""
        async with self._database.snapshot() as snapshot:
            judged = await outcomes.get_judged(snapshot, guild_id)
        return await asyncio.to_thread(find_human_tasks, request.uses, request.tools, judged)


def _waits_for(state: SignoffState, actor: Actor) -> bool:
    """Return whether the actor's signature is still needed on a newest cut that they have not answered."""
    users, roles = state.awaited
    mine = any(user.id == actor.id for user in users) or actor.role_ids & set(roles)
    may = state.request.slots_filled_by(actor.id, actor.role_ids)
    return bool(mine and may) and state.in_force and not state.stale and state.decision_of(actor.id) is None


def _open(
    connection: sqlite3.Connection,
    guild_id: int,
    act: Act,
    request: SignoffRequest,
    roles_here: Collection[int] | None = None,
) -> Opened:
    quotas.check_can_open_signoff(connection, guild_id, act)
    asked = _with_signers(connection, guild_id, request, roles_here)
    earlier = (cut for cut in rows.read_cuts(connection, guild_id, asked.piece) if cut.cut <= asked.cut)
    draft = open_request(
        replace(asked, opened_at=act.at),
        interaction=act.interaction_id,
        supersedes=rows.first_in_force(connection, guild_id, earlier),
    )
    return rows.opened_by(connection, guild_id, log.append(connection, guild_id, draft))


def _with_signers(
    connection: sqlite3.Connection, guild_id: int, request: SignoffRequest, roles_here: Collection[int] | None
) -> SignoffRequest:
    """Return the request with the policy that holds, and with those who are asked when it names nobody."""
    policy = policies.read_policy(connection, guild_id, request.piece)
    if policy and roles_here is not None and not set(policy.roles) <= set(roles_here):
        raise DomainError("signoffs.policy_role_gone", pattern=policy.pattern)
    last = rows.read_last(connection, guild_id, request.piece)
    if not (request.users or request.roles or policy) and last is not None:
        request = replace(request, users=tuple(user for user in last.users if user.id), roles=last.roles)
    roles = tuple(role for role in request.roles if roles_here is None or role in roles_here)
    return replace(request, roles=roles, policy=policy)
