"""Parse what forms, menus and options send; anything we no longer offer becomes a DomainError."""

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
"""Keys of `resolved` where Discord puts the object of an option's id, by the option's type."""

_TARGETS = ("messages", "users")
"""Keys of `resolved` that hold a context menu's target."""

_BY_SERVER = "0"
"""Key of `authorizing_integration_owners` for the server that added the bot; "1" is for an account that did."""


class FormValues(dict[str, Any]):
    """The fields of a form by custom_id. A missing or malformed field raises DomainError.

    Forms that were opened before the bot changed end that way; `get` is for optional fields.
    """

    def __missing__(self, custom_id: str) -> Any:
        """Raise DomainError command.gone."""
        raise DomainError("command.gone")


def form_values(interaction: discord.Interaction[Any]) -> FormValues:
    """Return a submitted form's fields by custom_id: text for text inputs, lists for selects and check boxes."""
    data: Any = interaction.data or {}
    rows = list(data.get("components", ()))
    fields = [field for row in rows for field in (row.get("components") or [row.get("component") or row])]
    read = ((field["custom_id"], _value(field)) for field in fields if "custom_id" in field)
    return FormValues((str(custom_id), value) for custom_id, value in read if value is not None)


def _value(field: dict[str, Any]) -> str | list[str] | None:
    """Return the value of a field; None if it is empty or malformed."""
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
    """Read an attached file.

    Raises:
        DomainError: discord.file_gone; Discord no longer has it.
    """
    try:
        return await file.read()
    except discord.NotFound:
        raise DomainError("discord.file_gone") from None


def number(text: str) -> int:
    """Parse the number, of at most 20 digits, that a menu sent.

    Raises:
        DomainError: command.gone; the menu is from a time when it offered something else.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise DomainError("command.gone")
    return int(text)


def only(values: Sequence[str]) -> str:
    """Return the one value of a single-choice menu, without lone surrogates; raise as `number` does."""
    if len(values) != 1:
        raise DomainError("command.gone")
    return without_lone_surrogates(values[0])


def choice(kind: type[ChoiceT], value: str, *, shown: bool = False) -> ChoiceT:
    """Parse a choice from a list.

    Args:
        kind: what can be chosen today.
        value: what was chosen.
        shown: whether it came from a menu or form, rather than from a command's option.

    Raises:
        DomainError: command.gone or command.outdated; the list has changed since it was shown.
    """
    try:
        return kind(value)
    except ValueError:
        if shown:
            raise DomainError("command.gone") from None
        raise DomainError("command.outdated") from None


def check_invited(payload: Any, *, listed: bool) -> None:
    """Check that an interaction comes from a server that added the bot.

    People can add an application to their own account and use it anywhere. What is written in a server that never
    added the bot would count as left, and be purged.

    Args:
        payload: the interaction as Discord sent it.
        listed: whether Discord listed the server to the bot; decides if the payload does not say who added it, since
            a server that never added the bot is never listed.

    Raises:
        DomainError: command.no_server or command.not_invited.
    """
    server = payload.get("guild_id")
    if server is None:
        raise DomainError("command.no_server")
    owners = payload.get("authorizing_integration_owners") or {}
    if not (str(owners.get(_BY_SERVER)) == str(server) if owners else listed):
        raise DomainError("command.not_invited")


def has_resolved_ids(data: Any) -> bool:
    """Say whether each id in a command came with its object, as Discord promises."""
    resolved = data.get("resolved") or {}
    target = data.get("target_id")
    return (target is None or _is_resolved(target, _TARGETS, resolved)) and all(
        _is_resolved(option["value"], _RESOLVED[option["type"]], resolved)
        for option in _flat(data.get("options"))
        if option["type"] in _RESOLVED
    )


def _flat(options: Any) -> Iterator[dict[str, Any]]:
    """Yield the options, including those of subcommands."""
    for option in options or ():
        yield option
        yield from _flat(option.get("options"))


def _is_resolved(number: Any, kinds: Sequence[str], resolved: dict[str, Any]) -> bool:
    return any(str(number) in (resolved.get(kind) or {}) for kind in kinds)
