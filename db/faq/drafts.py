"""Drafts: what a form or a file of the FAQ said, until it is sent again or confirmed; for its author only."""

import json
import sqlite3
from dataclasses import asdict
from datetime import timedelta

from domain.errors import DomainError
from domain.faq.entry_files import from_data, to_data
from domain.faq.own_entries import FormDraft, FormText, ImportDraft
from domain.people import Act
from domain.times import to_text

DRAFTS_KEPT = timedelta(days=1)
"""How long a form may stay open on somebody's screen."""

SWEEP = "DELETE FROM faq_draft WHERE at < ?"
DROP_OTHERS = "DELETE FROM faq_draft WHERE guild_id = ? AND author_id = ?"
DROP = "DELETE FROM faq_draft WHERE guild_id = ? AND interaction_id = ?"
KEEP = "INSERT INTO faq_draft (guild_id, interaction_id, author_id, at, content) VALUES (?, ?, ?, ?, ?)"
REPLACE = "UPDATE faq_draft SET content = ? WHERE guild_id = ? AND interaction_id = ?"
GET = """
    SELECT content FROM faq_draft WHERE guild_id = ? AND interaction_id = ? AND author_id = ? AND at >= ?
"""


def keep(connection: sqlite3.Connection, guild_id: int, act: Act, draft: FormDraft | ImportDraft) -> int:
    """Keep a draft in place of any other of its author, and return its number; delete all old drafts."""
    connection.execute(SWEEP, (to_text(act.at - DRAFTS_KEPT),))
    connection.execute(DROP_OTHERS, (guild_id, act.actor.id))
    connection.execute(KEEP, (guild_id, act.interaction_id, act.actor.id, to_text(act.at), _encode(draft)))
    return act.interaction_id


def replace(connection: sqlite3.Connection, guild_id: int, draft_id: int, draft: FormDraft | ImportDraft) -> None:
    """Replace the content of a draft."""
    connection.execute(REPLACE, (_encode(draft), guild_id, draft_id))


def drop(connection: sqlite3.Connection, guild_id: int, draft_id: int) -> None:
    """Delete a draft that was used."""
    connection.execute(DROP, (guild_id, draft_id))


def read(connection: sqlite3.Connection, guild_id: int, draft_id: int, act: Act) -> FormDraft | ImportDraft:
    """Return the actor's own draft.

    Raises:
        DomainError: faq.draft_gone.
    """
    values = (guild_id, draft_id, act.actor.id, to_text(act.at - DRAFTS_KEPT))
    found = connection.execute(GET, values).fetchone()
    if found is None:
        raise DomainError("faq.draft_gone")
    return _decode(found[0])


def _encode(draft: FormDraft | ImportDraft) -> str:
    if isinstance(draft, FormDraft):
        return json.dumps(asdict(draft), ensure_ascii=False)
    return json.dumps({"base": draft.base, "entries": [to_data(entry) for entry in draft.entries]}, ensure_ascii=False)


def _decode(content: str) -> FormDraft | ImportDraft:
    data = json.loads(content)
    if "entries" in data:
        return ImportDraft(tuple(map(from_data, data["entries"])), data["base"])
    return FormDraft(**data | {"text": FormText(**data["text"])})
