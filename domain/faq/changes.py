"""Changes of a server's FAQ: what a moderator did, and what that did to each thing.

A subject is an entry, a decoy or a queued question. A value is text; None means that there is nothing of the kind.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HIDDEN = "null"
"""The value of an entry of the essays that the server hides."""


class Subject(StrEnum):
    """The kinds of things that a change can touch."""

    ENTRY = "entry"
    DECOY = "decoy"
    QUESTION = "question"


class ChangeKind(StrEnum):
    """What a moderator did, or an asker who reopened a question."""

    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"
    IMPORT = "import"
    ANSWER = "answer"
    ALTERNATES = "alternates"
    NOT_COVERED = "not-covered"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    UNDO = "undo"


class Effect(StrEnum):
    """What a change did to an entry; only entries of the essays are hidden and shown."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    HIDDEN = "hidden"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Revision:
    """The value of one thing before and after a change."""

    subject: Subject
    key: str
    before: str | None
    after: str | None

    @property
    def title(self) -> str | None:
        """The question of the entry before or after; None where an essay's entry is hidden or shown again."""
        entry = json.loads(self.after or self.before or HIDDEN) or json.loads(self.before or HIDDEN)
        return str(entry["question"]) if entry else None

    @property
    def effect(self) -> Effect:
        """What the change did to the entry, in one word."""
        if self.after == HIDDEN:
            return Effect.HIDDEN
        if self.after is None:
            return Effect.SHOWN if self.before == HIDDEN else Effect.REMOVED
        return Effect.ADDED if self.before is None else Effect.CHANGED


@dataclass(frozen=True, slots=True)
class Change:
    """One change with its revisions; its number is the version of the server's FAQ after it."""

    change_id: int
    kind: ChangeKind
    revisions: tuple[Revision, ...]

    @property
    def entries(self) -> tuple[Revision, ...]:
        """The revisions of entries."""
        return tuple(revision for revision in self.revisions if revision.subject is Subject.ENTRY)

    @property
    def released(self) -> tuple[str, ...]:
        """The wordings of decoys that it dropped."""
        decoys = (revision for revision in self.revisions if revision.subject is Subject.DECOY)
        return tuple(revision.before for revision in decoys if revision.before and not revision.after)

    @property
    def declined(self) -> tuple[str, ...]:
        """The wordings that it made decoys."""
        decoys = (revision for revision in self.revisions if revision.subject is Subject.DECOY)
        return tuple(revision.after for revision in decoys if revision.after)

    @property
    def reopened(self) -> bool:
        """Whether a queued question waits again."""
        return any(one.subject is Subject.QUESTION and one.after is None for one in self.revisions)


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change as the history lists it: by whom (None once erased), when, and how many things it changed."""

    change_id: int
    kind: ChangeKind
    editor_id: int | None
    at: datetime
    keys: tuple[str, ...]
