"""Reading what forms, menus and options bring back: what is none of today's ends in words, not in a fault."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import discord

from domain.errors import DomainError
from domain.text import without_lone_surrogates

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)

_TEXTS = {4, 21}
"""Fields whose `value` is text: text inputs and radio groups."""

_RESOLVED = {6: ("users",), 7: ("channels",), 8: ("roles",), 9: ("users", "roles"), 11: ("attachments",)}
"""Where the objects are that Discord sends along with an option's id, by the option's type."""

_TARGETS = ("messages", "users")
"""Where that is which somebody opened the menu of."""


class FormValues(dict[str, Any]):
    """What a form says, by custom_id. A field that is not there, or holds no such thing, raises DomainError.

    So ends a form that was opened before the bot changed; `get` is for fields that may be left out.
    """

    def __missing__(self, custom_id: str) -> Any:
        """Raise DomainError command.gone."""
        raise DomainError("command.gone")


def form_values(interaction: discord.Interaction[Any]) -> FormValues:
    """The fields of a submitted form by custom_id: text for text inputs, lists of texts for selects and check boxes."""
    data: Any = interaction.data or {}
    rows = list(data.get("components", ()))
    fields = [field for row in rows for field in (row.get("components") or [row.get("component") or row])]
    read = ((field["custom_id"], _value(field)) for field in fields if "custom_id" in field)
    return FormValues((str(custom_id), value) for custom_id, value in read if value is not None)


def _value(field: dict[str, Any]) -> str | list[str] | None:
    """None for a field that was left empty, and for one that holds what it cannot hold."""
    if field.get("type") in _TEXTS:
        text = field.get("value")
        return without_lone_surrogates(text) if isinstance(text, str) else None
    chosen = field.get("values")
    return (
        [*map(without_lone_surrogates, chosen)]
        if isinstance(chosen, list) and all(isinstance(one, str) for one in chosen)
        else None
    )


async def read_attachment(file: discord.Attachment) -> bytes:
    """What is in a file that somebody sent along.

    Raises:
        DomainError: discord.file_gone; Discord has it no more.
    """
    try:
        return await file.read()
    except discord.NotFound:
        raise DomainError("discord.file_gone") from None


def number(text: str) -> int:
    """The number, of at most 20 digits, that a menu brought back.

    Raises:
        DomainError: command.gone; the bot offers numbers alone there today.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise DomainError("command.gone")
    return int(text)


def only(values: Sequence[str]) -> str:
    """The one value of a menu from which one is chosen, without halves of characters; raises as `number` does."""
    if len(values) != 1:
        raise DomainError("command.gone")
    return without_lone_surrogates(values[0])


def choice(kind: type[ChoiceT], value: str, *, shown: bool = False) -> ChoiceT:
    """What was chosen from a list of `kind`.

    Args:
        kind: what there is to choose from today.
        value: what was chosen.
        shown: whether the bot's own menu or form offered it, rather than a command's option.

    Raises:
        DomainError: command.gone or command.outdated; the list has changed since it was shown.
    """
    try:
        return kind(value)
    except ValueError:
        if shown:
            raise DomainError("command.gone") from None
        raise DomainError("command.outdated") from None


def has_resolved_ids(data: Any) -> bool:
    """Whether each id in a command came with what it stands for, as Discord promises."""
    resolved = data.get("resolved") or {}
    target = data.get("target_id")
    return (target is None or _is_resolved(target, _TARGETS, resolved)) and all(
        _is_resolved(option["value"], _RESOLVED[option["type"]], resolved)
        for option in _flat(data.get("options"))
        if option["type"] in _RESOLVED
    )


def _flat(options: Any) -> Iterator[dict[str, Any]]:
    """Options, those of subcommands included."""
    for option in options or ():
        yield option
        yield from _flat(option.get("options"))


def _is_resolved(number: Any, kinds: Sequence[str], resolved: dict[str, Any]) -> bool:
    return any(str(number) in (resolved.get(kind) or {}) for kind in kinds)
