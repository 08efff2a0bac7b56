"""The forms that open sign-offs: what is kept of one while it stands on somebody's screen, and its opening."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from db import quotas
from db.decision_log import rows as log
from db.engine.database import Database
from db.signoffs import policy_rows as policies
from db.signoffs import rows
from db.signoffs.reading import kept_tasks
from db.signoffs.rows import Opened
from domain.decision_log.entries import EntryType, Person
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.human_tasks import HumanTask
from domain.signoffs.request import SignoffRequest, open_request
from domain.signoffs.slate import CUTS
from domain.signoffs.slate_reader import Slate
from domain.times import to_text

DRAFTS_KEPT = timedelta(days=1)
"""How long a form may stay open on somebody's screen."""

Fill = Callable[[SignoffRequest], SignoffRequest]
"""What a form adds to its draft."""

SWEEP_DRAFTS = "DELETE FROM signoff_draft WHERE at < ?"
DROP_DRAFT = "DELETE FROM signoff_draft WHERE guild_id = ? AND interaction_id = ?"


class SignoffForms:
    """The opening half of `SignoffStore`. What a form shows first is what was said of the piece's last cut."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep_draft(self, guild_id: int, act: Act, request: SignoffRequest) -> SignoffRequest:
        """Keep what a command said until its form is sent; drafts older than a day are swept.

        Returns:
            What the form shows.

        Raises:
            DomainError: a piece, cut, link or list of signers that cannot be.
        """
        open_request(request, interaction=None)
        return await self._database.write(lambda connection: _keep(connection, guild_id, act, request))

    async def keep_message(
        self, guild_id: int, act: Act, request: SignoffRequest, read: Callable[[Sequence[str]], Slate]
    ) -> SignoffRequest:
        """Keep what a message said, as `read` finds it given the names of the server's pieces, for its form to check.

        A cut that the message does not name is the one after the piece's last.
        """
        async with self._database.snapshot() as snapshot:
            known = rows.piece_names(await snapshot.all(rows.PIECES, (guild_id,)))
        slate = await asyncio.to_thread(read, known)

        def unit(connection: sqlite3.Connection) -> SignoffRequest:
            following = _following(connection, guild_id, slate.piece) if slate.piece else 0
            cut = following if slate.cut is None else slate.cut
            return _keep(connection, guild_id, act, replace(request, piece=slate.piece, cut=cut))

        return await self._database.write(unit)

    async def keep_next(self, guild_id: int, act: Act, number: int) -> SignoffRequest:
        """Keep the beginning of a sign-off for the cut after the newest of the same piece, asking the same people.

        Raises:
            DomainError: signoffs.unknown, or signoffs.no_piece if its name was erased.
        """

        def unit(connection: sqlite3.Connection) -> SignoffRequest:
            request = rows.read_state(connection, guild_id, number).request
            if not request.piece:
                raise DomainError("signoffs.no_piece")
            cut = _following(connection, guild_id, request.piece)
            by_policy = request.policy.roles if request.policy else ()
            users = tuple(user for user in request.users if user.id)
            roles = tuple(role for role in request.roles if role not in by_policy)
            asked = SignoffRequest(0, act.at, request.piece, cut, Person.of(act.actor), users=users, roles=roles)
            return _keep(connection, guild_id, act, asked)

        return await self._database.write(unit)

    async def draft(self, guild_id: int, draft_id: int, act: Act) -> SignoffRequest:
        """What the form of `draft_id` shows when it is opened again.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft.
        """
        async with self._database.snapshot() as snapshot:
            return await rows.get_draft(snapshot, guild_id, draft_id, act)

    async def refill(self, guild_id: int, draft_id: int, act: Act, fill: Fill) -> None:
        """Keep what stood in a form that was refused, so that nothing has to be entered twice.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft.
        """

        def unit(connection: sqlite3.Connection) -> None:
            filled = fill(rows.read_draft(connection, guild_id, draft_id, act))
            connection.execute(rows.REFILL, (*rows.draft_form(filled), guild_id, draft_id))

        await self._database.write(unit)

    async def open_draft(
        self, guild_id: int, draft_id: int, act: Act, fill: Fill, roles_here: Collection[int] | None = None
    ) -> Opened:
        """Open the sign-off that `draft_id` (the command's interaction) began, with what the form adds through `fill`.

        Args:
            guild_id: The server.
            draft_id: The draft.
            act: Whoever sent the form.
            fill: What the form adds.
            roles_here: The server's roles, so that none that is gone is asked for; None if they are not known.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft, or what `open` raises.
        """
        kept = await self._kept_of_draft(guild_id, draft_id, act, fill)

        def unit(connection: sqlite3.Connection) -> Opened:
            if done := log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST):
                return rows.opened_by(connection, guild_id, done)
            request = replace(fill(rows.read_draft(connection, guild_id, draft_id, act)), human_tasks=kept)
            signoff = _open(connection, guild_id, act, request, roles_here)
            connection.execute(DROP_DRAFT, (guild_id, draft_id))
            return signoff

        return await self._database.write(unit)

    async def open(self, guild_id: int, act: Act, request: SignoffRequest) -> Opened:
        """Ask for signatures on a cut. The request of the piece's previous cut, if any, is superseded.

        Whoever is not named is asked all the same if the server's policy says so; if nobody is named and no policy
        holds, those are who were asked for the piece's last cut, else the opener.

        Raises:
            DomainError: a piece, cut, link, tools, number of signers or need that cannot be, or what the policy
                forbids; signoffs.too_many_today.
        """
        asked = replace(request, human_tasks=await kept_tasks(self._database, guild_id, request))

        def unit(connection: sqlite3.Connection) -> Opened:
            done = log.repeated(connection, guild_id, act.interaction_id, EntryType.REQUEST)
            return rows.opened_by(connection, guild_id, done) if done else _open(connection, guild_id, act, asked)

        return await self._database.write(unit)

    async def _kept_of_draft(self, guild_id: int, draft_id: int, act: Act, fill: Fill) -> tuple[HumanTask, ...]:
        try:
            draft = await self.draft(guild_id, draft_id, act)
        except DomainError:
            return ()  # the unit of work says what is wrong, or finds that this was sent before
        return await kept_tasks(self._database, guild_id, fill(draft))


def _following(connection: sqlite3.Connection, guild_id: int, piece: str) -> int:
    """The cut after the newest of a piece."""
    cuts = (request.cut for request in rows.read_cuts(connection, guild_id, piece))
    return min(max(cuts, default=0) + 1, CUTS[-1])


def _keep(connection: sqlite3.Connection, guild_id: int, act: Act, request: SignoffRequest) -> SignoffRequest:
    """Keep a draft with what was said of the piece's last cut, which is most often true of this one too."""
    last = rows.read_last(connection, guild_id, request.piece)
    if last is not None:
        request = replace(request, uses=last.uses, tools=last.tools, client_told=last.client_told, flags=last.flags)
    connection.execute(SWEEP_DRAFTS, (to_text(act.at - DRAFTS_KEPT),))
    connection.execute(rows.KEEP_DRAFT, rows.draft_row(guild_id, act, request))
    return request


def _open(
    connection: sqlite3.Connection,
    guild_id: int,
    act: Act,
    request: SignoffRequest,
    roles_here: Collection[int] | None = None,
) -> Opened:
    quotas.check_can_open_signoff(connection, guild_id, act)
    asked = _asked(connection, guild_id, request, roles_here)
    earlier = (cut for cut in rows.read_cuts(connection, guild_id, asked.piece) if cut.cut <= asked.cut)
    draft = open_request(
        replace(asked, opened_at=act.at),
        interaction=act.interaction_id,
        supersedes=rows.first_in_force(connection, guild_id, earlier),
    )
    return rows.opened_by(connection, guild_id, log.append(connection, guild_id, draft))


def _asked(
    connection: sqlite3.Connection, guild_id: int, request: SignoffRequest, roles_here: Collection[int] | None
) -> SignoffRequest:
    """The request with the policy that holds, and with those who are asked when it names nobody."""
    policy = policies.read_policy(connection, guild_id, request.piece)
    if policy and roles_here is not None and not set(policy.roles) <= set(roles_here):
        raise DomainError("signoffs.policy_role_gone", pattern=policy.pattern)
    last = rows.read_last(connection, guild_id, request.piece)
    if not (request.users or request.roles or policy) and last is not None:
        request = replace(request, users=tuple(user for user in last.users if user.id), roles=last.roles)
    roles = tuple(role for role in request.roles if roles_here is None or role in roles_here)
    return replace(request, roles=roles, policy=policy)
