"""Which spellings are one name: for every code point, and for texts that are made to be odd."""

import sys
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names.keys import matches, name_key, pattern_key, visible

HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u200b\u200c\u200d\u200e\u202e\u2060\u2062\u2063\u2064\u2065"
    "\u206a\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffc\U000110bd\U0001d159\U0001d173\U000e0000\U000e0061"
    "\U000e0100\U000e0fff"
)
APOSTROPHES = "'\u2019\u2018\u201b\u2032\u02bc\u02bb\u02b9\uff07\u00b4`\u055a\u05f3"
ODD = st.text(
    st.one_of(
        st.sampled_from(f"aB1 .,-*?#%+'\u2019\u0301\u0345\u1100\u1161\ud83c\n{HIDDEN}\u20e3\U0001f3ac\U0001f3fb"),
        st.characters(categories=["M", "S", "P", "Z", "C"]),
        st.characters(),
    ),
    max_size=40,
)
BLOCK = 256


def every_character() -> Iterator[str]:
    """Every code point, a block at a time."""
    for first in range(0, sys.maxunicode + 1, BLOCK):
        yield "".join(map(chr, range(first, first + BLOCK)))


def test_the_key_of_a_key_is_itself_for_every_character() -> None:
    for block in every_character():
        key = name_key("a".join(block))
        assert name_key(key) == key, f"from {ord(block[0]):04X}"


def test_the_key_of_a_key_is_itself_for_every_sign_and_mark_beside_digits_and_points() -> None:
    for block in every_character():
        signs = [
            sign for sign in block if unicodedata.category(sign)[0] in "MSPZ" or unicodedata.category(sign) == "Cf"
        ]
        key = name_key("'1.2".join(signs))
        assert name_key(key) == key, f"from {ord(block[0]):04X}"


@given(ODD)
def test_the_key_of_a_key_is_itself_for_any_text(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert visible(visible(name)) == visible(name)
    assert pattern_key(pattern_key(name)) == pattern_key(name)


@given(ODD)
def test_a_name_has_no_key_only_if_nothing_of_it_can_be_seen(name: str) -> None:
    assert bool(name_key(name)) == bool(visible(name))


@given(st.lists(ODD, min_size=2, max_size=6))
def test_letter_case_and_normal_form_never_count(parts: list[str]) -> None:
    name = "x".join(parts)
    key = name_key(name)
    assert {name_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")} == {key}
    assert name_key(key.upper().casefold()) == name_key(key.casefold())


def test_every_format_character_goes() -> None:
    for block in every_character():
        for sign in block:
            if unicodedata.category(sign) == "Cf":
                assert name_key(f"Har{sign}bour 30s") == "harbour 30s", f"{ord(sign):04X}"


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"{ord(sign):04X}")
def test_what_cannot_be_seen_does_not_count_and_is_no_name(sign: str) -> None:
    assert name_key(f"{sign}Har{sign}bour{sign} 30s") == "harbour 30s"
    assert matches(name_key(f"Har{sign}bour 30s"), pattern_key("Harbour*"))
    assert matches(name_key("Harbour 30s"), pattern_key(f"Har{sign}bour*{sign}"))
    assert name_key(f"1.{sign}2") == "1.2"
    assert visible(sign * 3) == visible(f" {sign}\t{sign}") == ""


@pytest.mark.parametrize("sign", APOSTROPHES, ids=lambda sign: f"{ord(sign):04X}")
def test_every_apostrophe_is_one(sign: str) -> None:
    assert name_key(f"Mara{sign}s cut") == "maras cut"
    assert name_key(f"{sign}Harbour{sign} 30s") == "harbour 30s"
    assert name_key(f"5{sign}10") == "5 10"
    assert matches(name_key(f"Mara{sign}s cut"), pattern_key("Mara's*"))
    assert matches(name_key("Mara's cut"), pattern_key(f"Mara{sign}*"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("HARBOUR  30S", "harbour 30s"),
        ("Harbour_30s - (final)!", "harbour 30s final"),
        ("\uff28\uff41\uff52\uff42\uff4f\uff55\uff52 \uff13\uff10\uff53", "harbour 30s"),
        ("Spot v1.2", "spot v1.2"),
        ("Spot v12", "spot v12"),
        ("Spot v1.2.", "spot v1.2"),
        ("Spot v1.", "spot v1"),
        ("1..2", "1 2"),
        ("Scene 3\u20134", "scene 3 4"),
        ("Scene 3\u22124", "scene 3 4"),
        ("1/2", "1 2"),
        ("\u00bd", "1 2"),
        ("C++", "c++"),
        ("C", "c"),
        ("C#", "c#"),
        ("5 \u20ac, 5 $", "5 \u20ac 5 $"),
        ("#1 & 50 % @ home", "#1 & 50 % @ home"),
        ("a < b", "a < b"),
        ("\U0001f3ac Harbour \U0001f469\u200d\U0001f3a8", "harbour"),
        ("Take 1\ufe0f\u20e3", "take 1"),
        ("Spot \U0001f44d\U0001f3fd \u2764\ufe0f", "spot"),
        ("Theme in B\u266d", "theme in b\u266d"),
        ("Stra\u00dfe", "strasse"),
        ("Cafe\u0301", "caf\u00e9"),
        ("a\U0001f3ac\u0301", "\u00e1"),
        ("\U0001f3ac", "\U0001f3ac"),
        ("\U0001f3ac!", "\U0001f3ac!"),
        ("?!", "?!"),
        ("\u2026", "..."),
        ("'", "'"),
    ],
)
def test_what_counts_in_a_name(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        (" Harbour-* ", "harbour *"),
        ("\u201cHarbour\u201d ?0s", "harbour ?0s"),
        ("v1.*", "v1.*"),
        ("*.mov", "* mov"),
        ("*", "*"),
        ("**?", "**?"),
        ("*\u2062*", "**"),
        ("*-*", "*-*"),
        ("\U0001f3ac*", "\U0001f3ac*"),
        ("\U0001f3ac Spot*", "spot*"),
        ("Spot\uff1f", "spot"),
        ("a\ufdd0b", "ab"),
    ],
)
def test_only_the_text_between_wildcards_is_folded(pattern: str, key: str) -> None:
    assert pattern_key(pattern) == key


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("Spot v1.2", "Spot v1.*", True),
        ("Spot v1 final", "Spot v1.*", True),
        ("Spot v12", "Spot v1.?", False),
        ("Spot v12", "Spot v1.2", False),
        ("Harbour\u201330s", "Harbour-*", True),
        ("Harbour", "Harbour-*", False),
        ("[x]", "[!y]", False),
    ],
)
def test_a_pattern_matches_by_keys(name: str, pattern: str, *, fits: bool) -> None:
    assert matches(name_key(name), pattern_key(pattern)) is fits
