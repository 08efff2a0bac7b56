"""What the poll tests share: opening a ballot, pressing it, and reading what Discord shows."""

from typing import Any

import simcord
from simcord.results import ResponseMessage

from bot.delivery.refresher import SECONDS_BETWEEN_OLD_EDITS
from domain.polls.poll import Poll
from tests.world import World, words_of

TASK = "Rough cut of the 30s spot"
EXECUTION, JUDGMENT, ABSTAIN = "AI may execute", "Human judgment", "Abstain"


async def open_poll(world: World, opener: str = "Lena", **options: Any) -> ResponseMessage:
    """Let the editor use `/poll open`; return the ballot in the crew's channel."""
    return answer(await world[opener].slash(world.channel, "poll open", **{"task": TASK} | options))


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return the message that answered."""
    assert result.response is not None, "the bot did not answer"
    return result.response


async def vote(world: World, ballot: ResponseMessage, **names: str) -> None:
    """Let everyone named press the button with that label."""
    for name, label in names.items():
        await world[name].click(ballot, label=label)


async def hold(world: World, ballot: ResponseMessage, name: str, reason: str) -> simcord.InteractionResult:
    """Press Hold and send the form."""
    form = await world[name].click(ballot, label="Hold")
    return await world[name].submit_modal(form, {"reason": reason})


async def redrawn(world: World) -> None:
    """Wait until the ballots show what was voted."""
    await world.env.advance_time(2 * SECONDS_BETWEEN_OLD_EDITS + 1)


async def stored(world: World, poll_id: int = 1) -> Poll:
    """Return the poll as it is stored."""
    return await world.bot.stores.polls.get(world.guild_id, poll_id)


def labels_of(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons."""
    return [item["label"] for row in message.components for item in row["components"]]


def field_of(message: ResponseMessage, name: str) -> str:
    """Return a field of the message's card, "" if there is none with that name."""
    return next((field.value or "" for field in message.embeds[0].fields if field.name == name), "")


def edits_of(world: World, ballot: ResponseMessage) -> int:
    """Return how often the ballot was edited in its channel."""
    return sum(
        request.method == "PATCH" and request.path.endswith(f"/messages/{ballot.id}")
        for request in world.env.http_requests
    )


def announcements(world: World) -> list[str]:
    """Return what the bot posted into the channel unasked, besides ballots and answers."""
    return [words_of(message) for message in world.channel.history() if message.interaction_metadata is None]
