"""The moderators' queue of questions. It names nobody but those who want to be told, until they are."""

import sqlite3
from collections.abc import Callable, Sequence

from db.engine.database import Database
from db.faq import queue_rows as rows
from db.faq.ledger import Ledger
from db.faq.rows import add_decoys, decode, drop_decoys, put_entries, with_free_id
from domain.errors import DomainError
from domain.faq.changes import Change, ChangeKind, ChangeSubject
from domain.faq.knowledge import essays
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import with_alternates
from domain.faq.queue import QUESTION_LENGTH, QueuedQuestion, WaitingAsker, folded
from domain.people import Act
from domain.text import clean_line
from domain.times import to_text


class FaqQueueStore:
    """Every method takes the server first and never reaches another's questions.

    Moderators' methods are changes in the history of `FaqEntryStore`, which undoes them; repeated under the same
    interaction id they change nothing and give what the first one did.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(
        self, guild_id: int, act: Act, wording: str, *, same_as: int | None = None, tell_in: int | None = None
    ) -> None:
        """Put a question on the queue, or count it if it is there already.

        It is there in the same letters, or as `same_as` if that still waits. One that was answered or dismissed waits
        again. With a channel in `tell_in`, the asker is stored and told there.

        Raises:
            DomainError: faq.no_question, faq.queue_full, faq.not_covered if moderators marked it so.
        """
        wording = clean_line(wording)[:QUESTION_LENGTH]
        topic = folded(wording)
        if not topic:
            raise DomainError("faq.no_question")

        def unit(connection: sqlite3.Connection) -> None:
            rows.sweep(connection, act.at)
            ledger = Ledger(connection, guild_id, act)
            number = rows.find(connection, guild_id, topic)
            if number is not None:
                _reopen(ledger, number)
            elif same_as is not None and rows.is_open(ledger, same_as):
                number = rows.add_wording(connection, guild_id, same_as, topic, wording)
            else:
                number = rows.add_question(connection, guild_id, topic, wording)
            connection.execute(rows.ADD_ASK, (guild_id, act.interaction_id, number, to_text(act.at)))
            if tell_in is not None:
                connection.execute(rows.ADD_ASKER, (guild_id, number, act.actor.id, tell_in))

        await self._database.write(unit)

    async def open(self, guild_id: int) -> list[QueuedQuestion]:
        """Return the waiting questions, most asked first, then the latest."""
        async with self._database.snapshot() as snapshot:
            counted = await snapshot.all(rows.QUEUE, (guild_id,))
            wordings = await snapshot.all(rows.WORDINGS, (guild_id,))
        return rows.questions_of(counted, wordings)

    async def get(self, guild_id: int, question_id: int) -> QueuedQuestion:
        """Return a waiting question.

        Raises:
            DomainError: faq.question_closed.
        """
        for question in await self.open(guild_id):
            if question.question_id == question_id:
                return question
        raise DomainError("faq.question_closed")

    async def answer(
        self, guild_id: int, act: Act, question_id: int, entry: FaqEntry, decoys: Sequence[str] = ()
    ) -> Change:
        """Answer a question with a new entry, and drop `decoys`, which it answers. Waiting askers become due.

        Raises:
            DomainError: faq.question_closed, faq.entries_full, faq.too_much_text, faq.same_question.
        """

        def work(ledger: Ledger) -> None:
            ledger.begin(ChangeKind.ANSWER)
            added = with_free_id(ledger, entry, essays())
            put_entries(ledger, [added])
            drop_decoys(ledger, decoys)
            rows.close(ledger, question_id, ChangeKind.ANSWER, answered_by=added.id)

        return await self._close(guild_id, act, question_id, work)

    async def add_alternates(self, guild_id: int, act: Act, question_id: int, entry_id: str) -> Change:
        """Answer a question with an existing entry: the question's wordings become the entry's alternates.

        Raises:
            DomainError: faq.question_closed, faq.unknown_entry, faq.alternates_full, faq.entries_full,
                faq.too_much_text, faq.same_question.
        """

        def work(ledger: Ledger) -> None:
            entry = self._entry(ledger, entry_id)
            ledger.begin(ChangeKind.ALTERNATES)
            put_entries(ledger, [with_alternates(entry, rows.wordings_of(ledger, question_id))])
            rows.close(ledger, question_id, ChangeKind.ANSWER, answered_by=entry_id)

        return await self._close(guild_id, act, question_id, work)

    async def mark_not_covered(self, guild_id: int, act: Act, question_id: int) -> Change:
        """Close a question for good: its wordings become decoys, which the FAQ declines to answer.

        Raises:
            DomainError: faq.question_closed, faq.decoys_full.
        """

        def work(ledger: Ledger) -> None:
            ledger.begin(ChangeKind.NOT_COVERED)
            add_decoys(ledger, rows.wordings_of(ledger, question_id))
            rows.close(ledger, question_id, ChangeKind.NOT_COVERED)

        return await self._close(guild_id, act, question_id, work)

    async def dismiss(self, guild_id: int, act: Act, question_id: int) -> Change:
        """Remove a question from the queue until somebody asks it again.

        Raises:
            DomainError: faq.question_closed.
        """

        def work(ledger: Ledger) -> None:
            ledger.begin(ChangeKind.DISMISS)
            rows.close(ledger, question_id, ChangeKind.DISMISS)

        return await self._close(guild_id, act, question_id, work)

    async def due(self) -> list[WaitingAsker]:
        """Return the askers of all servers whose answer is there."""
        async with self._database.snapshot() as snapshot:
            return [WaitingAsker(*row) for row in await snapshot.all(rows.DUE)]

    async def forget_asker(self, asker: WaitingAsker) -> None:
        """Delete an asker who has been told, or cannot be."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(rows.DROP_ASKER, (asker.guild_id, asker.question_id, asker.user_id))

        await self._database.write(unit)

    def _entry(self, ledger: Ledger, entry_id: str) -> FaqEntry:
        own = ledger.get(ChangeSubject.ENTRY, entry_id)
        entry = decode(own) if own else essays().get(entry_id)
        if entry is None:
            raise DomainError("faq.unknown_entry")
        return entry

    async def _close(self, guild_id: int, act: Act, question_id: int, work: Callable[[Ledger], None]) -> Change:
        def unit(connection: sqlite3.Connection) -> Change:
            ledger = Ledger(connection, guild_id, act)
            if done := ledger.repeated():
                return done
            if not rows.is_open(ledger, question_id):
                raise DomainError("faq.question_closed")
            work(ledger)
            return ledger.done()

        return await self._database.write(unit)


def _reopen(ledger: Ledger, question_id: int) -> None:
    """Put a closed question back on the queue.

    Raises:
        DomainError: faq.not_covered.
    """
    status = ledger.get(ChangeSubject.QUESTION, str(question_id))
    if status == ChangeKind.NOT_COVERED:
        raise DomainError("faq.not_covered")
    if status is not None:
        ledger.begin(ChangeKind.REOPEN)
        ledger.put(ChangeSubject.QUESTION, str(question_id), None)
