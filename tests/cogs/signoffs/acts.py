"""What crews do with sign-offs, for the tests of them."""

from typing import Any

import simcord
from simcord.actors import _slash
from simcord.results import ResponseMessage

from domain.decision_log.entries import LogEntry
from tests.world import World

RADIO = 21
"""Discord's number for a group of which one is chosen."""

FORM: dict[str, Any] = {"uses": ["concept", "broll"], "tools": "Runway 4", "told": "told", "flags": ["final"]}
SLATE: dict[str, Any] = {"piece": "Harbour 30s", "cut": 3}


async def open_form(world: World, **options: Any) -> simcord.InteractionResult:
    """Let the editor use `/signoff open`, up to its form; the director signs unless `signers` says otherwise."""
    return await world["Lena"].slash(
        world.channel, "signoff open", **{"signers": world["Mara"].mention} | SLATE | options
    )


async def open_signoff(world: World, *, form: dict[str, Any] = FORM, **options: Any) -> ResponseMessage:
    """Use `/signoff open` and send its form; return the card."""
    return answer(await world["Lena"].submit_modal(await open_form(world, **options), form))


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return the message that answered."""
    assert result.response is not None, "the bot did not answer"
    return result.response


async def log_of(world: World) -> tuple[LogEntry, ...]:
    """Return the newest entries of the log, newest first."""
    return (await world.bot.stores.decisions.entries(world.guild_id, limit=50)).entries


def labels_of(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons."""
    return [item["label"] for row in message.components for item in row["components"] if item["type"] == 2]


async def drop(world: World, text: str = "", *files: str) -> simcord.InteractionResult:
    """Let the editor post a cut, up to the form of `Sign off` on that message."""
    message = await world["Lena"].send(world.channel, text, attachments=[(name, b"frames") for name in files])
    return await world["Lena"].context_menu(world.channel, "Sign off", message)


async def set_policy(world: World, piece: str, signers: str, **options: Any) -> simcord.InteractionResult:
    """Let the producer use `/decision-log policy`; `may_sign` is its option `self`, a name that Python needs."""
    named = {"self" if name == "may_sign" else name: value for name, value in options.items()}
    options = {"piece": piece, "signers": signers} | named
    return await _slash(world["Jonas"], world.channel, "decision-log policy", options)


def filled(form: simcord.InteractionResult) -> dict[str, Any]:
    """Return what the fields of a form are filled in with, by custom_id."""
    assert form.modal is not None, "no form was opened"
    fields = [label["component"] for label in form.modal["components"]]
    return {field["custom_id"]: _shown(field) for field in fields}


def _shown(field: dict[str, Any]) -> Any:
    if "options" not in field:
        return field.get("value") or ""
    chosen = [option["value"] for option in field["options"] if option.get("default")]
    return chosen[0] if field["type"] == RADIO and chosen else chosen


async def accept(world: World, person: str, form: simcord.InteractionResult, **changes: Any) -> ResponseMessage:
    """Send the form as it is, with `changes`; return the card."""
    return answer(await world[person].submit_modal(form, filled(form) | changes))
