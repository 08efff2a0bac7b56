"""Presses and forms as a modified client could send them: any custom_id, shown to that person or not."""

import json
import re
from collections.abc import Iterator
from typing import Any

from simcord import interactions
from simcord.backend import serializers
from simcord.results import InteractionResult

from bot.custom_ids import HasCustomId
from bot.ui import PersistentItem, PersistentModal, PersistentSelect
from sandbox.crew import Production
from tests.limits.components import ComponentType, walk
from tests.world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
_GROUP = re.compile(r"\(\?P<(\w+)>([^)]*)\)")
TYPED = {"cut": "2", "quorum": "1", "closes": "2h", "review": "in 2 days", "slate": "Harbour 30s, cut 9"}
"""What is typed into fields that do not accept any text."""


def custom_ids(kind: type[HasCustomId], known: dict[str, list[str]]) -> Iterator[str]:
    """The custom_ids of a class with what is known for its fields, at most one for each of the most that is known.

    Raises:
        KeyError: nothing that is known fits a field.
    """
    found = _GROUP.findall(kind.pattern.pattern)
    groups = {name: [one for one in known[name] if re.fullmatch(inner, one)] for name, inner in found}
    for turn in range(max(map(len, groups.values()), default=1)):
        values = {name: fitting[turn % len(fitting)] for name, fitting in groups.items()}
        filled = kind.id_format.format_map(values)
        assert kind.pattern.fullmatch(filled), filled
        yield filled


def json_of(value: object) -> bytes:
    """A file that holds it."""
    return json.dumps(value).encode()


def ids_in(result: InteractionResult) -> list[str]:
    """Return the numbers as long as Discord's ids in the custom_ids of a form or of an answer's buttons."""
    components = result.response.components if result.response else ()
    shown = [item["custom_id"] for row in components for item in row["components"]]
    return [
        number for one in (*shown, (result.modal or {}).get("custom_id", "")) for number in re.findall(r"\d{15,}", one)
    ]


async def press(
    world: World, production: Production, name: str, item: type[PersistentItem], custom_id: str, value: str
) -> str:
    """Press an item as somebody, or choose `value` in it, on a message that all see; return all answers."""
    match = item.pattern.fullmatch(custom_id)
    assert match is not None
    component: dict[str, Any] = dict(item.of(match).item.to_component_dict())
    data = {"custom_id": custom_id, "component_type": component["type"]}
    if issubclass(item, PersistentSelect):
        component["options"] = [{"label": value, "value": value}]
        data["values"] = [value]
    return await _send(world, production, name, COMPONENT, data, [{"type": 1, "components": [component]}])


async def submit(world: World, production: Production, name: str, data: dict[str, Any]) -> str:
    """Send a form as somebody; return all answers."""
    return await _send(world, production, name, MODAL, data)


async def command(world: World, production: Production, name: str, data: dict[str, Any]) -> str:
    """Use a command as somebody; return all answers."""
    return await _send(world, production, name, COMMAND, data)


async def keystroke(world: World, production: Production, name: str, data: dict[str, Any]) -> str:
    """Type into an option as somebody; return the answer."""
    return await _send(world, production, name, AUTOCOMPLETE, data)


async def _send(
    world: World, production: Production, name: str, kind: int, data: dict[str, Any], pressed: Any = None
) -> str:
    backend, channel = world.env.backend, production.channels["crew"]
    place = {"channel_id": channel.id, "guild_id": production.guild.id, "user_id": production.person(name).id}
    record, payload = interactions.base_payload(backend, type=kind, data=data, **place)
    if pressed:
        message = backend.create_message(channel.id, backend.bot_user.id, "A card of somebody's", components=pressed)
        payload["message"] = dict(serializers.message_payload(backend, message))
        record.source_message_id = message.id
    before = len(world.env.http_requests)
    backend.emit("INTERACTION_CREATE", payload)
    await world.env.settle()
    assert record.responded, data
    sent = world.env.http_requests[before:]
    return "\n".join(str(one) for one in sent if record.token in one.path) + str(record.modal)


def fill(form: type[PersistentModal], custom_id: str, typed: dict[str, str], person: int) -> dict[str, Any]:
    """The form as it would be sent with something in each field."""
    match = form.pattern.fullmatch(custom_id)
    assert match is not None
    shown = form.of(match).form().to_dict()
    fields = [control for _, control in walk("components", shown["components"]) if control.get("custom_id")]
    rows = [{"type": int(ComponentType.LABEL), "component": _field(one, TYPED | typed, person)} for one in fields]
    return {"custom_id": custom_id, "components": rows, "resolved": {}}


def _field(control: dict[str, Any], typed: dict[str, str], person: int) -> dict[str, Any]:
    field = {"type": control["type"], "custom_id": control["custom_id"]}
    if control["type"] == ComponentType.TEXT_INPUT:
        return field | {"value": typed.get(control["custom_id"], "Something that is long enough")}
    if control["type"] == ComponentType.USER_SELECT:
        return field | {"values": [str(person)]}
    chosen = [option["value"] for option in control.get("options", ())][:1]
    return field | ({"value": chosen[0]} if control["type"] == ComponentType.RADIO_GROUP else {"values": chosen})
