"""From a test's Python values to the typed options that Discord's client would send."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .world import Attachment, Channel, Json, Member, Role

SUBCOMMANDS = {1, 2}
STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
EXPECTED: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    6: (Member,),
    7: (Channel,),
    8: (Role,),
    9: (Member, Role),
    NUMBER: (float, int),
    11: (Attachment,),
}


class Unusable(ValueError):
    """Discord's client would not have let the person do this."""


@dataclass(slots=True)
class Resolved:
    """The things that option values or selected values point at."""

    data: dict[str, dict[str, Json]] = field(default_factory=dict)

    def add(self, value: object) -> object:
        """What stands on the wire for a value: ids for things, the value itself otherwise."""
        if isinstance(value, Member):
            member = {k: v for k, v in value.payload().items() if k != "user"}
            self._put("users", value.id, value.user())
            self._put("members", value.id, member)
        elif isinstance(value, Role):
            self._put("roles", value.id, value.payload())
        elif isinstance(value, Channel):
            self._put("channels", value.id, value.payload() | {"permissions": "0"})
        elif isinstance(value, Attachment):
            self._put("attachments", value.id, value.payload())
        else:
            return value
        return f"{value.id}"

    def _put(self, kind: str, number: int, payload: Json) -> None:
        self.data.setdefault(kind, {})[f"{number}"] = payload


def find(commands: list[Json], words: str) -> tuple[Json, list[Json]]:
    """The command that ``words`` begin with, and the chain of subcommands that the other words name.

    Raises:
        Unusable: there is no such command.
    """
    first, *rest = words.split()
    command = next((one for one in commands if one["name"] == first and one["type"] == 1), None)
    chain: list[Json] = []
    level = command
    for word in rest:
        inside = (level or {}).get("options") or []
        level = next((one for one in inside if one["name"] == word and one["type"] in SUBCOMMANDS), None)
        chain.append(level or {})
    if command is None or level is None:
        known = ", ".join(one["name"] for one in commands)
        raise Unusable(f"/{words}: no such command; registered: {known or 'none'}")
    return command, chain


def fill(described: list[Json], given: Mapping[str, object], resolved: Resolved) -> list[Json]:
    """The options of one command, typed and checked as Discord's client does.

    Underscores in a given name stand for hyphens, and a trailing one keeps it from being a Python keyword.

    Raises:
        Unusable: an unknown or missing option, a wrong type, a value outside the choices or limits.
    """
    names = {option["name"].replace("-", "_"): option for option in described}
    wanted = {name.replace("-", "_").rstrip("_"): value for name, value in given.items() if value is not None}
    if strange := wanted.keys() - names.keys():
        raise Unusable(f"no option {', '.join(sorted(strange))}; there are: {', '.join(names)}")
    if missing := [name for name, option in names.items() if option.get("required") and name not in wanted]:
        raise Unusable(f"missing: {', '.join(missing)}")
    return [_typed(names[name], value, resolved) for name, value in wanted.items()]


def _typed(option: Json, value: object, resolved: Resolved) -> Json:
    kind, name = option["type"], option["name"]
    if not isinstance(value, EXPECTED[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise Unusable(f"{name}: {value!r} does not fit option type {kind}")
    choices = [choice["value"] for choice in option.get("choices") or []]
    if choices and value not in choices:
        raise Unusable(f"{name}: {value!r} is none of {choices}")
    size = len(value) if isinstance(value, str) else value
    if isinstance(size, int | float):
        _within(option, size, "length" if kind == STRING else "value")
    return {"name": name, "type": kind, "value": resolved.add(value)}


def _within(option: Json, size: float, what: str) -> None:
    low, high = option.get(f"min_{what}"), option.get(f"max_{what}")
    if (low is not None and size < low) or (high is not None and size > high):
        raise Unusable(f"{option['name']}: {what} {size} is outside {low} to {high}")
