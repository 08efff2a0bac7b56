"""Drafts of sign-offs: what a command or a message said, kept while its form is open on somebody's screen."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from db.engine.database import Database, Row, Snapshot
from db.signoffs import rows
from domain.decision_log.entries import Person
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.request import SignoffRequest, open_request, read_form
from domain.signoffs.slate import CUTS
from domain.signoffs.slate_reader import Slate
from domain.times import from_text, to_text

DRAFTS_KEPT = timedelta(days=1)
"""How long a form may stay open on somebody's screen."""

Fill = Callable[[SignoffRequest], SignoffRequest]
"""Adds to a draft what was filled in on its form."""

GET = """
    SELECT author_id, at, piece, cut, link, signers, form FROM signoff_draft WHERE guild_id = ? AND interaction_id = ?
"""
ADD = """
    INSERT INTO signoff_draft (guild_id, interaction_id, author_id, at, signers, piece, cut, link, form)
    VALUES (:guild_id, :interaction_id, :author_id, :at, :signers, :piece, :cut, :link, :form)
    ON CONFLICT (guild_id, interaction_id) DO NOTHING
"""
REFILL = """
    UPDATE signoff_draft SET piece = :piece, cut = :cut, link = :link, form = :form
    WHERE guild_id = :guild_id AND interaction_id = :interaction_id
"""
SWEEP = "DELETE FROM signoff_draft WHERE at < ?"
DROP = "DELETE FROM signoff_draft WHERE guild_id = ? AND interaction_id = ?"


class SignoffDraftStore:
    """Every method takes the server first and never reaches another's drafts.

    A draft is numbered by the interaction that began it, and only its author reaches it. It starts with what was said
    of the piece's last cut.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, guild_id: int, act: Act, request: SignoffRequest) -> SignoffRequest:
        """Keep what a command said until its form is sent; delete all drafts older than a day.

        Returns:
            What the form shows.

        Raises:
            DomainError: signoffs.no_piece, signoffs.piece_too_long, signoffs.bad_cut, signoffs.link_too_long,
                signoffs.bad_link, signoffs.link_expires, signoffs.tools_too_long, signoffs.too_many_signers,
                signoffs.bad_need, signoffs.maker_named.
        """
        open_request(request, interaction=None)
        return await self._database.write(lambda connection: _keep(connection, guild_id, act, request))

    async def keep_message(
        self, guild_id: int, act: Act, request: SignoffRequest, read: Callable[[Sequence[str]], Slate]
    ) -> SignoffRequest:
        """Keep what a message said, as `read` finds it given the names of the server's pieces.

        The form checks it. If the message names no cut, it is the one after the piece's newest.
        """
        async with self._database.snapshot() as snapshot:
            known = rows.piece_names(await snapshot.all(rows.PIECES, (guild_id,)))
        slate = await asyncio.to_thread(read, known)

        def unit(connection: sqlite3.Connection) -> SignoffRequest:
            following = _next_cut(connection, guild_id, slate.piece) if slate.piece else 0
            cut = following if slate.cut is None else slate.cut
            return _keep(connection, guild_id, act, replace(request, piece=slate.piece, cut=cut))

        return await self._database.write(unit)

    async def keep_next(self, guild_id: int, act: Act, number: int) -> SignoffRequest:
        """Begin the sign-off of the cut after the newest of the same piece, asking the same people.

        Raises:
            DomainError: signoffs.unknown, or signoffs.no_piece if its name was erased.
        """

        def unit(connection: sqlite3.Connection) -> SignoffRequest:
            request = rows.read_state(connection, guild_id, number).request
            if not request.piece:
                raise DomainError("signoffs.no_piece")
            cut = _next_cut(connection, guild_id, request.piece)
            by_policy = request.policy.roles if request.policy else ()
            users = tuple(user for user in request.users if user.id)
            roles = tuple(role for role in request.roles if role not in by_policy)
            asked = SignoffRequest(0, act.at, request.piece, cut, Person.of(act.actor), users=users, roles=roles)
            return _keep(connection, guild_id, act, asked)

        return await self._database.write(unit)

    async def get(self, guild_id: int, draft_id: int, act: Act) -> SignoffRequest:
        """Return what the form of `draft_id` shows when it is opened again.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft.
        """
        async with self._database.snapshot() as snapshot:
            return await get_draft(snapshot, guild_id, draft_id, act)

    async def refill(self, guild_id: int, draft_id: int, act: Act, fill: Fill) -> None:
        """Keep what was filled in on a form that was refused, so that nobody types it twice.

        Raises:
            DomainError: signoffs.draft_gone, signoffs.not_your_draft.
        """

        def unit(connection: sqlite3.Connection) -> None:
            filled = fill(read_draft(connection, guild_id, draft_id, act))
            connection.execute(REFILL, {"guild_id": guild_id, "interaction_id": draft_id, **_form_values(filled)})

        await self._database.write(unit)


def read_draft(connection: sqlite3.Connection, guild_id: int, draft_id: int, act: Act) -> SignoffRequest:
    """Return a draft inside a unit of work.

    Raises:
        DomainError: signoffs.draft_gone, signoffs.not_your_draft.
    """
    return _draft(connection.execute(GET, (guild_id, draft_id)).fetchone(), act)


async def get_draft(snapshot: Snapshot, guild_id: int, draft_id: int, act: Act) -> SignoffRequest:
    """Return a draft as a snapshot sees it.

    Raises:
        DomainError: signoffs.draft_gone, signoffs.not_your_draft.
    """
    return _draft(await snapshot.one(GET, (guild_id, draft_id)), act)


def drop_draft(connection: sqlite3.Connection, guild_id: int, draft_id: int) -> None:
    """Delete a draft whose form was sent."""
    connection.execute(DROP, (guild_id, draft_id))


def _next_cut(connection: sqlite3.Connection, guild_id: int, piece: str) -> int:
    """Return the number after the newest cut of a piece."""
    cuts = (request.cut for request in rows.read_cuts(connection, guild_id, piece))
    return min(max(cuts, default=0) + 1, CUTS[-1])


def _keep(connection: sqlite3.Connection, guild_id: int, act: Act, request: SignoffRequest) -> SignoffRequest:
    """Keep a draft with what was said of the piece's last cut, which is usually true of this one too."""
    last = rows.read_last(connection, guild_id, request.piece)
    if last is not None:
        request = replace(request, uses=last.uses, tools=last.tools, client_told=last.client_told, flags=last.flags)
    connection.execute(SWEEP, (to_text(act.at - DRAFTS_KEPT),))
    values = {
        "guild_id": guild_id,
        "interaction_id": act.interaction_id,
        "author_id": act.actor.id,
        "at": to_text(act.at),
        "signers": json.dumps({"users": [user.value() for user in request.users], "roles": request.roles}),
    }
    connection.execute(ADD, values | _form_values(request))
    return request


def _form_values(request: SignoffRequest) -> dict[str, str | int]:
    """Return the columns that a form fills: the slate and, as JSON, the rest."""
    rest = {
        "uses": request.uses,
        "tools": request.tools,
        "client_told": request.client_told,
        "flags": request.flags,
        "file": request.file.value if request.file else None,
    }
    return {"piece": request.piece, "cut": request.cut, "link": request.link, "form": json.dumps(rest)}


def _draft(row: Row | None, act: Act) -> SignoffRequest:
    if row is None:
        raise DomainError("signoffs.draft_gone")
    author_id, at, piece, cut, link, signers, form = row
    if author_id != act.actor.id:
        raise DomainError("signoffs.not_your_draft")
    named, filled = json.loads(signers), json.loads(form)
    return SignoffRequest(
        0,
        from_text(at),
        piece,
        cut,
        Person.of(act.actor),
        link=link,
        users=tuple(map(Person.read, named["users"])),
        roles=tuple(named["roles"]),
        **read_form(filled),
    )
