"""What people can send to the bot, read from the bot itself, so that a new command, button or form is fuzzed too."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from hypothesis import find
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from bot.client import CircleTake
from bot.ui import PersistentItem, PersistentModal
from tests.limits.components import ComponentType, walk

Json = dict[str, Any]
_GROUP = re.compile(r"\(\?P<\w+>((?:[^()\\]|\\.)*)\)")
_NESTING = {1, 2}


class Option(IntEnum):
    """Types of a command's options."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


@dataclass(frozen=True)
class Leaf:
    """A slash command that can be sent: the registered command, the path to it, and its options."""

    command: Json
    way: tuple[Json, ...]
    options: tuple[Json, ...]

    @property
    def name(self) -> str:
        """The full name, without the slash."""
        return " ".join([self.command["name"], *(step["name"] for step in self.way)])

    def data(self, options: list[Json], resolved: Json) -> Json:
        """What an interaction carries of it."""
        for step in reversed(self.way):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        known = {key: self.command[key] for key in ("id", "name", "type")}
        return known | {"options": options, "resolved": resolved}


@dataclass(frozen=True)
class Surface:
    """Everything that an interaction can use."""

    leaves: tuple[Leaf, ...]
    menus: tuple[Json, ...]
    items: tuple[type[PersistentItem], ...]
    forms: tuple[type[PersistentModal], ...]

    @classmethod
    def of(cls, bot: CircleTake, registered: Iterable[Json]) -> "Surface":
        """Read what `bot` answers, with its commands as registered."""
        commands = list(registered)
        leaves = [leaf for one in commands if one["type"] == 1 for leaf in _leaves(one, (), one)]
        menus = [one for one in commands if one["type"] != 1]
        return cls(tuple(leaves), tuple(menus), tuple(bot._items), tuple(bot._modals))

    @property
    def typed(self) -> list[tuple[Leaf, Json]]:
        """The options with autocomplete."""
        return [(leaf, option) for leaf in self.leaves for option in leaf.options if option.get("autocomplete")]


def _leaves(command: Json, way: tuple[Json, ...], node: Json) -> Iterator[Leaf]:
    options = node.get("options") or []
    below = [one for one in options if one["type"] in _NESTING]
    if not below:
        yield Leaf(command, way, tuple(options))
    for one in below:
        yield from _leaves(command, (*way, one), one)


def pieces(pattern: re.Pattern[str]) -> list[tuple[str, bool]]:
    """A pattern cut into what is fixed and what varies, both as patterns; whole if it cannot be cut."""
    parts: list[tuple[str, bool]] = []
    end = 0
    for group in _GROUP.finditer(pattern.pattern):
        parts += [(pattern.pattern[end : group.start()], False), (group[1], True)]
        end = group.end()
    parts.append((pattern.pattern[end:], False))
    try:
        for text, _ in parts:
            re.compile(text)
    except re.error:
        return [(pattern.pattern, True)]
    return [part for part in parts if part[0]]


@st.composite
def custom_ids(draw: DrawFn, pattern: re.Pattern[str], known: Sequence[str]) -> str:
    """Draw a custom_id that fits `pattern`; its varying parts are often one of the `known` ids."""
    text = ""
    for regex, varies in pieces(pattern):
        fitting = [one for one in known if re.fullmatch(regex, one)] if varies else []
        any_that_fits = st.from_regex(regex, fullmatch=True)
        text += draw(st.sampled_from(fitting) | any_that_fits if fitting else any_that_fits)
    return text[:100]


def custom_id(pattern: re.Pattern[str], known: Sequence[str]) -> str:
    """Make a custom_id that fits `pattern`, always the same; use `known` where that is enough."""
    parts = [
        next((one for one in known if re.fullmatch(regex, one)), None) if varies else re.sub(r"\\(.)", r"\1", regex)
        for regex, varies in pieces(pattern)
    ]
    text = "".join(part or "" for part in parts)
    return text if pattern.fullmatch(text) else find(custom_ids(pattern, known), lambda _: True)


@st.composite
def mutated(draw: DrawFn, text: str) -> str:
    """Draw `text` with something cut off, added, or changed."""
    at = draw(st.integers(0, len(text)))
    return draw(
        st.sampled_from(
            (
                text[:at],
                text[at:],
                text + "\n",
                text.upper(),
                text[:at] + "9" * 30 + text[at:],
                text[:at] + "²" + text[at:],
            )
        )
    )[:100]


def controls(components: list[Json]) -> list[Json]:
    """Return the fields of a form, or what can be pressed on a message."""
    return [one for _, one in walk("components", components) if one.get("custom_id")]


def component_of(item: type[PersistentItem], custom_id: str) -> Json:
    """The component as the bot would send it under this custom_id, which must fit its pattern."""
    match = item.pattern.fullmatch(custom_id)
    if match is None:
        raise ValueError(f"{custom_id!r} is none of {item.__name__}'s")
    component: Json = dict(item.of(match).item.to_component_dict())
    component["custom_id"] = custom_id
    if component["type"] == ComponentType.STRING_SELECT and not component.get("options"):
        component["options"] = [{"label": "x", "value": "x"}]
    return component


def form_of(form: type[PersistentModal], custom_id: str) -> Json:
    """The form as the bot would open it under this custom_id, which must fit its pattern."""
    match = form.pattern.fullmatch(custom_id)
    if match is None:
        raise ValueError(f"{custom_id!r} is none of {form.__name__}'s")
    payload: Json = form.of(match).form().to_dict()
    return payload | {"custom_id": custom_id}
