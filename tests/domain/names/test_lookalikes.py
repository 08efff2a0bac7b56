"""Names that look alike by letters of other scripts, and those that do not."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names.keys import name_key
from domain.names.lookalikes import are_near, is_near_pattern, looks, skeleton

LATIN = st.text("acehijkmoprstxyzABCEHIJKMOPSTXYZ 0123456789.-", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("H\u0430rbour 30s", "Harbour 30s"),  # Cyrillic a
        ("\u041d\u0410RB\u041eUR 30s", "harbour 30s"),  # Cyrillic capitals
        ("\u039deon", "Neon"),  # Greek capital nu
        ("\u03bdan", "van"),  # Greek nu
        ("Harb\u0585ur", "Harbour"),  # Armenian oh
        ("\u13a0\u13cf", "db"),  # Cherokee
        ("K\u0406NO", "kino"),  # Ukrainian I
        ("s\u03f2ene", "scene"),  # Greek lunate sigma, which NFKC takes for another sigma
        ("\U0001d6a8\U0001d6b9", "A\u0398"),  # mathematical letters of Greek
        ("H\u0251rbour", "Harbour"),  # phonetic alpha
        ("\u0421\u043e\u0440", "Cop"),  # all Cyrillic
        ("\u0441\u043e\u0440", "\u03f2\u03bf\u03c1"),  # Cyrillic and Greek
        ("H\u0430r\u2062bour \u2013 30s", "Harbour 30s"),
        ("\u041f\u0440\u043e\u0435\u043a\u0442 H\u0430rbour", "\u041f\u0440\u043e\u0435\u043a\u0442 Harbour"),
        ("na\u0457ve", "na\u00efve"),  # Ukrainian yi
    ],
)
def test_letters_of_other_scripts_make_names_near(name: str, other: str) -> None:
    assert are_near(name, other)
    assert are_near(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Harbour 30s", "Harbour 60s"),
        ("H\u0430rbour 30s", "Harbour 60s"),
        ("H\u0430rbour 3\u041es", "Harbour 30s"),
        ("\u0431 1", "6 1"),
        ("Harbour 30s", "harbour  30s"),
        ("H\u0430rbour", "H\u0430rbour!"),
        ("Lime", "Iime"),
        ("modern", "modem"),
        ("\u0441\u0456\u043d\u043e", "\u0441\u04cf\u043d\u043e"),  # one script
        ("s\u0131la", "sila"),  # Turkish
        ("Stra\u00dfe", "Strase"),
        ("\u03a0", "\u041f\u0430"),
        ("", "\u0430"),
    ],
)
def test_other_names_are_not_near(name: str, other: str) -> None:
    assert not are_near(name, other)
    assert not are_near(other, name)


@pytest.mark.parametrize(
    ("name", "pattern", "near"),
    [
        ("H\u0430rbour 30s", "Harbour*", True),
        ("Harbour 30s", "H\u0430rbour ?0s", True),
        ("H\u0430rbour 30s", "Harbour 60s", False),
        ("H\u0430rbour 30s", "H*", False),  # matches as it is
        ("Harbour 30s", "Harbour*", False),
        ("\u0411\u0443\u0445\u0442\u0430", "Harbour*", False),
    ],
)
def test_a_name_can_look_as_if_a_pattern_matched(name: str, pattern: str, *, near: bool) -> None:
    assert is_near_pattern(name, pattern) is near


@given(LATIN, st.randoms())
def test_any_mix_of_look_alikes_is_near_the_plain_name(name: str, chance) -> None:  # type: ignore[no-untyped-def]
    disguises: dict[str, list[str]] = {}
    for code, look in looks().items():
        disguises.setdefault(look, []).append(chr(code))
    mixed = "".join(chance.choice([letter, *disguises.get(letter.casefold(), [])]) for letter in name)
    assert skeleton(mixed) == skeleton(name)
    assert are_near(mixed, name) or name_key(mixed) == name_key(name)


@given(st.text(st.characters()), st.text(st.characters()))
def test_near_is_mutual_and_never_of_one_key(name: str, other: str) -> None:
    assert are_near(name, other) == are_near(other, name)
    assert not are_near(name, name_key(name))


def test_only_letters_of_other_alphabets_are_listed_and_what_they_look_like_is_plain() -> None:
    for code, look in looks().items():
        letter = chr(code)
        assert unicodedata.category(letter) in {"Ll", "Lo", "Lu", "Cn"}, letter  # newer letters are unassigned here
        assert unicodedata.is_normalized("NFD", letter)
        assert look.isascii()
        assert look.isalpha()
        assert look.islower()


def test_the_list_is_read_only_when_a_name_of_another_script_comes() -> None:
    code = """
from domain.names import lookalikes
assert not lookalikes.are_near("Harbour", "Harbor")
assert lookalikes.looks.cache_info().currsize == 0
assert lookalikes.are_near("H\\u0430rbour", "Harbour")
assert lookalikes.looks.cache_info().currsize == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True)
