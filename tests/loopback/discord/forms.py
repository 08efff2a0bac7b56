"""Filling in a modal as Discord's client lets a person do it."""

from collections.abc import Iterator, Mapping

from tests.limits.components import ComponentType

from .options import Resolved, Unusable
from .world import Json

MANY = {
    ComponentType.STRING_SELECT,
    ComponentType.USER_SELECT,
    ComponentType.ROLE_SELECT,
    ComponentType.MENTIONABLE_SELECT,
    ComponentType.CHANNEL_SELECT,
    ComponentType.FILE_UPLOAD,
    ComponentType.CHECKBOX_GROUP,
}


def filled_in(modal: Json, values: Mapping[str, object], resolved: Resolved) -> list[Json]:
    """The components of a submit. What ``values`` (by custom_id) does not name keeps its preset.

    Raises:
        Unusable: an unknown custom_id, an empty required input, or a text outside the input's lengths.
    """
    entries = list(_inputs(modal["components"]))
    if strange := values.keys() - {entry["custom_id"] for entry in entries}:
        raise Unusable(f"no input {', '.join(sorted(strange))} in the modal {modal['title']!r}")
    return [_part(part, values, resolved) for part in modal["components"]]


def _inputs(components: list[Json]) -> Iterator[Json]:
    for part in components:
        inside = [part["component"]] if part["type"] == ComponentType.LABEL else part.get("components", [])
        yield from (entry for entry in inside if "custom_id" in entry)


def _part(part: Json, values: Mapping[str, object], resolved: Resolved) -> Json:
    if part["type"] == ComponentType.LABEL:
        return {"type": 18, "id": 1, "component": _answer(part["component"], values, resolved)}
    if part["type"] == ComponentType.ROW:
        return {"type": 1, "id": 1, "components": [_answer(one, values, resolved) for one in part["components"]]}
    return {"type": part["type"], "id": 1}


def _answer(entry: Json, values: Mapping[str, object], resolved: Resolved) -> Json:
    value = values.get(entry["custom_id"], _preset(entry))
    head = {"type": entry["type"], "id": 1, "custom_id": entry["custom_id"]}
    if entry["type"] != ComponentType.CHECKBOX and entry.get("required", True) and not value:
        raise Unusable(f"{entry['custom_id']}: required")
    if entry["type"] in MANY:
        chosen = value if isinstance(value, list) else [value] if value else []
        _offered(entry, chosen)
        return head | {"values": [resolved.add(one) for one in chosen]}
    if entry["type"] == ComponentType.TEXT_INPUT:
        _long_enough(entry, str(value))
    else:
        _offered(entry, [value] if isinstance(value, str) else [])
    return head | {"value": value}


def _preset(entry: Json) -> object:
    if entry["type"] == ComponentType.TEXT_INPUT:
        return entry.get("value") or ""
    if entry["type"] == ComponentType.CHECKBOX:
        return bool(entry.get("default"))
    chosen = [option["value"] for option in entry.get("options") or [] if option.get("default")]
    return chosen if entry["type"] in MANY else next(iter(chosen), None)


def _offered(entry: Json, chosen: list[object]) -> None:
    offered = [option["value"] for option in entry.get("options") or []]
    if offered and (strange := [one for one in chosen if one not in offered]):
        raise Unusable(f"{entry['custom_id']}: {strange} not among {offered}")


def _long_enough(entry: Json, value: str) -> None:
    low, high = entry.get("min_length") or 0, entry.get("max_length") or 4000
    if value and not low <= len(value) <= high:
        raise Unusable(f"{entry['custom_id']}: {len(value)} characters, {low} to {high} allowed")
