"""What forms, menus and options send, from today and from earlier versions."""

from enum import StrEnum
from typing import Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import check_invited, choice, form_values, has_resolved_ids, number, only
from domain.errors import DomainError

TEXT, GROUP, RADIO = 4, 22, 21


class Slate(StrEnum):
    OPEN = "open"


def form(*fields: dict[str, Any]) -> discord.Interaction[Any]:
    """The part of a submission that is read."""
    rows = [{"type": 18, "component": field} for field in fields]
    return cast("discord.Interaction[Any]", type("Submission", (), {"data": {"components": rows}}))


def key_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.key


def test_a_form_is_parsed_to_texts_and_lists() -> None:
    values = form_values(
        form(
            {"type": TEXT, "custom_id": "task", "value": "Rotoscope"},
            {"type": RADIO, "custom_id": "told", "value": "told"},
            {"type": GROUP, "custom_id": "uses", "values": ["grade", "audio"]},
            {"type": RADIO, "custom_id": "left out", "value": None},
        )
    )
    assert values == {"task": "Rotoscope", "told": "told", "uses": ["grade", "audio"]}


@pytest.mark.parametrize("value", [None, 3, ["Rotoscope"], {}])
def test_a_field_without_a_text_counts_as_missing(value: object) -> None:
    values = form_values(form({"type": TEXT, "custom_id": "task", "value": value}, {"type": TEXT}))
    assert values.get("task") is None
    with pytest.raises(DomainError) as refused:
        values["task"]
    assert key_of(refused) == "command.gone"


@pytest.mark.parametrize("chosen", ["grade", [1], [["grade"]], {"grade": 1}])
def test_a_list_with_anything_but_texts_counts_as_missing(chosen: object) -> None:
    assert form_values(form({"type": GROUP, "custom_id": "uses", "values": chosen})) == {}


def test_a_lone_surrogate_is_left_out() -> None:
    values = form_values(
        form(
            {"type": TEXT, "custom_id": "task", "value": "cut \ud83c off"},
            {"type": GROUP, "custom_id": "uses", "values": ["\udfac", "🎬"]},
        )
    )
    assert values == {"task": "cut  off", "uses": ["", "🎬"]}


@given(st.integers(0, 10**20 - 1))
def test_a_number_that_a_menu_offered_is_read(value: int) -> None:
    assert number(str(value)) == value


@pytest.mark.parametrize("text", ["", "-1", "٣", "²", "1e3", " 1", "9" * 21, "truck-parking"])
def test_a_number_that_no_menu_offers_is_gone(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        number(text)
    assert key_of(refused) == "command.gone"


def test_a_single_choice_menu_must_send_one_value() -> None:
    assert only(["a"]) == "a"
    assert only(["a\ud83c"]) == "a"
    for values in ([], ["a", "b"]):
        with pytest.raises(DomainError) as refused:
            only(values)
        assert key_of(refused) == "command.gone"


def test_a_choice_that_is_no_longer_offered_is_refused_in_words() -> None:
    assert choice(Slate, "open") is Slate.OPEN
    with pytest.raises(DomainError) as refused:
        choice(Slate, "shut")
    assert key_of(refused) == "command.outdated"
    with pytest.raises(DomainError) as refused:
        choice(Slate, "shut", shown=True)
    assert key_of(refused) == "command.gone"


ID = "1456074443980800013"


@pytest.mark.parametrize(
    ("kind", "where"), [(6, "users"), (7, "channels"), (8, "roles"), (9, "users"), (9, "roles"), (11, "attachments")]
)
def test_an_option_is_complete_with_the_object_of_its_id(kind: int, where: str) -> None:
    option = {"name": "x", "type": kind, "value": ID}
    nested = {"name": "group", "type": 2, "options": [{"name": "leaf", "type": 1, "options": [option]}]}
    for options in ([option], [nested]):
        assert has_resolved_ids({"options": options, "resolved": {where: {ID: {}}}})
        assert not has_resolved_ids({"options": options, "resolved": {where: {"1": {}}, "messages": {ID: {}}}})
        assert not has_resolved_ids({"options": options})


def test_options_without_ids_and_commands_without_options_are_complete() -> None:
    assert has_resolved_ids({})
    assert has_resolved_ids({"options": [{"name": "x", "type": 3, "value": ID}, {"name": "y", "type": 4, "value": 1}]})


@pytest.mark.parametrize("where", ["messages", "users"])
def test_the_target_of_a_menu_comes_along(where: str) -> None:
    assert has_resolved_ids({"target_id": ID, "resolved": {where: {ID: {}}}})
    assert not has_resolved_ids({"target_id": ID, "resolved": {}})


CREW, OTHER = "1050000000000000001", "1050000000000000002"


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("owners", [{"0": CREW}, {"0": CREW, "1": "7"}, {"0": int(CREW)}])
def test_a_server_that_added_the_bot_may_use_it(owners: dict[str, Any], listed: bool) -> None:
    check_invited({"guild_id": CREW, "authorizing_integration_owners": owners}, listed=listed)


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("owners", [{"1": "7"}, {"1": CREW}, {"0": OTHER}, {"0": "0"}, {"0": None}, {"2": CREW}])
def test_nobody_else_may(owners: dict[str, Any], listed: bool) -> None:
    with pytest.raises(DomainError) as refused:
        check_invited({"guild_id": CREW, "authorizing_integration_owners": owners}, listed=listed)
    assert key_of(refused) == "command.not_invited"


@pytest.mark.parametrize("said", [{}, {"authorizing_integration_owners": {}}, {"authorizing_integration_owners": None}])
def test_without_a_word_about_owners_the_server_must_be_listed(said: dict[str, Any]) -> None:
    check_invited({"guild_id": CREW} | said, listed=True)
    with pytest.raises(DomainError) as refused:
        check_invited({"guild_id": CREW} | said, listed=False)
    assert key_of(refused) == "command.not_invited"


@pytest.mark.parametrize("place", [{}, {"guild_id": None}])
@pytest.mark.parametrize("owners", [{"0": "0"}, {"1": "7"}, {}])
def test_outside_of_servers_there_is_nothing_to_use(place: dict[str, Any], owners: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as refused:
        check_invited(place | {"authorizing_integration_owners": owners}, listed=False)
    assert key_of(refused) == "command.no_server"
