"""The error funnel: every error in answering a person ends here, once.

The person gets words and, for an unexpected error, a reference; the log gets the traceback under that reference.
"""

import functools
import logging
import re
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.i18n import words
from db.engine.errors import NotSaved, OutcomeUnknown, StorageClosed
from domain.errors import DomainError

log = logging.getLogger(__name__)

ChoiceT = TypeVar("ChoiceT", str, int, float)

_TOO_LATE = (10062, 10015)
"""Discord's codes for an interaction or webhook token that is no longer valid."""

_WORDS: dict[type[BaseException], str] = {
    OutcomeUnknown: "storage.unknown",
    NotSaved: "storage.not_saved",
    StorageClosed: "storage.closing",
    app_commands.CommandNotFound: "command.outdated",
    app_commands.CommandSignatureMismatch: "command.outdated",
    app_commands.CheckFailure: "command.not_allowed",
    app_commands.TransformerError: "command.bad_option",
    discord.Forbidden: "discord.forbidden",
}

_WITHOUT_TYPED_TEXT = re.compile(r"poll:line:\d+:\w+:|[\w:-]*", re.ASCII)
"""A custom_id up to the text a user typed (`cogs.polls.outcomes.verdicts.LineButton`) or a character we never use."""

_MESSAGE_GONE = 10008
"""Discord's code for a message that was deleted, between a press and its answer for example."""

_ANSWERED = 40060
"""Discord's code for an interaction that was already acknowledged."""


async def report(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person privately what happened, and the log what the host needs. Never raises."""
    error = _cause(error)
    if isinstance(error, discord.HTTPException) and error.code in (*_TOO_LATE, _ANSWERED):
        log.warning("%s could not be answered: Discord says %s", _name(interaction), error.code)
        return
    text = _expected(error) or _unexpected(interaction, error)
    try:
        await tell(interaction, text)
    except (discord.HTTPException, discord.InteractionResponded) as failure:
        log.warning("%s: the error could not be shown: %s", _name(interaction), type(failure).__name__)


async def tell(interaction: discord.Interaction[Any], text: str) -> None:
    """Show `text` to the person alone, whether or not the interaction was already acknowledged."""
    if interaction.response.is_done():
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


def _cause(error: BaseException) -> BaseException:
    """Return the error inside discord.py's wrapping."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _expected(error: BaseException) -> str | None:
    """Return words for an error that a healthy bot can meet; None for a fault of ours."""
    if isinstance(error, DomainError):
        return words(error.key, **error.params)
    if isinstance(error, discord.NotFound) and error.code == _MESSAGE_GONE:
        return words("discord.message_gone")
    return next((words(key) for kind, key in _WORDS.items() if isinstance(error, kind)), None)


def _unexpected(interaction: discord.Interaction[Any], error: BaseException) -> str:
    reference = new_reference()
    log.error("[%s] %s failed", reference, _name(interaction), exc_info=error)
    return words("command.failed", reference=reference)


def new_reference() -> str:
    """Make a short code that ties what a person saw to a line in the log."""
    return secrets.token_hex(4)


def _name(interaction: discord.Interaction[Any]) -> str:
    """Name what was asked for, without anything a person typed."""
    if isinstance(interaction.command, app_commands.Command):
        return f"/{interaction.command.qualified_name}"
    if interaction.command is not None:
        return f"message command {interaction.command.name!r}"
    return f"{interaction.type.name} {logged_id(interaction)}"


def custom_id_of(interaction: discord.Interaction[Any]) -> str:
    """Return the custom_id of a component or form, at most its 100 characters; "" for commands."""
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))[:100]


def logged_id(interaction: discord.Interaction[Any]) -> str:
    """Return the part of the custom_id that the bot wrote, without the search words that some end with."""
    found = _WITHOUT_TYPED_TEXT.match(custom_id_of(interaction))
    return found[0] if found else ""


Suggest = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[app_commands.Choice[ChoiceT]]]]


def quiet_autocomplete(suggest: Suggest[ChoiceT]) -> Suggest[ChoiceT]:
    """Wrap an autocomplete callback: after an error there are no suggestions, and the log has its traceback."""

    @functools.wraps(suggest)
    async def guarded(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[ChoiceT]]:
        try:
            return await suggest(interaction, current)
        except DomainError:
            return []
        except Exception:
            log.exception("[%s] autocomplete %s failed", new_reference(), suggest.__qualname__)
            return []

    return guarded


def in_background(error: BaseException, task: str) -> None:
    """Log that a background task failed; the caller goes on with its next turn."""
    log.error("[%s] %s failed", new_reference(), task, exc_info=error)
