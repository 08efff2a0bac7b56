"""Reading FAQ entries: the essays' own (TOML files beside this module) and a server's (the JSON import format)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeGuard

from domain.faq import Entry, Source
from domain.text import clean_line, clean_text

ESSAYS = Path(__file__).with_name("essays")
LONGEST_QUESTION = 100  # a Discord choice's name and value hold no more
LONGEST_ANSWER = 4000  # a Discord embed's description holds 4,096
MOST_ALTERNATES = 50
WORDS = range(40, 121)
ALTERNATES = range(8, 13)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ESSAY_KEYS = {"id", "question", "answer", "section", "related", "alternates"}
_SERVER_KEYS = {"id", "question", "answer", "alternates", "source"}
_SOURCE_KEYS = {"essay", "title", "section"}


class KnowledgeError(Exception):
    """Entries cannot be read; the text names the file (if any), the entry and the fault."""


def load_essays(directory: Path = ESSAYS) -> tuple[Entry, ...]:
    """Read the entries of every `*.toml` file in `directory`, files by name, entries in their order.

    Raises:
        KnowledgeError: When a file is not TOML, or an entry is malformed: a key missing, unknown or of the wrong
            type, an id or question used twice, an answer not of 40 to 120 words, not 8 to 12 alternates, an empty
            alternate, or a related id that no entry has.
    """
    placed: list[tuple[str, Entry]] = []
    for path in sorted(directory.glob("*.toml")):
        placed += [(f"{path.name}, {entry.id}", entry) for entry in _load_essay(path)]
    if not placed:
        raise KnowledgeError(f"{directory}: no essays found")
    _refuse_doubles(placed)
    known = {entry.id for _, entry in placed}
    for place, entry in placed:
        for other in entry.related:
            _require(other in known - {entry.id}, place, f"related topic “{other}” does not exist beside it")
    return tuple(entry for _, entry in placed)


def parse_entries(data: object) -> tuple[Entry, ...]:
    """Read a server's own entries from the parsed JSON of an import file.

    `data` is a list of objects with `question`, `answer` and, as they like, `id`, `alternates` and `source` (a name,
    or an object with `essay`, `title` and `section`). A missing id is made from the question.

    Raises:
        KnowledgeError: Names the first bad entry by its number, counted from 1, and the fault.
    """
    if not isinstance(data, list):
        raise KnowledgeError("the file must hold a JSON list of entries")
    taken = {str(item["id"]) for item in data if _is_table(item) and "id" in item}
    placed = [(f"entry {n}", _server_entry(item, taken, f"entry {n}")) for n, item in enumerate(data, 1)]
    _refuse_doubles(placed)
    return tuple(entry for _, entry in placed)


def slug(text: str) -> str:
    """`text` as an id: ASCII words with hyphens, at most 60 characters; `entry` when no such letter is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[:60].strip("-") or "entry"


def _load_essay(path: Path) -> list[Entry]:
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


def _essay_entry(item: object, essay: str, title: str, place: str) -> Entry:
    item = _table(item, _ESSAY_KEYS, _ESSAY_KEYS, place)
    place = f"{place} ({item['id']})"
    source = Source(essay, title, _line(item, "section", place))
    answer = clean_line(_text(item, "answer", place))  # a line break in the file is not one in the answer
    entry = _entry({**item, "answer": answer}, source, _texts(item, "related", place), place)
    count = len(entry.answer.split())
    _require(count in WORDS, place, f"the answer has {count} words, not {WORDS.start} to {WORDS.stop - 1}")
    count = len(entry.alternates)
    _require(count in ALTERNATES, place, f"{count} alternates, not {ALTERNATES.start} to {ALTERNATES.stop - 1}")
    return entry


def _server_entry(item: object, taken: set[str], place: str) -> Entry:
    """One entry of an import; an id made for it avoids those `taken`, and is added to them."""
    if _is_table(item):
        item = {key: value for key, value in item.items() if value is not None}
    given = {"alternates": [], **_table(item, _SERVER_KEYS, {"question", "answer"}, place)}
    if "id" not in given:
        given["id"] = _free(slug(_line(given, "question", place)), taken)
    entry = _entry(given, _source(given, place), (), place)
    _require(len(entry.answer) <= LONGEST_ANSWER, place, f"the answer is longer than {LONGEST_ANSWER} characters")
    _require(len(entry.alternates) <= MOST_ALTERNATES, place, f"more than {MOST_ALTERNATES} alternates")
    return entry


def _free(name: str, taken: set[str]) -> str:
    """`name`, numbered from 2 when it is taken."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    taken.add(free)
    return free


def _source(item: Mapping[str, object], place: str) -> Source | None:
    given = item.get("source")
    if given is None or isinstance(given, str):
        return Source("", clean_line(given), "") if given and clean_line(given) else None
    place = f"{place}, source"
    table = _table(given, _SOURCE_KEYS, {"title"}, place)
    return Source(*(_line(table, key, place) if table.get(key) else "" for key in ("essay", "title", "section")))


def _entry(item: Mapping[str, object], source: Source | None, related: tuple[str, ...], place: str) -> Entry:
    name, question = _line(item, "id", place), _line(item, "question", place)
    _require(bool(_SLUG.fullmatch(name)), place, f"the id “{name}” is not lower-case words joined by hyphens")
    _require(len(name) <= LONGEST_QUESTION, place, f"the id is longer than {LONGEST_QUESTION} characters")
    _require(len(question) <= LONGEST_QUESTION, place, f"the question is longer than {LONGEST_QUESTION} characters")
    alternates = _texts(item, "alternates", place)
    for n, alternate in enumerate(alternates):
        doubled = alternate.casefold() in (other.casefold() for other in alternates[:n])
        _require(not doubled, place, f"the alternate “{alternate}” is there twice")
    return Entry(name, question, _text(item, "answer", place), source, alternates, related)


def _refuse_doubles(placed: Iterable[tuple[str, Entry]]) -> None:
    ids: set[str] = set()
    questions: set[str] = set()
    for place, entry in placed:
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
        raise KnowledgeError(f"{place}: “{key}” is not a known key")


def _text(item: Mapping[str, object], key: str, place: str) -> str:
    value = item[key]
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
