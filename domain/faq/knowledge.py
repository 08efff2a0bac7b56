"""Reading FAQ entries: the essays' (TOML files in domain/essays) and a server's (the import format)."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeGuard

from domain.faq.matcher import FaqEntry, FaqSource, Origin
from domain.text import clean_line, clean_text

ESSAYS = Path(__file__).parents[1] / "essays"
LONGEST_QUESTION = 100  # a Discord choice's name and value hold no more
LONGEST_ANSWER = 4000  # a Discord embed's description holds 4,096
LONGEST_ID = 64  # buttons carry it in their custom_id of at most 100
LONGEST_SOURCE = 200
MOST_ALTERNATES = 50
LONGEST_ALTERNATES = 4000  # together, one a line: what a field of a Discord form holds
LONGEST_RAW = 6000  # characters of any text before it is cleaned, which takes quadratic time at worst
MOST_FAULTS = 10
WORDS = range(40, 121)
ALTERNATES = range(8, 13)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ESSAY_KEYS = {"id", "question", "answer", "section", "related", "alternates"}
_SERVER_KEYS = {"id", "question", "answer", "alternates", "source"}
_SOURCE_KEYS = {"essay", "title", "section"}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The entries that answer questions in a server.

    Attributes:
        version: Grows with every change in that server; 0 before the first.
        entries: The essays' in their order, overridden ones in place; then the server's own.
        decoys: Questions that the server's moderators marked as not covered.
    """

    version: int
    entries: tuple[FaqEntry, ...]
    decoys: tuple[str, ...] = ()


class KnowledgeError(Exception):
    """Entries cannot be read; each of `faults` names the file (if any), the entry and what is wrong."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong: at most `MOST_FAULTS` faults, and a last line with the number of further ones."""
        return self.args

    def __str__(self) -> str:
        """Return the faults, one a line."""
        return "\n".join(self.faults)


@cache
def essays() -> Mapping[str, FaqEntry]:
    """Return the essays' entries by id, in their order; they are read at the first call."""
    return MappingProxyType({entry.id: entry for entry in load_essays()})


def load_essays(directory: Path = ESSAYS) -> tuple[FaqEntry, ...]:
    """Read the entries of every `*.toml` file in `directory`, files by name, entries in their order.

    Raises:
        KnowledgeError: When a file is not TOML, or an entry is malformed: a key missing, unknown or of the wrong
            type, an id or question used twice, an answer not of 40 to 120 words, not 8 to 12 alternates, an empty
            alternate, or a related id that no entry has.
    """
    placed: list[tuple[str, FaqEntry]] = []
    for path in sorted(directory.glob("*.toml")):
        placed += [(f"{path.name}, {entry.id}", entry) for entry in _load_essay(path)]
    if not placed:
        raise KnowledgeError(f"{directory}: no essays found")
    ids: set[str] = set()
    questions: set[str] = set()
    for place, entry in placed:
        _refuse_double(entry, place, ids, questions)
    for place, entry in placed:
        for other in entry.related:
            _require(other in ids - {entry.id}, place, f"related topic “{other}” does not exist beside it")
    return tuple(entry for _, entry in placed)


def parse_entries(data: object, reserved: Collection[str] = ()) -> tuple[FaqEntry, ...]:
    """Read a server's own entries from the parsed JSON or TOML of an import file.

    `data` is a list of objects with `question`, `answer` and optionally `id`, `alternates` and `source` (a name, or an
    object with `essay`, `title` and `section`). A missing id is made from the question and avoids those `reserved`, so
    that it overrides nothing by accident.

    Raises:
        KnowledgeError: Names each bad entry by its number, counted from 1, and by its id, with its first fault.
    """
    if not isinstance(data, list):
        raise KnowledgeError("the file must hold a JSON list of entries")
    taken = {*reserved, *(name for item in data if _is_table(item) and isinstance(name := item.get("id"), str))}
    entries: list[FaqEntry] = []
    faults: list[str] = []
    ids: set[str] = set()
    questions: set[str] = set()
    for n, item in enumerate(data, 1):
        place = _place(item, n)
        try:
            entry = parse_entry(item, taken, place)
            _refuse_double(entry, place, ids, questions)
            entries.append(entry)
        except KnowledgeError as error:
            faults += error.faults
    if faults:
        raise KnowledgeError(*shorten(faults))
    return tuple(entries)


def shorten(faults: list[str]) -> list[str]:
    """Cut a list of faults to `MOST_FAULTS` and a line that counts the rest."""
    more = len(faults) - MOST_FAULTS
    return faults if more <= 0 else [*faults[:MOST_FAULTS], f"… and {more} more"]


def parse_entry(item: object, taken: set[str], place: str) -> FaqEntry:
    """Read one entry of the import format; an id made for it avoids those `taken`, and is added to them.

    Raises:
        KnowledgeError: Begins with `place` and says the fault.
    """
    if _is_table(item):
        item = {key: value for key, value in item.items() if value is not None}
    given = {"alternates": [], **_table(item, _SERVER_KEYS, {"question", "answer"}, place)}
    if "id" not in given:
        given["id"] = free_id(slug(_line(given, "question", place)), taken)
    alternates = given["alternates"]
    if isinstance(alternates, list):
        _require(len(alternates) <= MOST_ALTERNATES, place, f"more than {MOST_ALTERNATES} alternates")
    entry = _entry(given, _source(given, place), (), place)
    _require(len(entry.answer) <= LONGEST_ANSWER, place, f"the answer is longer than {LONGEST_ANSWER} characters")
    _require(bool(re.search(r"[^\W_]", entry.question)), place, "the question has no words in it")
    fits = len("\n".join(entry.alternates)) <= LONGEST_ALTERNATES
    _require(fits, place, f"the alternates have more than {LONGEST_ALTERNATES} characters together")
    return replace(entry, origin=Origin.SERVER)


def free_id(name: str, taken: set[str]) -> str:
    """Return `name`, numbered from 2 if it is taken, and add it to `taken`."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    taken.add(free)
    return free


def slug(text: str) -> str:
    """Return `text` as an id: ASCII words with hyphens, at most 60 characters; `entry` if nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[:60].strip("-") or "entry"


def _load_essay(path: Path) -> list[FaqEntry]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path.name}: not TOML: {error}") from error
    _check_keys(data, {"slug", "title", "subtitle", "entry"}, {"slug", "title", "entry"}, path.name)
    essay = _line(data, "slug", path.name)
    title = " ".join(_line(data, key, path.name) for key in ("title", "subtitle") if key in data)
    items = data["entry"]
    if not isinstance(items, list):
        raise KnowledgeError(f"{path.name}: “entry” must be a list of tables")
    _require(bool(items), path.name, "no entries")
    return [_essay_entry(item, essay, title, f"{path.name}, entry {n}") for n, item in enumerate(items, 1)]


def _essay_entry(item: object, essay: str, title: str, place: str) -> FaqEntry:
    item = _table(item, _ESSAY_KEYS, _ESSAY_KEYS, place)
    place = f"{place} ({item['id']})"
    source = FaqSource(essay, title, _line(item, "section", place))
    answer = clean_line(_text(item, "answer", place))  # a line break in the file is not one in the answer
    entry = _entry({**item, "answer": answer}, source, _texts(item, "related", place), place)
    count = len(entry.answer.split())
    _require(count in WORDS, place, f"the answer has {count} words, not {WORDS.start} to {WORDS.stop - 1}")
    count = len(entry.alternates)
    _require(count in ALTERNATES, place, f"{count} alternates, not {ALTERNATES.start} to {ALTERNATES.stop - 1}")
    return entry


def _place(item: object, number: int) -> str:
    """Return the name of an imported entry in faults."""
    name = item.get("id") if _is_table(item) else None
    return f"entry {number} ({clean_line(name[:LONGEST_ID])})" if isinstance(name, str) and name else f"entry {number}"


def _source(item: Mapping[str, object], place: str) -> FaqSource | None:
    given = item.get("source")
    if given is None or isinstance(given, str):
        named = given is not None and clean_line(given[:LONGEST_RAW])
        return _checked(FaqSource("", _line(item, "source", place), ""), place) if named else None
    place = f"{place}, source"
    table = _table(given, _SOURCE_KEYS, {"title"}, place)
    essay, section = (_line(table, key, place) if table.get(key) else "" for key in ("essay", "section"))
    return _checked(FaqSource(essay, _line(table, "title", place), section), place)


def _checked(source: FaqSource, place: str) -> FaqSource:
    for text in (source.essay, source.title, source.section):
        _require(len(text) <= LONGEST_SOURCE, place, f"the source is longer than {LONGEST_SOURCE} characters")
    return source


def _entry(item: Mapping[str, object], source: FaqSource | None, related: tuple[str, ...], place: str) -> FaqEntry:
    name, question = _line(item, "id", place), _line(item, "question", place)
    _require(len(name) <= LONGEST_ID, place, f"the id is longer than {LONGEST_ID} characters")
    _require(bool(_SLUG.fullmatch(name)), place, f"the id “{name}” is not lower-case words joined by hyphens")
    _require(len(question) <= LONGEST_QUESTION, place, f"the question is longer than {LONGEST_QUESTION} characters")
    alternates = _texts(item, "alternates", place)
    seen: set[str] = set()
    for alternate in alternates:
        _require(alternate.casefold() not in seen, place, f"the alternate “{alternate[:80]}” is there twice")
        seen.add(alternate.casefold())
    return FaqEntry(name, question, _text(item, "answer", place), source, alternates, related)


def _refuse_double(entry: FaqEntry, place: str, ids: set[str], questions: set[str]) -> None:
    """Refuse an entry whose id or question is among those seen, else add them."""
    _require(entry.id not in ids, place, f"the id “{entry.id}” is used twice")
    _require(entry.question.casefold() not in questions, place, "the question is used twice")
    ids.add(entry.id)
    questions.add(entry.question.casefold())


def _table(item: object, allowed: set[str], needed: set[str], place: str) -> Mapping[str, object]:
    if not _is_table(item):
        raise KnowledgeError(f"{place}: must be a table of keys and values")
    _check_keys(item, allowed, needed, place)
    return item


def _is_table(item: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(item, dict) and all(isinstance(key, str) for key in item)


def _check_keys(item: Mapping[str, object], allowed: set[str], needed: set[str], place: str) -> None:
    for key in sorted(needed - item.keys()):
        raise KnowledgeError(f"{place}: “{key}” is missing")
    for key in sorted(item.keys() - allowed):
        raise KnowledgeError(f"{place}: “{key[:40]}” is not a known key")


def _text(item: Mapping[str, object], key: str, place: str) -> str:
    value = item[key]
    _require(not isinstance(value, str) or len(value) <= LONGEST_RAW, place, f"“{key}” is far too long")
    cleaned = clean_text(value) if isinstance(value, str) else ""
    _require(bool(cleaned), place, f"“{key}” must be a text and not empty")
    return cleaned


def _line(item: Mapping[str, object], key: str, place: str) -> str:
    return clean_line(_text(item, key, place))


def _texts(item: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    values = item[key]
    if not isinstance(values, list):
        raise KnowledgeError(f"{place}: “{key}” must be a list of texts")
    return tuple(_line({key: value}, key, place) for value in values)


def _require(holds: bool, place: str, fault: str) -> None:  # noqa: FBT001  the condition is what is required
    if not holds:
        raise KnowledgeError(f"{place}: {fault}")
