import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.faq.entry_files import IMPORT_BYTES, read_file, write_file
from domain.faq.knowledge import KnowledgeError, load_essays, parse_entries
from domain.faq.lint import Concern, lint, released_decoys
from domain.faq.matcher import FaqEntry, FaqSource, Matcher, Origin
from domain.faq.own_entries import (
    MOST_ENTRIES,
    MOST_TEXT,
    FormText,
    check_own,
    combine,
    difference,
    entry_from_form,
    with_alternates,
)
from domain.ranking.gate import FaqOutcome

ESSAYS = load_essays()
PARKING = entry_from_form(
    FormText("Where can trucks park?", "Behind hall 4.", "truck parking\nTRUCK PARKING\n\n", "Wiki")
)


def test_a_form_becomes_an_entry_without_doubled_phrasings() -> None:
    assert PARKING.id == "where-can-trucks-park"
    assert (PARKING.alternates, PARKING.source) == (("truck parking",), FaqSource("", "Wiki", ""))
    assert entry_from_form(FormText("Lunch?", "One.", "lunch?\nmeal")).alternates == ("meal",)


def test_an_edit_keeps_its_id_and_the_source_that_was_not_changed() -> None:
    essay = ESSAYS[0]
    edited = entry_from_form(replace(FormText.of(essay), question="Why?"), essay)
    assert (edited.id, edited.source) == (essay.id, essay.source)
    assert entry_from_form(replace(FormText.of(essay), source="Us"), essay).source == FaqSource("", "Us", "")
    assert entry_from_form(replace(FormText.of(essay), source=""), essay).source is None


@pytest.mark.parametrize("text", [FormText(), FormText("Who?", " "), FormText("?!", "A"), FormText("Who?", "x" * 4001)])
def test_a_form_that_cannot_be_an_entry_says_why(text: FormText) -> None:
    with pytest.raises(DomainError, match="Your entry"):
        entry_from_form(text)


def drafted(text: FormText) -> FaqEntry | str:
    """Return the entry, or what is wrong with it."""
    try:
        return entry_from_form(text)
    except DomainError as refusal:
        return str(refusal.params["fault"])


@given(st.builds(FormText, st.text(), st.text(), st.text(), st.text()))
def test_any_form_is_an_entry_or_words(text: FormText) -> None:
    entry = drafted(text)
    assert entry
    if not isinstance(entry, str):
        assert entry_from_form(FormText.of(entry), entry) == entry


def test_a_server_adds_overrides_and_hides() -> None:
    override = replace(entry_from_form(FormText("Ours?", "Ours.")), id=ESSAYS[1].id)
    own = {ESSAYS[0].id: None, ESSAYS[1].id: override, PARKING.id: PARKING}
    first, *_, last = entries = combine(ESSAYS, own)
    assert len(entries) == len(ESSAYS)
    assert (first.question, first.origin, first.related) == ("Ours?", Origin.OVERRIDE, ESSAYS[1].related)
    assert last == PARKING
    assert combine(ESSAYS, {}) == ESSAYS


def test_more_phrasings_leave_an_answer_the_essays() -> None:
    more = with_alternates(ESSAYS[0], ["why do they?", ESSAYS[0].question])
    [found] = combine(ESSAYS[:1], {more.id: more})
    assert found == replace(ESSAYS[0], alternates=(*ESSAYS[0].alternates, "why do they?"))


def test_phrasings_that_are_there_are_not_added_twice() -> None:
    assert with_alternates(PARKING, ["Truck parking", "where can trucks park?"]) == PARKING
    full = replace(PARKING, alternates=tuple(f"way {n}" for n in range(50)))
    with pytest.raises(DomainError, match=r"faq\.alternates_full"):
        with_alternates(full, ["another"])


def test_all_that_a_server_may_keep_fits_into_a_file_however_it_is_escaped() -> None:
    size = MOST_TEXT // MOST_ENTRIES
    worst = [
        replace(PARKING, id=f"e-{n}", question=f"Q{n}", answer='"' * (size - 8), alternates=()) for n in range(500)
    ]
    check_own({entry.id: entry for entry in worst})
    assert len(write_file(worst)) <= IMPORT_BYTES


def test_an_import_is_compared_with_what_stands() -> None:
    changed, new = replace(PARKING, answer="Elsewhere."), entry_from_form(FormText("Wrap?", "Ten."))
    found = difference({PARKING.id: PARKING, "x": None}, [changed, new, replace(new, id="x")], ESSAYS)
    assert (found.new, found.changed, found.unchanged, found.overriding) == (("wrap", "x"), (PARKING.id,), (), ())
    assert difference({PARKING.id: PARKING}, [PARKING], ESSAYS).unchanged == (PARKING.id,)


def test_lint_names_what_another_entry_has_or_answers() -> None:
    matcher = Matcher((*ESSAYS, PARKING))
    entry = entry_from_form(
        FormText("Where is base camp?", "Lot B.", f"where do trucks park\n{ESSAYS[0].question}\ngreen tents")
    )
    same, closer = sorted(lint(entry, matcher), key=lambda warned: warned.concern, reverse=True)
    assert (same.concern, same.other) == (Concern.SAME_QUESTION, ESSAYS[0])
    assert (closer.concern, closer.phrasing, closer.other) == (Concern.CLOSER, "where do trucks park", PARKING)


def test_lint_is_silent_about_an_entry_itself() -> None:
    matcher = Matcher((*ESSAYS, PARKING))
    assert lint(PARKING, matcher) == ()
    assert [entry.id for entry in ESSAYS if lint(entry, matcher)] == []


def test_an_entry_releases_the_decoys_that_it_answers_and_no_others() -> None:
    entries = (*ESSAYS, PARKING)
    assert Matcher(ESSAYS).ask("truck parking").outcome is not FaqOutcome.ANSWER
    decoys = ("where do the trucks park", "best pizza in Naples", ESSAYS[0].question)
    assert released_decoys([PARKING.id], entries, decoys) == decoys[:1]
    assert released_decoys([], entries, decoys) == released_decoys([PARKING.id], entries, ()) == ()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "question", "answer", "alternates", "source", "title"]), inner)
    ),
    max_leaves=12,
)


def imported(name: str, data: bytes) -> tuple[FaqEntry, ...] | str:
    """Return the entries of a file, or what is wrong with it."""
    try:
        return parse_entries(read_file(name, data), {"essay"})
    except KnowledgeError as error:
        return str(error)


@given(st.lists(VALUES, max_size=4) | VALUES)
def test_any_json_gives_entries_or_words(value: object) -> None:
    read = imported("x.json", json.dumps(value).encode())
    assert read != ""
    if not isinstance(read, str):
        assert imported("x.json", write_file(read)) == read


@given(st.binary(max_size=60), st.sampled_from(["x.json", "x.toml", "x"]))
def test_any_bytes_give_entries_or_words(data: bytes, name: str) -> None:
    assert imported(name, data) != ""
