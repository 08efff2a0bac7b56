"""Reading what Discord sends, so that no single event can end the bot."""

import json
from typing import Any

import discord

_quickly = discord.utils._from_json  # orjson's where the extra `fast` is installed


def read_json(text: Any) -> Any:
    """What `text` stands for; it may hold half of a character, which orjson refuses and JSON allows.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return _quickly(text)
    except ValueError:
        return json.loads(text)


def install() -> None:
    """Let discord.py read with `read_json`: what it cannot read ends its connection, and the bot with it."""
    discord.utils._from_json = read_json
