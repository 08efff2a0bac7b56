"""A server's own entries: combining them with the essays', their limits, and what an import would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import DomainError
from domain.faq.knowledge import KnowledgeError, parse_entry
from domain.faq.matcher import FaqEntry, Origin
from domain.text import clean_line

MOST_ENTRIES = 500
"""The most own entries and overrides that a server keeps."""

MOST_TEXT = 1536 * 1024
"""The most bytes of UTF-8 they have together, so that an export can always be imported again."""

MOST_DECOYS = 200
"""The most questions marked as not covered that a server keeps."""

OwnEntries = Mapping[str, FaqEntry | None]
"""A server's changes by id: its own entry, or None where it hides one of the essays'."""


@dataclass(frozen=True, slots=True)
class FormText:
    """The fields of an entry's form as typed; alternates are one a line."""

    question: str = ""
    answer: str = ""
    alternates: str = ""
    source: str = ""

    @classmethod
    def of(cls, entry: FaqEntry) -> "FormText":
        """Return the form filled with an existing entry."""
        title = entry.source.title if entry.source else ""
        return cls(entry.question, entry.answer, "\n".join(entry.alternates), title)


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form that could not be saved.

    Attributes:
        text: Its fields.
        entry_id: The entry it edits; "" for a new one.
        question_id: The queued question it answers; 0 for none.
        base: The last change of the entry when the form was opened.
    """

    text: FormText
    entry_id: str = ""
    question_id: int = 0
    base: int = 0


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """An import that waits to be confirmed; `base` is the version of the server's FAQ in its preview."""

    entries: tuple[FaqEntry, ...]
    base: int


def entry_from_form(text: FormText, before: FaqEntry | None = None, reserved: Iterable[str] = ()) -> FaqEntry:
    """Return the entry that a form describes: `before` edited, or a new one with an id that is not `reserved`.

    Repeated alternates, and those that repeat the question, are left out.

    Raises:
        DomainError: faq.bad_entry.
    """
    item: dict[str, object] = {
        "question": clean_line(text.question),
        "answer": text.answer,
        "alternates": list(_different(text.alternates.splitlines(), clean_line(text.question))),
        "source": text.source or None,
    }
    if before:
        item["id"] = before.id
    try:
        entry = parse_entry(item, set(reserved), "Your entry")
    except KnowledgeError as error:
        raise DomainError("faq.bad_entry", fault=str(error)) from error
    same_source = before and before.source and entry.source and before.source.title == entry.source.title
    return replace(entry, source=before.source) if before and same_source else entry


def _different(lines: Iterable[str], question: str) -> Iterable[str]:
    seen = {question.casefold(), ""}
    for line in map(clean_line, lines):
        if line.casefold() not in seen:
            seen.add(line.casefold())
            yield line


def with_alternates(entry: FaqEntry, wordings: Sequence[str]) -> FaqEntry:
    """Return the entry with as many of the wordings as fit added to its alternates.

    Raises:
        DomainError: faq.alternates_full if none of the new ones fits.
    """
    grown = entry
    new = [*_different(wordings, entry.question)]
    for wording in new:
        text = FormText.of(grown)
        try:
            grown = entry_from_form(replace(text, alternates=f"{text.alternates}\n{wording}"), grown)
        except DomainError:
            continue
    if new and grown.alternates == entry.alternates and not _holds_all(entry, new):
        raise DomainError("faq.alternates_full")
    return replace(grown, related=entry.related, origin=entry.origin)


def _holds_all(entry: FaqEntry, wordings: Iterable[str]) -> bool:
    held = {alternate.casefold() for alternate in entry.alternates}
    return all(wording.casefold() in held for wording in wordings)


def combine(essays: Sequence[FaqEntry], own: OwnEntries) -> tuple[FaqEntry, ...]:
    """Return the entries of a server's FAQ: the essays', with its overrides in their places, then its own.

    An override that only adds phrasings keeps the entry the essay's.
    """
    kept = [_override(essay, own[essay.id]) if essay.id in own else essay for essay in essays]
    known = {essay.id for essay in essays}
    added = [entry for entry_id, entry in own.items() if entry_id not in known]
    return tuple(entry for entry in (*kept, *added) if entry)


def _override(essay: FaqEntry, own: FaqEntry | None) -> FaqEntry | None:
    if own is None:
        return None
    same = (own.question, own.answer) == (essay.question, essay.answer) and own.source in {None, essay.source}
    if same:
        return replace(essay, alternates=own.alternates)
    return replace(own, related=essay.related, origin=Origin.OVERRIDE)


def check_own(own: OwnEntries) -> None:
    """Check that a server may keep these entries.

    Raises:
        DomainError: faq.entries_full, faq.too_much_text, faq.same_question.
    """
    entries = [entry for entry in own.values() if entry]
    if len(entries) > MOST_ENTRIES:
        raise DomainError("faq.entries_full", limit=MOST_ENTRIES, count=len(entries))
    if sum(_size(entry) for entry in entries) > MOST_TEXT:
        raise DomainError("faq.too_much_text")
    seen: dict[str, FaqEntry] = {}
    for entry in entries:
        other = seen.setdefault(entry.question.casefold(), entry)
        if other is not entry:
            raise DomainError("faq.same_question", question=entry.question, entry=other.id, other=entry.id)


def _size(entry: FaqEntry) -> int:
    return sum(len(text.encode()) for text in (entry.question, entry.answer, *entry.alternates))


@dataclass(frozen=True, slots=True)
class Difference:
    """What an import would do, by ids; `overriding` are the new ones that replace an essay's entry."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    overriding: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; `changed_since` are entries that somebody changed after an earlier preview of it."""

    draft_id: int
    difference: Difference
    changed_since: tuple[str, ...] = ()


def difference(own: OwnEntries, imported: Sequence[FaqEntry], essays: Sequence[FaqEntry]) -> Difference:
    """Compare an import with what a server has."""
    known = {essay.id for essay in essays}
    new = tuple(entry.id for entry in imported if own.get(entry.id) is None)
    unchanged = tuple(entry.id for entry in imported if own.get(entry.id) == entry)
    changed = tuple(entry.id for entry in imported if entry.id not in {*new, *unchanged})
    return Difference(new, changed, unchanged, tuple(entry_id for entry_id in new if entry_id in known))
