"""Files of a server's entries: reading JSON or TOML, writing JSON."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from typing import Any

from domain.faq.knowledge import KnowledgeError
from domain.faq.matcher import FaqEntry, FaqSource, Origin

IMPORT_BYTES = 4 * 1024 * 1024
"""The largest file that is read: all that a server may keep fits, however it is escaped (`own_entries.MOST_TEXT`)."""

_KEY_PART = r"""(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?:{_KEY_PART}[ \t]*+\.[ \t]*+){{32}}")
"""A dotted key of more parts than any entry has: `tomllib` takes quadratic time, hours for 4 MiB of them."""

LIST_KEYS = ("entry", "entries")
"""TOML has no bare list, so the entries stand under one of these: `[[entry]]`."""


def read_file(name: str, data: bytes) -> object:
    """Read a file for `knowledge.parse_entries`; if its name ends in .toml it is TOML, else JSON.

    Raises:
        KnowledgeError: It is too large, not UTF-8, or neither JSON nor TOML.
    """
    if len(data) > IMPORT_BYTES:
        raise KnowledgeError(f"the file is larger than {IMPORT_BYTES // 1024**2} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(f"the file is not UTF-8 text (byte {error.start + 1})") from error
    kind, read = ("TOML", _toml) if name.lower().endswith(".toml") else ("JSON", _json)
    try:
        return read(text)
    except RecursionError as error:
        raise KnowledgeError(f"the file is not {kind} of entries: it is nested too deeply") from error
    except ValueError as error:
        raise KnowledgeError(f"the file is not {kind}: {str(error)[:150]}") from error


def write_file(entries: Iterable[FaqEntry]) -> bytes:
    """Write the entries as JSON in the import format; reading it gives the same entries."""
    return json.dumps([to_data(entry) for entry in entries], ensure_ascii=False, indent=2).encode() + b"\n"


def to_data(entry: FaqEntry) -> dict[str, Any]:
    """Return an entry in the import format."""
    data: dict[str, Any] = {"id": entry.id, "question": entry.question, "answer": entry.answer}
    if entry.alternates:
        data["alternates"] = list(entry.alternates)
    if entry.source:
        data["source"] = _source(entry.source)
    return data


def from_data(data: dict[str, Any]) -> FaqEntry:
    """Return the entry that `to_data` wrote."""
    given = data.get("source")
    if isinstance(given, str):
        given = {"title": given}
    source = FaqSource(*(given.get(part, "") for part in ("essay", "title", "section"))) if given else None
    alternates = tuple(data.get("alternates", ()))
    return FaqEntry(data["id"], data["question"], data["answer"], source, alternates, (), Origin.SERVER)


def _source(source: FaqSource) -> object:
    if not (source.essay or source.section):
        return source.title
    parts = {"essay": source.essay, "title": source.title, "section": source.section}
    return {key: text for key, text in parts.items() if text}


def _json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_table)


def _table(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise ValueError(f"“{next(key for key, count in counts.items() if count > 1)[:40]}” stands twice in one entry")
    return table


def _toml(text: str) -> object:
    if _LONG_KEY.search(text):
        raise ValueError("a key has more than 32 parts")
    data: dict[str, object] = tomllib.loads(text)
    return data[key] if len(data) == 1 and (key := next(iter(data))) in LIST_KEYS else data
