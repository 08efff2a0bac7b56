import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.chain import canon
from domain.text import MOST_MARKS, clean_line, clean_text, without_lone_surrogates


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" two   spaces\tand a tab ", "two spaces and a tab"),
        ("one\r\ntwo\rthree\u2028four\n\n\n\nfive", "one\ntwo\nthree\nfour\n\nfive"),
        ("gpj.\u202eexe\0\ud800\u200b", "gpj.exe"),
        ("cafe\u0301", "caf\u00e9"),
        ("👩\u200d🎬 می\u200cروم", "👩\u200d🎬 می\u200cروم"),
    ],
)
def test_misleading_characters_go_and_those_that_scripts_need_stay(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@given(st.text(st.characters()), st.text(st.characters(exclude_categories=["Cs"])))
def test_only_lone_surrogates_are_removed(typed: str, whole: str) -> None:
    without_lone_surrogates(typed).encode()
    assert without_lone_surrogates(whole) == whole
    assert without_lone_surrogates(f"{whole}\ud83c") == whole


@given(st.text(st.characters()))
def test_cleaned_text_is_stable_and_fit_for_the_log(typed: str) -> None:
    kept = clean_text(typed)
    assert clean_text(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\n" not in clean_line(typed)
    canon(kept)


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0344", "\u0345\u0334\u0f73"])
def test_stacked_marks_are_cut_before_they_are_normalised(marks: str) -> None:
    kept = clean_text("a" + marks * 3000 + " b")
    assert len(kept) <= MOST_MARKS + 3
    assert kept.endswith(" b")
    assert clean_text(kept * 20) == kept * 20
