"""What can be read of sign-offs, for cards, lists and suggestions."""

import asyncio
from datetime import datetime

from db.decision_log import rows as log
from db.engine.database import Database
from db.polls import outcome_rows as outcomes
from db.signoffs import rows
from domain.decision_log.entries import EntryType, LogEntry
from domain.errors import DomainError
from domain.people import Actor
from domain.signoffs.human_tasks import HumanTask, find_human_tasks
from domain.signoffs.request import SignoffRequest
from domain.signoffs.state import SignoffState
from domain.text import piece_key
from domain.times import to_text

MESSAGE = "SELECT channel_id, message_id FROM signoff_message WHERE guild_id = ? AND request_seq = ?"
_OWN = """
    AND seq IN (SELECT seq FROM decision_part WHERE guild_id = ? AND person_id = ? ORDER BY seq DESC LIMIT 200)
    AND type IN ('request', 'decision', 'withdraw') ORDER BY seq DESC
"""
OWN = log.ENTRIES + _OWN
REQUESTS = "SELECT seq FROM decision_entry WHERE guild_id = ? AND type = 'request' ORDER BY seq DESC LIMIT 200"


class SignoffReadings:
    """The reading half of `SignoffStore`. Every method that takes a server reads nothing of another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
                if state.in_force:
                    return state
            if not requests:
                raise DomainError("signoffs.unknown_piece")
            return await rows.get_state(snapshot, guild_id, requests[0].number)

    async def kept_since(self, guild_id: int, state: SignoffState) -> tuple[HumanTask, ...]:
        """Tasks of this cut that the crew has kept for people only after the sign-off was opened."""
        known = {task.poll for task in state.request.human_tasks}
        kept = await kept_tasks(self._database, guild_id, state.request)
        return tuple(task for task in kept if task.poll not in known)

    async def waiting(self, guild_id: int, actor: Actor) -> list[SignoffState]:
        """What awaits the actor's signature, the newest first, among the server's last 200 requests."""
        async with self._database.snapshot() as snapshot:
            numbers = await snapshot.all(REQUESTS, (guild_id,))
            states = [await rows.get_state(snapshot, guild_id, number) for (number,) in numbers]
        return [state for state in states if _awaits(state, actor)]

    async def pieces(self, guild_id: int, text: str, limit: int = 25) -> list[str]:
        """Names of pieces that hold `text`, the latest first."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(rows.PIECES, (guild_id,))
        return [name for name in rows.piece_names(found) if piece_key(text) in piece_key(name)][:limit]

    async def own(self, guild_id: int, user_id: int) -> list[LogEntry]:
        """What a person can take back: decisions and requests of theirs that stand, the newest first, 200 at most."""
        async with self._database.snapshot() as snapshot:
            entries = [log.entry_of(row) for row in await snapshot.all(OWN, (guild_id, guild_id, user_id))]
        gone = {rows.replaced_by(entry) for entry in entries}
        return [entry for entry in entries if entry.type is not EntryType.WITHDRAW and entry.seq not in gone]

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


async def kept_tasks(database: Database, guild_id: int, request: SignoffRequest) -> tuple[HumanTask, ...]:
    """The crew's tasks for people among what AI did; ranking takes too long to be done on the writer's thread."""
    async with database.snapshot() as snapshot:
        judged = await outcomes.get_judged(snapshot, guild_id)
    return await asyncio.to_thread(find_human_tasks, request.uses, request.tools, judged)


def _awaits(state: SignoffState, actor: Actor) -> bool:
    """Whether the actor's name would bring a newest cut nearer to being cleared, and they have not answered yet."""
    users, roles = state.awaited
    mine = any(user.id == actor.id for user in users) or actor.role_ids & set(roles)
    may = state.request.slots_filled_by(actor.id, actor.role_ids)
    return bool(mine and may) and state.in_force and not state.stale and state.decision_of(actor.id) is None
