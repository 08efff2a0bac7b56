import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decision_log.chain import GENESIS, SAFE_INTEGER, canon, commitment, digest, link, make_part, receipt

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
LEAVES = st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | TEXT
KEYS = st.text(st.characters(min_codepoint=1, max_codepoint=127))
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(VALUES)
def test_canonical_text_reads_back_as_what_was_written(value: object) -> None:
    assert json.loads(canon(value)) == value
    assert canon(json.loads(canon(value))) == canon(value)


def test_canonical_text_is_rfc_8785_for_our_keys() -> None:
    value = {"z": [1, True, None], "a": 'q"\\/\b\f\n\r\t\x01\x7f é €', "B": {}}
    assert canon(value) == '{"B":{},"a":"q\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f é €","z":[1,true,null]}'


@pytest.mark.parametrize("value", [1.5, b"bytes", {1: "key"}, object()])
def test_what_json_cannot_keep_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canon([value])


@pytest.mark.parametrize("value", ["nul\0", "half\ud800", 2**53, -(2**53), {"é": 1}])
def test_what_readers_would_disagree_about_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="log"):
        canon({"x": value})


@given(VALUES, st.binary(min_size=16, max_size=16))
def test_a_commitment_is_salt_and_value_hashed(value: object, salt: bytes) -> None:
    part = make_part(value, lambda: salt)
    assert part.commitment == sha256(salt + canon(value).encode()).hexdigest()


def test_equal_values_have_different_commitments_by_default() -> None:
    assert make_part("Ana").commitment != make_part("Ana").commitment


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        make_part("Ana", lambda: b"short")


def test_the_chain_has_the_value_that_any_other_program_computes() -> None:
    by_hand = sha256(bytes(32) + sha256(b'{"seq":1}').digest()).hexdigest()
    assert link(GENESIS, digest('{"seq":1}')) == by_hand
    assert receipt(1, by_hand) == f"1:{by_hand[:12]}"
    assert commitment("00" * 16, "null") == sha256(bytes(16) + b"null").hexdigest()
