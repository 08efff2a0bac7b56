"""Limits of application commands and autocomplete choices.

Source: https://discord.com/developers/docs/interactions/application-commands.
"""

import re

from .measure import Json, Rule, count, items, text, unique

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
MOST = {CHAT_INPUT: ("slash commands", 100), USER: ("user commands", 15), MESSAGE: ("message commands", 15)}
COMMAND_CHARACTERS = 8000
CHOICES = 25
SUBCOMMANDS = {1, 2}
NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
"""Letters, digits, ``-``, ``_``, ``'``, and the vowel signs of Devanagari and Thai."""


def commands_rules(commands: Json) -> Rule:
    """Check a bulk registration: the list as a whole and every command in it."""
    listed = items(commands)
    for kind, (what, most) in MOST.items():
        names = [command.get("name") for command in listed if command.get("type", CHAT_INPUT) == kind]
        yield from count("commands", names, 0, most, what)
        yield from unique("commands", names, "command name")
    for number, command in enumerate(listed):
        yield from command_rules(f"[{number}]", command)


def command_rules(at: str, command: dict[str, Json]) -> Rule:
    """Check one command. ``at`` is its path in the body, empty if it is the whole body."""
    prefix = f"{at}." if at else ""
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        yield from _named(prefix, command)
        yield from option_rules(f"{prefix}options", command.get("options"))
    else:
        yield from text(f"{prefix}name", command.get("name"), 1, 32)
        if command.get("description"):
            yield f"{prefix}description: a context menu command has none"
    if (total := _characters(command)) > COMMAND_CHARACTERS:
        yield f"{at or 'body'}: {total} characters in all, at most {COMMAND_CHARACTERS} allowed"


def option_rules(at: str, options: Json) -> Rule:
    """Check the options of a command or subcommand, with everything inside them."""
    listed = items(options)
    yield from count(at, listed, 0, 25, "options")
    yield from unique(at, [option.get("name") for option in listed], "option name")
    optional_seen = False
    for number, option in enumerate(listed):
        yield from _option(f"{at}[{number}]", option)
        if option.get("required") and optional_seen:
            yield f"{at}[{number}]: required, but stands after an optional one"
        optional_seen |= not option.get("required") and option.get("type") not in SUBCOMMANDS


def choice_rules(at: str, choices: Json) -> Rule:
    """Check choices: at most 25, of 1 to 100 characters; string values have at most 100."""
    listed = items(choices)
    yield from count(at, listed, 0, CHOICES, "choices")
    for number, choice in enumerate(listed):
        yield from text(f"{at}[{number}].name", choice.get("name"), 1, 100)
        if isinstance(value := choice.get("value"), str):
            yield from text(f"{at}[{number}].value", value, 0, 100)


def _option(at: str, option: dict[str, Json]) -> Rule:
    yield from _named(f"{at}.", option)
    if option.get("choices") and option.get("autocomplete"):
        yield f"{at}: choices and autocomplete exclude each other"
    yield from choice_rules(f"{at}.choices", option.get("choices"))
    yield from option_rules(f"{at}.options", option.get("options"))


def _named(prefix: str, thing: dict[str, Json]) -> Rule:
    name = str(thing.get("name", ""))
    if not NAME.fullmatch(name) or name != name.lower():
        yield f"{prefix}name: {name!r} is not 1 to 32 lower-case letters, digits, '-' or '_'"
    yield from text(f"{prefix}description", thing.get("description"), 1, 100)


def _characters(thing: dict[str, Json]) -> int:
    """Count names, descriptions and choice values at all levels, with the longest translation of each."""
    own = sum(_longest(thing, part) for part in ("name", "description"))
    own += len(value) if isinstance(value := thing.get("value"), str) else 0
    return own + sum(_characters(part) for key in ("options", "choices") for part in items(thing.get(key)))


def _longest(thing: dict[str, Json], part: str) -> int:
    translations = thing.get(f"{part}_localizations") or {}
    return max(len(str(words)) for words in [thing.get(part) or "", *translations.values()])
