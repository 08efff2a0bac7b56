"""The limits of a request, by its route."""

import re
from collections.abc import Callable, Sequence
from enum import IntEnum

from .commands import choice_rules, command_rules, commands_rules, option_rules
from .measure import Json, Rule
from .messages import edit_rules, modal_rules, new_message_rules
from .openapi import schema_violations

Files = Sequence[tuple[str, int]]
"""Name and size in bytes of each uploaded file."""

CALLBACK = re.compile(r"/interactions/\d+/[^/]+/callback")
NEW_MESSAGE = re.compile(r"/channels/\d+/messages|/webhooks/\d+/[^/]+")
OLD_MESSAGE = re.compile(r"/channels/\d+/messages/\d+|/webhooks/\d+/[^/]+/messages/(@original|\d+)")
COMMANDS = re.compile(r"/applications/\d+(/guilds/\d+)?/commands")
COMMAND = re.compile(r"/applications/\d+(/guilds/\d+)?/commands/\d+")


class Callback(IntEnum):
    """Interaction callbacks whose data has limits."""

    MESSAGE = 4
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class LimitViolation(AssertionError):
    """The bot sent a body that Discord would refuse."""


def check(method: str, path: str, body: object, *, files: Files = ()) -> list[str]:
    """Describe every violation of Discord's limits in one request.

    Args:
        method: the HTTP method, upper case.
        path: the path below ``/api/v10``, such as ``/channels/1/messages``.
        body: the decoded JSON body (``payload_json`` of a multipart request), None without one.
        files: name and size in bytes of each uploaded file.

    Returns:
        Sentences that begin with the path of the value in the body; an empty list when all is well.
        If Discord's OpenAPI description is available, it adds violations that the rules do not cover.
    """
    if body is None and not files:
        return []
    own = list(_rules(method, path, body, files))
    known = {sentence.split(": ", 1)[0] for sentence in own}
    return own + [words for words in schema_violations(method, path, body) if words.split(": ")[0] not in known]


def enforce(method: str, path: str, body: object, *, files: Files = ()) -> None:
    """Fail a test on what `check` finds.

    Raises:
        LimitViolation: with the route and every violation.
    """
    if violations := check(method, path, body, files=files):
        raise LimitViolation("\n".join(f"{method} {path}: {words}" for words in violations))


def _rules(method: str, path: str, body: Json, files: Files) -> Rule:
    if method == "PUT" and COMMANDS.fullmatch(path):
        return commands_rules(body)
    payload = body if isinstance(body, dict) else {}
    routes: dict[tuple[str, re.Pattern[str]], Callable[[], Rule]] = {
        ("POST", CALLBACK): lambda: _callback_rules(payload, files),
        ("POST", NEW_MESSAGE): lambda: new_message_rules("", payload, files),
        ("PATCH", OLD_MESSAGE): lambda: edit_rules("", payload, files),
        ("POST", COMMANDS): lambda: command_rules("", payload),
        ("PATCH", COMMAND): lambda: option_rules("options", payload.get("options")),
    }
    found = (rules for (verb, route), rules in routes.items() if verb == method and route.fullmatch(path))
    return next(found, lambda: iter(()))()


def _callback_rules(body: dict[str, Json], files: Files) -> Rule:
    data = body.get("data") or {}
    match body.get("type"):
        case Callback.MESSAGE:
            return new_message_rules("data.", data, files)
        case Callback.UPDATE:
            return edit_rules("data.", data, files)
        case Callback.CHOICES:
            return choice_rules("data.choices", data.get("choices"))
        case Callback.MODAL:
            return modal_rules("data.", data)
    return iter(())
