"""The history of a server's FAQ inside a unit of work: numbered changes, what each did, and undoing one.

`domain.faq.changes` says what subjects and values are.
"""

import sqlite3

from domain.errors import DomainError
from domain.faq.changes import Change, ChangeKind, ChangeSubject, Revision
from domain.people import Act
from domain.times import to_text

LAST_CHANGE = "SELECT COALESCE(MAX(change_id), 0) FROM faq_change WHERE guild_id = ?"
DONE = "SELECT change_id FROM faq_change WHERE guild_id = ? AND interaction_id = ?"
EXISTS = "SELECT 1 FROM faq_change WHERE guild_id = ? AND change_id = ?"
ADD_CHANGE = """
    INSERT INTO faq_change (guild_id, change_id, interaction_id, editor_id, at, kind, undoes)
    VALUES (:guild_id, :change_id, :interaction_id, :editor_id, :at, :kind, :undoes)
"""
KIND = "SELECT kind FROM faq_change WHERE guild_id = ? AND change_id = ?"
LAST_REVISION = """
    SELECT COALESCE(MAX(change_id), 0) FROM faq_revision WHERE guild_id = ? AND subject = ? AND key = ?
"""
HISTORY = """
    SELECT change.change_id, change.undoes FROM faq_revision AS revision
    JOIN faq_change AS change ON change.guild_id = revision.guild_id AND change.change_id = revision.change_id
    WHERE revision.guild_id = ? AND subject = ? AND key = ? ORDER BY change.change_id
"""
REVISIONS = """
    SELECT subject, key, before, after FROM faq_revision WHERE guild_id = ? AND change_id = ? ORDER BY subject, key
"""
ADD_REVISION = """
    INSERT INTO faq_revision (guild_id, subject, key, change_id, before, after) VALUES (?, ?, ?, ?, ?, ?)
"""
GET = "SELECT value FROM faq_standing WHERE guild_id = ? AND subject = ? AND key = ?"
ALL = "SELECT key, value FROM faq_standing WHERE guild_id = ? AND subject = ? ORDER BY key"
PUT = """
    INSERT INTO faq_standing (guild_id, subject, key, value) VALUES (?, ?, ?, ?)
    ON CONFLICT (guild_id, subject, key) DO UPDATE SET value = excluded.value
"""
DROP = "DELETE FROM faq_standing WHERE guild_id = ? AND subject = ? AND key = ?"


class Ledger:
    """A server's history inside one unit of work: call `begin`, then `put` for each thing, then `done`."""

    def __init__(self, connection: sqlite3.Connection, guild_id: int, act: Act) -> None:
        self.connection, self.guild_id, self._act = connection, guild_id, act
        self._change_id: int | None = None

    def repeated(self) -> Change | None:
        """Return the change that this interaction has made already, if it has."""
        found = self.connection.execute(DONE, (self.guild_id, self._act.interaction_id)).fetchone()
        return self.read(int(found[0])) if found else None

    def begin(self, kind: ChangeKind, *, undoes: int | None = None) -> None:
        """Begin a change. Somebody who asks a question again, and so reopens it, is not stored."""
        [last] = self.connection.execute(LAST_CHANGE, (self.guild_id,)).fetchone()
        self._change_id = int(last) + 1
        act = self._act
        values = {
            "guild_id": self.guild_id,
            "change_id": self._change_id,
            "interaction_id": act.interaction_id,
            "editor_id": None if kind is ChangeKind.REOPEN else act.actor.id,
            "at": to_text(act.at),
            "kind": kind,
            "undoes": undoes,
        }
        self.connection.execute(ADD_CHANGE, values)

    def get(self, subject: ChangeSubject, key: str) -> str | None:
        """Return the current value."""
        found = self.connection.execute(GET, (self.guild_id, subject, key)).fetchone()
        return str(found[0]) if found else None

    def all(self, subject: ChangeSubject) -> dict[str, str]:
        """Return every current value of a kind, by key."""
        return dict(self.connection.execute(ALL, (self.guild_id, subject)).fetchall())

    def put(self, subject: ChangeSubject, key: str, value: str | None) -> None:
        """Set the current value, and record the one before; an equal value changes nothing."""
        before = self.get(subject, key)
        if before == value:
            return
        note = (self.guild_id, subject, key, self._change_id, before, value)
        self.connection.execute(ADD_REVISION, note)
        if value is None:
            self.connection.execute(DROP, (self.guild_id, subject, key))
        else:
            self.connection.execute(PUT, (self.guild_id, subject, key, value))

    def last_change_of(self, subject: ChangeSubject, key: str) -> int:
        """Return the last change that touched something; 0 if none did."""
        return int(self.connection.execute(LAST_REVISION, (self.guild_id, subject, key)).fetchone()[0])

    def undo(self, change_id: int) -> Change:
        """Undo all that a change did, by a new change.

        Raises:
            DomainError: faq.unknown_change, faq.changed_since when a newer change touched any of it, faq.unchanged.
        """
        if self.connection.execute(EXISTS, (self.guild_id, change_id)).fetchone() is None:
            raise DomainError("faq.unknown_change")
        undone = self.read(change_id)
        for revision in undone.revisions:
            if not self._is_latest(revision, change_id) or self.get(revision.subject, revision.key) != revision.after:
                raise DomainError("faq.changed_since")
        self.begin(ChangeKind.UNDO, undoes=change_id)
        for revision in undone.revisions:
            self.put(revision.subject, revision.key, revision.before)
        return self.done()

    def _is_latest(self, revision: Revision, change_id: int) -> bool:
        """Return whether no newer change touched it, not counting changes that were undone."""
        rows = self.connection.execute(HISTORY, (self.guild_id, revision.subject, revision.key)).fetchall()
        not_undone: list[int] = []
        for number, undoes in rows:
            if not_undone and not_undone[-1] == undoes:
                not_undone.pop()
            else:
                not_undone.append(number)
        return change_id in {rows[-1][0], *not_undone[-1:]}

    def done(self) -> Change:
        """Return the change with what it did.

        Raises:
            DomainError: faq.unchanged when it did nothing, so that its unit of work is rolled back.
        """
        change = self.read(self._change_id or 0)
        if not change.revisions:
            raise DomainError("faq.unchanged")
        return change

    def read(self, change_id: int) -> Change:
        """Read a change with its revisions."""
        kind = self.connection.execute(KIND, (self.guild_id, change_id)).fetchone()[0]
        rows = self.connection.execute(REVISIONS, (self.guild_id, change_id)).fetchall()
        revisions = tuple(Revision(ChangeSubject(subject), key, before, after) for subject, key, before, after in rows)
        return Change(change_id, ChangeKind(kind), revisions)
