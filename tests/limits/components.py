"""Limits of buttons, selects and text inputs: https://discord.com/developers/docs/components/reference."""

from collections.abc import Iterator
from enum import IntEnum
from urllib.parse import urlsplit

from .measure import Json, Rule, count, items, text, unique


class ComponentType(IntEnum):
    """Component types that a rule speaks about."""

    ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    TEXT_DISPLAY = 10
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


LINK, PREMIUM = 5, 6
LINK_SCHEMES = {"http", "https", "discord"}
SELECTS = {
    ComponentType.STRING_SELECT,
    ComponentType.USER_SELECT,
    ComponentType.ROLE_SELECT,
    ComponentType.MENTIONABLE_SELECT,
    ComponentType.CHANNEL_SELECT,
}
GROUPS = {ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP}
OPTIONS = {
    ComponentType.STRING_SELECT: (1, 25),
    ComponentType.RADIO_GROUP: (2, 10),
    ComponentType.CHECKBOX_GROUP: (1, 10),
}


def walk(at: str, components: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield every component with its path, including those in rows, sections, containers and labels."""
    for number, component in enumerate(items(components)):
        yield from _walk_one(f"{at}[{number}]", component)


def _walk_one(at: str, component: dict[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    yield at, component
    yield from walk(f"{at}.components", component.get("components"))
    for slot in ("accessory", "component"):
        if isinstance(component.get(slot), dict):
            yield from _walk_one(f"{at}.{slot}", component[slot])


def component_rules(at: str, components: Json) -> Rule:
    """Check every component, and that custom_ids differ."""
    everything = list(walk(at, components))
    for path, component in everything:
        yield from _one_component(path, component)
    yield from unique(at, [c["custom_id"] for _, c in everything if c.get("custom_id")], "custom_id")


def _one_component(at: str, component: dict[str, Json]) -> Rule:
    kind = component.get("type")
    if kind == ComponentType.BUTTON:
        yield from _button(at, component)
    if kind == ComponentType.TEXT_INPUT:
        yield from _text_input(at, component)
    if kind in SELECTS or kind in GROUPS:
        yield from _choosable(at, component)
    if kind in SELECTS | GROUPS | {ComponentType.TEXT_INPUT, ComponentType.CHECKBOX, ComponentType.FILE_UPLOAD}:
        yield from text(f"{at}.custom_id", component.get("custom_id"), 1, 100)


def row_rules(at: str, row: dict[str, Json]) -> Rule:
    """Check an action row of a message: one to five buttons, or a single select."""
    inside = items(row.get("components"))
    yield from count(f"{at}.components", inside, 1, 5, "components in a row")
    if len(inside) > 1 and any(component.get("type") in SELECTS for component in inside):
        yield f"{at}.components: a select needs a row for itself"


def _button(at: str, button: dict[str, Json]) -> Rule:
    yield from text(f"{at}.label", button.get("label"), 0, 80)
    style, custom_id, url = button.get("style"), button.get("custom_id"), button.get("url")
    if style == PREMIUM:
        return
    if not (button.get("label") or button.get("emoji")):
        yield f"{at}: a button needs a label or an emoji"
    if style == LINK:
        yield from _link(at, url)
    else:
        yield from text(f"{at}.custom_id", custom_id, 1, 100)
    if custom_id and url:
        yield f"{at}: a button has a custom_id or a url, never both"


def _link(at: str, url: Json) -> Rule:
    yield from text(f"{at}.url", url, 1, 512)
    if urlsplit(str(url)).scheme not in LINK_SCHEMES:
        yield f"{at}.url: scheme must be one of {', '.join(sorted(LINK_SCHEMES))}"


def _text_input(at: str, entry: dict[str, Json]) -> Rule:
    yield from text(f"{at}.label", entry.get("label"), 0, 45)
    yield from text(f"{at}.placeholder", entry.get("placeholder"), 0, 100)
    longest = entry.get("max_length") or 4000
    yield from text(f"{at}.value", entry.get("value"), 0, min(longest, 4000))
    if not 1 <= longest <= 4000:
        yield f"{at}.max_length: must be 1 to 4000"
    if (entry.get("min_length") or 0) > longest:
        yield f"{at}.min_length: above max_length"


def _choosable(at: str, chooser: dict[str, Json]) -> Rule:
    options = items(chooser.get("options"))
    kind = ComponentType(chooser["type"])
    limits = OPTIONS.get(kind)
    most = chooser.get("max_values") or (len(options) if kind is ComponentType.CHECKBOX_GROUP else 1)
    yield from text(f"{at}.placeholder", chooser.get("placeholder"), 0, 150)
    if (chooser.get("min_values") or 0) > most:
        yield f"{at}.min_values: above max_values"
    if limits is not None:
        yield from count(f"{at}.options", options, *limits, "options")
        yield from _options(f"{at}.options", options)
        if most > len(options):
            yield f"{at}.max_values: {most}, but only {len(options)} options"
    if limits is not None and sum(bool(option.get("default")) for option in options) > most:
        yield f"{at}.options: more default options than max_values ({most})"


def _options(at: str, options: list[dict[str, Json]]) -> Rule:
    for number, option in enumerate(options):
        yield from text(f"{at}[{number}].label", option.get("label"), 1, 100)
        yield from text(f"{at}[{number}].value", option.get("value"), 1, 100)
        yield from text(f"{at}[{number}].description", option.get("description"), 0, 100)
    yield from unique(at, [option.get("value") for option in options], "option value")
