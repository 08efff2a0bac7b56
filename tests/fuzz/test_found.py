"""Cases that fuzzing has found, each tried on everything that the bot answers."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from simcord.backend import serializers

from bot.i18n import words
from tests.limits.components import SELECTS

from .hand import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL
from .scene import Scene, Throw, playing
from .script import ENTRY, rehearse
from .surface import Json, Option, component_of, controls, custom_id, form_of
from .throwing import answered

KNOWN = ["", "1", "2", ENTRY, "server", "all"]
NOBODY = "1"
HALF = "half \ud83c"
"""Has a lone surrogate, which JSON can carry but no database and no answer can."""

ODD_TEXTS = ("", "no such thing", HALF, "9" * 40, "²")
SAMPLE: dict[int, object] = {Option.STRING: "x", Option.INTEGER: 1, Option.BOOLEAN: True, Option.NUMBER: 1.0}


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with playing(tmp_path / "take.sqlite3") as scene:
        await rehearse(scene)
        assert scene.hearing.faults() == []
        yield scene


async def told(scene: Scene, kind: int, *data: Json, name: str = "Jonas", **more: Any) -> str:
    """Send these at once as somebody of the first server, check that nothing is wrong, and return all that is sent."""
    person = scene.productions[0].person(name).id
    said: list[str] = []
    faults = await answered(scene, [Throw(0, person, kind, one, **more) for one in data], said)
    assert not faults, "\n\n".join(faults)
    return "\n".join(said)


def sentence(key: str) -> str:
    """A sentence of the bot as it is in a body."""
    return json.dumps(words(key), ensure_ascii=False)[1:-1]


async def test_every_menu_answers_for_what_it_does_not_offer(scene: Scene) -> None:
    menus = 0
    for item in scene.surface.items:
        component = component_of(item, custom_id(item.pattern, KNOWN))
        if component["type"] in SELECTS:
            menus += 1
            data = {"custom_id": component["custom_id"], "component_type": component["type"]}
            pressed = [data | {"values": values} for values in ([], ["1", "2"], *([text] for text in ODD_TEXTS))]
            await told(scene, COMPONENT, *pressed, source=scene.post(0, component, ephemeral=True))
    assert menus > 5


async def test_every_form_answers_when_fields_are_missing_or_hold_something_else(scene: Scene) -> None:
    for kind in scene.surface.forms:
        form = form_of(kind, custom_id(kind.pattern, KNOWN))
        sent: list[list[Json]] = [[]]
        values: tuple[object, ...] = (None, 7, ["x"], {"x": []}, *ODD_TEXTS)
        for value in values:
            fields = [{key: one[key] for key in ("type", "custom_id")} for one in controls(form["components"])]
            sent.append([{"type": 18, "component": field | {"value": value, "values": value}} for field in fields])
        await told(scene, MODAL, *({"custom_id": form["custom_id"], "components": rows} for rows in sent))


async def test_every_command_refuses_an_id_that_comes_without_its_object(scene: Scene) -> None:
    bare = 0
    for leaf in scene.surface.leaves:
        if any(option["type"] not in SAMPLE for option in leaf.options):
            bare += 1
            assert sentence("command.bad_option") in await told(
                scene, COMMAND, leaf.data([*map(_given, leaf.options)], {})
            )
    assert bare > 3
    for menu in scene.surface.menus:
        data = {"id": menu["id"], "name": menu["name"], "type": menu["type"], "target_id": NOBODY, "resolved": {}}
        assert sentence("command.bad_option") in await told(scene, COMMAND, data)


async def test_every_command_answers_for_a_choice_that_is_no_longer_offered(scene: Scene) -> None:
    for leaf in scene.surface.leaves:
        for stale in leaf.options:
            if stale.get("choices"):
                rest = [one for one in leaf.options if one.get("required") and one is not stale]
                await told(scene, COMMAND, leaf.data([*map(_given, rest), _given(stale) | {"value": "x" * 40}], {}))


async def test_every_autocomplete_stays_quiet_about_a_lone_surrogate(scene: Scene) -> None:
    for leaf, option in scene.surface.typed:
        typed = _given(option) | {"value": HALF, "focused": True}
        assert "choices" in await told(scene, AUTOCOMPLETE, leaf.data([typed], {}))


async def test_every_command_answers_a_lone_surrogate(scene: Scene) -> None:
    for leaf in scene.surface.leaves:
        if all(option["type"] in SAMPLE for option in leaf.options):
            texts = [_given(one) | ({"value": HALF} if one["type"] == Option.STRING else {}) for one in leaf.options]
            await told(scene, COMMAND, leaf.data(texts, {}), *(leaf.data([one], {}) for one in texts))
    message = scene.said(0)[0]
    for menu in scene.surface.menus:
        payload = dict(serializers.message_payload(scene.env.backend, message)) | {"content": HALF}
        data = {"id": menu["id"], "name": menu["name"], "type": menu["type"], "target_id": str(message.id)}
        await told(scene, COMMAND, data | {"resolved": {"messages": {str(message.id): payload}}})


def _given(option: Json) -> Json:
    """Make an option as it is sent, with a value of its type; no id exists."""
    return {"name": option["name"], "type": option["type"], "value": SAMPLE.get(option["type"], NOBODY)}


@pytest.mark.parametrize("command", ["faq-admin import", "decision-log verify"])
async def test_a_file_that_discord_no_longer_has_is_asked_for_again(scene: Scene, command: str) -> None:
    (leaf,) = (leaf for leaf in scene.surface.leaves if leaf.name == command)
    channel = scene.productions[0].channels["crew"]
    file = scene.env.backend.cdn.store_attachment(77, channel.id, "proof.jsonl", b"[]", None)
    gone = {**file, "url": file["url"] + "?gone"}
    (option,) = leaf.options
    said = await told(scene, COMMAND, leaf.data([_given(option) | {"value": "77"}], {"attachments": {"77": gone}}))
    assert sentence("discord.file_gone") in said


async def test_a_form_opened_in_an_impossible_year_is_refused(scene: Scene) -> None:
    said = await told(scene, MODAL, {"custom_id": "faq:add:999999999999", "components": []}, name="Ravi")
    assert sentence("faq.not_yours") in said


async def test_an_offer_of_months_for_impossible_days_is_refused(scene: Scene) -> None:
    component = {"type": 2, "style": 1, "label": "Months", "custom_id": "export:months:csv:5:20261399:0:0:any:all"}
    data = {"custom_id": component["custom_id"], "component_type": 2}
    said = await told(scene, COMPONENT, data, source=scene.post(0, component, ephemeral=True))
    assert sentence("decision_log.bad_date") in said


async def test_a_press_on_a_message_that_was_just_deleted_is_answered_in_words(scene: Scene) -> None:
    await scene.productions[0].person("Gus").slash(scene.productions[0].channels["crew"], "faq browse")
    message = next(one for one in reversed(scene.messages(0)) if "faq:" in str(one.components))
    (select,) = [one for one in controls(message.components) if one["custom_id"].startswith("faq:sections")]
    data = {"custom_id": select["custom_id"], "component_type": select["type"], "values": ["all"]}
    assert sentence("discord.message_gone") in await told(scene, COMPONENT, data, source=message, deleted=True)
