import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faq.knowledge import ESSAYS, KnowledgeError, load_essays, parse_entries, slug
from domain.faq.matcher import FaqEntry, FaqSource, Origin

DATA = Path(__file__).parents[2] / "data"
MUST_CONTAIN: dict[str, list[str]] = json.loads((DATA / "faq_must_contain.json").read_text(encoding="utf-8"))
ENTRIES = load_essays()
OWN = Origin.SERVER

ALTERNATES = "alternates = [" + ", ".join(f'"phrasing {n}"' for n in range(8)) + "]"
ESSAY = f"""
slug = "small"
title = "A Small Essay"

[[entry]]
id = "first"
question = "What comes first?"
section = "Opening"
related = ["second"]
answer = "{"word " * 40}"
{ALTERNATES}

[[entry]]
id = "second"
question = "What comes second?"
section = "Closing"
related = ["first"]
answer = "{"word " * 40}"
{ALTERNATES}
"""


def refused(text: str, folder: Path) -> str:
    (folder / "small.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_essays(folder)
    return str(caught.value)


def test_the_packaged_essays_hold_every_topic_once() -> None:
    assert sorted(entry.id for entry in ENTRIES) == sorted(MUST_CONTAIN)
    assert len(ENTRIES) == 36
    assert {path.stem for path in ESSAYS.glob("*.toml")} == {e.source.essay for e in ENTRIES if e.source}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_each_answer_holds_its_topics_facts(entry: FaqEntry) -> None:
    assert [fact for fact in MUST_CONTAIN[entry.id] if not re.search(fact, entry.answer)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_each_entry_fits_discord_and_is_short(entry: FaqEntry) -> None:
    assert 40 <= len(entry.answer.split()) <= 120
    assert 8 <= len(entry.alternates) <= 12
    assert len(set(entry.alternates)) == len(entry.alternates)
    assert len(entry.question) <= 100
    assert entry.source is not None
    assert entry.source.title
    assert entry.source.section
    assert "\n" not in entry.answer


def test_related_topics_resolve_and_questions_are_distinct() -> None:
    known = {entry.id for entry in ENTRIES}
    assert all(entry.related and set(entry.related) <= known - {entry.id} for entry in ENTRIES)
    assert len({entry.question for entry in ENTRIES}) == len(ENTRIES)
    phrasings = [alternate for entry in ENTRIES for alternate in entry.alternates]
    assert len(set(phrasings)) == len(phrasings)


def test_a_small_essay_loads_as_written(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(ESSAY, encoding="utf-8")
    first, second = load_essays(tmp_path)
    assert (first.id, second.question) == ("first", "What comes second?")
    assert first.source == FaqSource("small", "A Small Essay", "Opening")
    assert first.related == ("second",)


def test_a_subtitle_joins_the_title(tmp_path: Path) -> None:
    titled = ESSAY.replace('"A Small Essay"', '"A Small Essay."\nsubtitle = "In Two Parts."')
    (tmp_path / "small.toml").write_text(titled, encoding="utf-8")
    assert load_essays(tmp_path)[0].source == FaqSource("small", "A Small Essay. In Two Parts.", "Opening")


@pytest.mark.parametrize(
    ("old", "new", "entry", "fault"),
    [
        ('section = "Opening"', "", "entry 1", "“section” is missing"),
        ('section = "Opening"', 'section = "Opening"\ncolour = "red"', "entry 1", "“colour” is not a known key"),
        ('section = "Opening"', "section = 3", "first", "“section” must be a text"),
        ('section = "Opening"', 'section = " "', "first", "“section” must be a text and not empty"),
        ('id = "second"', 'id = "first"', "first", "the id “first” is used twice"),
        ('id = "first"', 'id = "First one"', "entry 1", "lower-case words joined by hyphens"),
        ('id = "first"', "id = 1", "entry 1", "“id” must be a text"),
        ("What comes second?", "what comes FIRST?", "second", "the question is used twice"),
        ("What comes first?", "What? " * 20, "first", "longer than 100 characters"),
        ("word " * 40, "word " * 39, "first", "39 words, not 40 to 120"),
        ("word " * 40, "word " * 121, "first", "121 words, not 40 to 120"),
        ('related = ["second"]', 'related = ["third"]', "first", "“third” does not exist"),
        ('related = ["second"]', 'related = ["first"]', "first", "“first” does not exist beside it"),
        ('related = ["second"]', 'related = "second"', "first", "“related” must be a list"),
        ('"phrasing 3"', '""', "first", "“alternates” must be a text and not empty"),
        ('"phrasing 3", ', "", "first", "7 alternates, not 8 to 12"),
        ('"phrasing 3"', ", ".join(f'"more {n}"' for n in range(6)), "first", "13 alternates, not 8 to 12"),
        ('"phrasing 3"', '"Phrasing 2"', "first", "the alternate “Phrasing 2” is there twice"),
    ],
)
def test_a_malformed_entry_is_named_with_its_fault(tmp_path: Path, old: str, new: str, entry: str, fault: str) -> None:
    assert old in ESSAY
    said = refused(ESSAY.replace(old, new, 1), tmp_path)
    assert said.startswith("small.toml")
    assert entry in said
    assert fault in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("not toml", "not TOML"),
        ('title = "x"\nentry = []', "“slug” is missing"),
        ('slug = "x"\ntitle = "x"\nentry = 1', "must be a list"),
        ('slug = "x"\ntitle = "x"\nentry = [1]', "entry 1: must be a table"),
        ('slug = "x"\ntitle = "x"\nentry = []', "no entries"),
    ],
)
def test_a_malformed_file_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    assert fault in refused(text, tmp_path)


def test_a_folder_without_essays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no essays found"):
        load_essays(tmp_path)


def test_a_servers_entries_may_be_brief() -> None:
    brief = {"question": "Where is the caf\u00e9's key?", "answer": "With Noor,\nat the desk."}
    named = {"id": "wifi", "question": "Wi-Fi?", "answer": "Ask Noor.", "alternates": ["password"], "source": "Wiki"}
    placed = {"question": "Call?", "answer": "At six.", "source": {"essay": "", "title": "Call sheet", "section": "1"}}
    empty = {"id": None, "question": "Wrap?", "answer": "At ten.", "alternates": None, "source": None}
    one, two, three, four = parse_entries([brief, named, placed, empty])
    assert one == FaqEntry(
        "where-is-the-cafes-key", "Where is the café's key?", "With Noor,\nat the desk.", None, (), (), OWN
    )
    assert two == FaqEntry("wifi", "Wi-Fi?", "Ask Noor.", FaqSource("", "Wiki", ""), ("password",), (), OWN)
    assert three.source == FaqSource("", "Call sheet", "1")
    assert (four.id, four.alternates, four.source) == ("wrap", (), None)
    assert parse_entries([]) == ()


GOOD = {"question": "Where?", "answer": "Here."}


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("text", "must be a table"),
        ({"question": "Who?"}, "“answer” is missing"),
        ({"question": "Who?", "answer": None}, "“answer” is missing"),
        ({"question": "Who?", "answer": " "}, "“answer” must be a text and not empty"),
        ({"question": 5, "answer": "Me."}, "“question” must be a text"),
        ({"question": "Who?", "answer": "Me.", "tags": []}, "“tags” is not a known key"),
        ({"question": "Who?", "answer": "Me.", "alternates": "x"}, "“alternates” must be a list"),
        ({"question": "Who?", "answer": "Me.", "alternates": ["x", ""]}, "“alternates” must be a text and not empty"),
        ({"question": "Who?", "answer": "Me.", "alternates": [f"x{n}" for n in range(51)]}, "more than 50 alternates"),
        ({"question": "Who?", "answer": "x" * 4001}, "longer than 4000 characters"),
        ({"question": "Who?", "answer": "x" * 6001}, "“answer” is far too long"),
        ({"question": "🎬🎥", "answer": "Action."}, "the question has no words in it"),
        ({"question": "Who?", "answer": "Me.", "alternates": ["x", "X"]}, "“X” is there twice"),
        ({"question": "Who?", "answer": "Me.", "alternates": [f"{n}" * 50 for n in range(10, 51)]}, "4000 characters"),
        ({"question": "Who?", "answer": "Me.", "source": "x" * 201}, "the source is longer than 200 characters"),
        ({"question": "Who? " * 30, "answer": "Me."}, "longer than 100 characters"),
        ({"id": "a b", "question": "Who?", "answer": "Me."}, "lower-case words"),
        ({"id": "x" * 65, "question": "Who?", "answer": "Me."}, "the id is longer than 64 characters"),
        ({"question": "where?", "answer": "There."}, "used twice"),
        ({"question": "Who?", "answer": "Me.", "source": 7}, "source: must be a table"),
        ({"question": "Who?", "answer": "Me.", "source": {"essay": "x"}}, "source: “title” is missing"),
    ],
)
def test_a_bad_entry_among_good_ones_is_named_by_its_number(bad: object, fault: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        parse_entries([GOOD, bad, {"question": "When?", "answer": "Now."}])
    assert str(caught.value).startswith("entry 2")
    assert fault in str(caught.value)


@pytest.mark.parametrize("data", [None, {}, "text", 3])
def test_an_import_that_is_no_list_is_refused(data: object) -> None:
    with pytest.raises(KnowledgeError, match="JSON list"):
        parse_entries(data)


@given(st.text())
def test_any_question_makes_a_valid_id(question: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(question))
    assert len(slug(question)) <= 60


def test_questions_that_make_the_same_id_get_a_number() -> None:
    entries = parse_entries([{"question": text, "answer": "Yes."} for text in ("متى؟", "أين؟", "Entry 2", "entry 3!")])
    assert [entry.id for entry in entries] == ["entry", "entry-2", "entry-2-2", "entry-3"]


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "question", "answer"]), inner),
)


def fault_of(data: object) -> str | None:
    try:
        parse_entries(data)
    except KnowledgeError as error:
        return str(error)
    return None


@given(json_like)
def test_any_json_is_read_or_refused_in_words(data: object) -> None:
    assert fault_of(data) != ""
    if not isinstance(data, list):
        assert fault_of(data) == "the file must hold a JSON list of entries"
