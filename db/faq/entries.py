"""A server's own entries: each change is one unit of work, stays in the history and can be undone."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from db.engine.database import Database
from db.faq import drafts
from db.faq.ledger import ALL as STANDING
from db.faq.ledger import LAST_CHANGE, LAST_REVISION, Ledger
from db.faq.rows import add_decoys, own_of, put_entries, read_own, release, with_free_id
from domain.errors import DomainError
from domain.faq.changes import HIDDEN, Change, ChangeKind, LoggedChange, Subject
from domain.faq.knowledge import essays
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import (
    FormDraft,
    FormText,
    ImportDraft,
    OwnEntries,
    Preview,
    check_own,
    difference,
)
from domain.people import Act
from domain.times import from_text

RECENT = """
    SELECT change_id, kind, editor_id, at FROM faq_change WHERE guild_id = ? ORDER BY change_id DESC LIMIT ?
"""
TOUCHED = "SELECT key FROM faq_revision WHERE guild_id = ? AND change_id = ? AND subject = 'entry' ORDER BY key"


class FaqEntryStore:
    """Every method takes the server first and never reaches another's entries.

    Writing methods, repeated under the same interaction id, change nothing and give what the first one did.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, guild_id: int) -> OwnEntries:
        """What the server keeps, by id and in its order."""
        async with self._database.snapshot() as snapshot:
            rows = await snapshot.all(STANDING, (guild_id, Subject.ENTRY))
        return own_of((key, value) for key, value in rows)

    async def last_change_of(self, guild_id: int, entry_id: str) -> int:
        """The change that an edit of this entry is based on; 0 while the server never touched it."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(LAST_REVISION, (guild_id, Subject.ENTRY, entry_id))
        return int(row[0]) if row else 0

    async def add(self, guild_id: int, act: Act, entry: FaqEntry, decoys: Sequence[str] = ()) -> Change:
        """Add an entry, its id numbered if it is taken, and release `decoys`, which it answers.

        Raises:
            DomainError: faq.entries_full, faq.too_much_text, faq.same_question.
        """

        def work(ledger: Ledger) -> None:
            ledger.begin(ChangeKind.ADD)
            put_entries(ledger, [with_free_id(ledger, entry, essays())])
            release(ledger, decoys)

        return await self._change(guild_id, act, work)

    async def edit(self, guild_id: int, act: Act, entry: FaqEntry, base: int, decoys: Sequence[str] = ()) -> Change:
        """Let `entry` stand in place of what `base`, the last change of it that its editor saw, left.

        Raises:
            DomainError: faq.edited_meanwhile when somebody changed it since, faq.unknown_entry when there is none,
                faq.unchanged, or what `add` raises.
        """

        def work(ledger: Ledger) -> None:
            if ledger.last_change_of(Subject.ENTRY, entry.id) != base:
                raise DomainError("faq.edited_meanwhile")
            essay, stands = essays().get(entry.id), ledger.get(Subject.ENTRY, entry.id)
            if stands is None and essay is None:
                raise DomainError("faq.unknown_entry")
            if stands is None and essay and FormText.of(entry) == FormText.of(essay):
                raise DomainError("faq.unchanged")
            ledger.begin(ChangeKind.EDIT)
            put_entries(ledger, [entry])
            release(ledger, decoys)

        return await self._change(guild_id, act, work)

    async def remove(self, guild_id: int, act: Act, entry_id: str) -> Change:
        """Remove what the server says of a topic: its own entry goes, an override or a hidden one is the essays' again.

        Of an essay's entry the server says nothing yet: it is hidden there.

        Raises:
            DomainError: faq.unknown_entry.
        """

        def work(ledger: Ledger) -> None:
            stands = ledger.get(Subject.ENTRY, entry_id)
            if stands is None and entry_id not in essays():
                raise DomainError("faq.unknown_entry")
            ledger.begin(ChangeKind.REMOVE)
            ledger.put(Subject.ENTRY, entry_id, HIDDEN if stands is None else None)

        return await self._change(guild_id, act, work)

    async def undo(self, guild_id: int, act: Act, change_id: int) -> Change:
        """Take back exactly what one change did, of entries, decoys and queued questions.

        Raises:
            DomainError: faq.unknown_change, faq.changed_since, or what `add` raises.
        """

        def unit(connection: sqlite3.Connection) -> Change:
            ledger = Ledger(connection, guild_id, act)
            if done := ledger.repeated():
                return done
            undone = ledger.undo(change_id)
            check_own(read_own(ledger))
            add_decoys(ledger, ())
            return undone

        return await self._database.write(unit)

    async def preview_import(self, guild_id: int, act: Act, entries: Sequence[FaqEntry]) -> Preview:
        """Keep what a file said until it is confirmed, and say what it would do.

        Raises:
            DomainError: faq.entries_full, faq.too_much_text, faq.same_question.
        """

        def unit(connection: sqlite3.Connection) -> Preview:
            ledger = Ledger(connection, guild_id, act)
            own = read_own(ledger)
            check_own({**own, **{entry.id: entry for entry in entries}})
            draft = ImportDraft(tuple(entries), _version(connection, guild_id))
            draft_id = drafts.keep(connection, guild_id, act, draft)
            return Preview(draft_id, difference(own, entries, [*essays().values()]))

        return await self._database.write(unit)

    async def confirm_import(
        self, guild_id: int, act: Act, draft_id: int, decoys: Sequence[str] = ()
    ) -> Change | Preview:
        """Import a file as one change; a new preview instead if somebody changed one of its entries meanwhile.

        Raises:
            DomainError: faq.draft_gone, faq.unchanged, or what `preview_import` raises.
        """

        def unit(connection: sqlite3.Connection) -> Change | Preview:
            ledger = Ledger(connection, guild_id, act)
            if done := ledger.repeated():
                return done
            draft = _import_of(drafts.read(connection, guild_id, draft_id, act))
            ids = [entry.id for entry in draft.entries]
            since = tuple(name for name in ids if ledger.last_change_of(Subject.ENTRY, name) > draft.base)
            if since:
                newer = replace(draft, base=_version(connection, guild_id))
                drafts.replace(connection, guild_id, draft_id, newer)
                found = difference(read_own(ledger), draft.entries, [*essays().values()])
                return Preview(draft_id, found, since)
            ledger.begin(ChangeKind.IMPORT)
            put_entries(ledger, draft.entries)
            release(ledger, decoys)
            drafts.drop(connection, guild_id, draft_id)
            return ledger.done()

        return await self._database.write(unit)

    async def import_draft(self, guild_id: int, act: Act, draft_id: int) -> tuple[FaqEntry, ...]:
        """The entries of a file that waits to be confirmed.

        Raises:
            DomainError: faq.draft_gone.
        """
        return _import_of(await self._database.write(lambda c: drafts.read(c, guild_id, draft_id, act))).entries

    async def keep_form(self, guild_id: int, act: Act, draft: FormDraft) -> int:
        """Keep a form that could not be saved, so that it can be opened again as it was; its number."""
        return await self._database.write(lambda connection: drafts.keep(connection, guild_id, act, draft))

    async def form_draft(self, guild_id: int, act: Act, draft_id: int) -> FormDraft:
        """A form that was kept.

        Raises:
            DomainError: faq.draft_gone.
        """
        draft = await self._database.write(lambda connection: drafts.read(connection, guild_id, draft_id, act))
        if not isinstance(draft, FormDraft):
            raise DomainError("faq.draft_gone")
        return draft

    async def recent(self, guild_id: int, limit: int = 5) -> list[LoggedChange]:
        """The last changes, the newest first."""
        async with self._database.snapshot() as snapshot:
            rows = await snapshot.all(RECENT, (guild_id, limit))
            touched = [await snapshot.all(TOUCHED, (guild_id, row[0])) for row in rows]
        return [
            LoggedChange(number, ChangeKind(kind), editor_id, from_text(at), tuple(key for (key,) in keys))
            for (number, kind, editor_id, at), keys in zip(rows, touched, strict=True)
        ]

    async def _change(self, guild_id: int, act: Act, work: Callable[[Ledger], None]) -> Change:
        def unit(connection: sqlite3.Connection) -> Change:
            ledger = Ledger(connection, guild_id, act)
            if done := ledger.repeated():
                return done
            work(ledger)
            return ledger.done()

        return await self._database.write(unit)


def _version(connection: sqlite3.Connection, guild_id: int) -> int:
    return int(connection.execute(LAST_CHANGE, (guild_id,)).fetchone()[0])


def _import_of(draft: FormDraft | ImportDraft) -> ImportDraft:
    if not isinstance(draft, ImportDraft):
        raise DomainError("faq.draft_gone")
    return draft
