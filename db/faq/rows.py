"""A server's entries and decoys inside a unit of work: reading them, and writing those that keep to the rules."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from db.faq.ledger import Ledger
from domain.errors import DomainError
from domain.faq.changes import HIDDEN, ChangeSubject
from domain.faq.entry_files import from_data, to_data
from domain.faq.knowledge import free_id
from domain.faq.matcher import FaqEntry
from domain.faq.own_entries import MOST_DECOYS, OwnEntries, check_own
from domain.faq.queue import folded


def encode(entry: FaqEntry | None) -> str:
    """Return an entry as the ledger stores it; None for one of the essays that is hidden."""
    return json.dumps(to_data(entry), ensure_ascii=False) if entry else HIDDEN


def decode(value: str) -> FaqEntry | None:
    """Return the entry that `encode` wrote."""
    data = json.loads(value)
    return from_data(data) if data else None


def own_of(rows: Iterable[tuple[str, str]]) -> OwnEntries:
    """Return a server's entries from their rows."""
    return {key: decode(value) for key, value in rows}


def read_own(ledger: Ledger) -> OwnEntries:
    """Read a server's current entries."""
    return own_of(ledger.all(ChangeSubject.ENTRY).items())


def put_entries(ledger: Ledger, entries: Iterable[FaqEntry]) -> None:
    """Write entries in place of what the server has under their ids.

    Raises:
        DomainError: faq.entries_full, faq.too_much_text, faq.same_question.
    """
    for entry in entries:
        ledger.put(ChangeSubject.ENTRY, entry.id, encode(entry))
    check_own(read_own(ledger))


def with_free_id(ledger: Ledger, entry: FaqEntry, essays: Iterable[str]) -> FaqEntry:
    """Return the entry under an id that neither the essays nor any other entry of the server has."""
    return replace(entry, id=free_id(entry.id, {*essays, *ledger.all(ChangeSubject.ENTRY)}))


def drop_decoys(ledger: Ledger, decoys: Sequence[str]) -> None:
    """Drop decoys that an entry now answers."""
    for decoy in decoys:
        ledger.put(ChangeSubject.DECOY, folded(decoy), None)


def add_decoys(ledger: Ledger, wordings: Iterable[str]) -> None:
    """Mark questions as not covered.

    Raises:
        DomainError: faq.decoys_full.
    """
    for wording in wordings:
        ledger.put(ChangeSubject.DECOY, folded(wording), wording)
    if len(ledger.all(ChangeSubject.DECOY)) > MOST_DECOYS:
        raise DomainError("faq.decoys_full", limit=MOST_DECOYS)
