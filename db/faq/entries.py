"""A server's own entries: each change is one unit of work, which the history keeps and can undo."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from db.engine.database import Database
from db.faq import drafts
from db.faq.ledger import ALL as CURRENT
from db.faq.ledger import LAST_CHANGE, LAST_REVISION, Ledger
from db.faq.rows import add_decoys, drop_decoys, own_of, put_entries, read_own, with_free_id
from domain.errors import DomainError
from domain.faq.changes import HIDDEN, Change, ChangeKind, ChangeSubject, LoggedChange
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
        """Return the server's own entries by id, in order."""
        async with self._database.snapshot() as snapshot:
            rows = await snapshot.all(CURRENT, (guild_id, ChangeSubject.ENTRY))
        return own_of((key, value) for key, value in rows)

    async def last_change_of(self, guild_id: int, entry_id: str) -> int:
        """Return the change that an edit of this entry is based on; 0 while the server never changed it."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(LAST_REVISION, (guild_id, ChangeSubject.ENTRY, entry_id))
        return int(row[0]) if row else 0

    async def add(self, guild_id: int, act: Act, entry: FaqEntry, decoys: Sequence[str] = ()) -> Change:
        """Add an entry, with a number after its id if that is taken, and drop `decoys`, which it answers.

        Raises:
            DomainError: faq.entries_full, faq.too_much_text, faq.same_question.
        """

        def work(ledger: Ledger) -> None:
            ledger.begin(ChangeKind.ADD)
            put_entries(ledger, [with_free_id(ledger, entry, essays())])
            drop_decoys(ledger, decoys)

        return await self._change(guild_id, act, work)

    async def edit(self, guild_id: int, act: Act, entry: FaqEntry, base: int, decoys: Sequence[str] = ()) -> Change:
        """Replace an entry, unless somebody changed it after `base`, the last change that its editor saw.

        Raises:
            DomainError: faq.edited_meanwhile, faq.unknown_entry, faq.unchanged, faq.entries_full, faq.too_much_text,
                faq.same_question.
        """

        def work(ledger: Ledger) -> None:
            if ledger.last_change_of(ChangeSubject.ENTRY, entry.id) != base:
                raise DomainError("faq.edited_meanwhile")
            essay, current = essays().get(entry.id), ledger.get(ChangeSubject.ENTRY, entry.id)
            if current is None and essay is None:
                raise DomainError("faq.unknown_entry")
            if current is None and essay and FormText.of(entry) == FormText.of(essay):
                raise DomainError("faq.unchanged")
            ledger.begin(ChangeKind.EDIT)
            put_entries(ledger, [entry])
            drop_decoys(ledger, decoys)

        return await self._change(guild_id, act, work)

    async def remove(self, guild_id: int, act: Act, entry_id: str) -> Change:
        """Remove an own entry, or restore the essay's where the server overrides or hides it.

        An essay's entry that the server has not touched is hidden.

        Raises:
            DomainError: faq.unknown_entry.
        """

        def work(ledger: Ledger) -> None:
            current = ledger.get(ChangeSubject.ENTRY, entry_id)
            if current is None and entry_id not in essays():
                raise DomainError("faq.unknown_entry")
            ledger.begin(ChangeKind.REMOVE)
            ledger.put(ChangeSubject.ENTRY, entry_id, HIDDEN if current is None else None)

        return await self._change(guild_id, act, work)

    async def undo(self, guild_id: int, act: Act, change_id: int) -> Change:
        """Undo exactly what one change did to entries, decoys and queued questions.

        Raises:
            DomainError: faq.unknown_change, faq.changed_since, faq.unchanged, faq.decoys_full, faq.entries_full,
                faq.too_much_text, faq.same_question.
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
        """Keep the entries of a file until the import is confirmed, and return what it would change.

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
            DomainError: faq.draft_gone, faq.unchanged, faq.entries_full, faq.too_much_text, faq.same_question.
        """

        def unit(connection: sqlite3.Connection) -> Change | Preview:
            ledger = Ledger(connection, guild_id, act)
            if done := ledger.repeated():
                return done
            draft = _import_of(drafts.read(connection, guild_id, draft_id, act))
            ids = [entry.id for entry in draft.entries]
            since = tuple(name for name in ids if ledger.last_change_of(ChangeSubject.ENTRY, name) > draft.base)
            if since:
                newer = replace(draft, base=_version(connection, guild_id))
                drafts.replace(connection, guild_id, draft_id, newer)
                found = difference(read_own(ledger), draft.entries, [*essays().values()])
                return Preview(draft_id, found, since)
            ledger.begin(ChangeKind.IMPORT)
            put_entries(ledger, draft.entries)
            drop_decoys(ledger, decoys)
            drafts.drop(connection, guild_id, draft_id)
            return ledger.done()

        return await self._database.write(unit)

    async def import_draft(self, guild_id: int, act: Act, draft_id: int) -> tuple[FaqEntry, ...]:
        """Return the entries of a file whose import waits to be confirmed.

        Raises:
            DomainError: faq.draft_gone.
        """
        return _import_of(await self._database.write(lambda c: drafts.read(c, guild_id, draft_id, act))).entries

    async def keep_form(self, guild_id: int, act: Act, draft: FormDraft) -> int:
        """Keep a form that could not be saved, so that it can be reopened, and return its number."""
        return await self._database.write(lambda connection: drafts.keep(connection, guild_id, act, draft))

    async def form_draft(self, guild_id: int, act: Act, draft_id: int) -> FormDraft:
        """Return a form that was kept.

        Raises:
            DomainError: faq.draft_gone.
        """
        draft = await self._database.write(lambda connection: drafts.read(connection, guild_id, draft_id, act))
        if not isinstance(draft, FormDraft):
            raise DomainError("faq.draft_gone")
        return draft

    async def recent(self, guild_id: int, limit: int = 5) -> list[LoggedChange]:
        """Return the last changes, newest first."""
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
