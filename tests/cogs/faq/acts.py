"""What the FAQ's tests share: asking, reading a card, a moderator's form."""

from typing import Any

import simcord
from simcord.results import ResponseMessage

from tests.world import World, text_of

MODERATOR = "Jonas"
PARKING = {"question": "Where can trucks park?", "answer": "Behind hall 4.", "alternates": "truck parking\nlorry space"}


async def ask(world: World, question: str, who: str = "Gus", **options: Any) -> simcord.InteractionResult:
    """Let the gaffer ask."""
    return await world[who].slash(world.channel, "faq ask", question=question, **options)


async def admin(world: World, command: str, **options: Any) -> simcord.InteractionResult:
    """Let the moderator use a command."""
    return await world[MODERATOR].slash(world.channel, f"faq-admin {command}", **options)


async def send(world: World, form: simcord.InteractionResult, **values: Any) -> simcord.InteractionResult:
    """Let the moderator send a form."""
    return await world[MODERATOR].submit_modal(form, values)


async def add(world: World, **values: Any) -> simcord.InteractionResult:
    """Let the moderator add an entry."""
    return await send(world, await admin(world, "add"), **{**PARKING, **values})


async def edit(world: World, entry: str, **values: Any) -> simcord.InteractionResult:
    """Let the moderator edit an entry; what is not given stays as the form shows it."""
    form = await admin(world, "edit", entry=entry)
    return await send(world, form, **{**typed_in(form), **values})


async def press(world: World, message: Any, label: str, who: str = MODERATOR) -> simcord.InteractionResult:
    """Press a button."""
    return await world[who].click(message, label=label)


async def queue_question(world: World, question: str, who: str = "Gus", *, tell: bool = False) -> Any:
    """Ask what is not covered, and put it to the moderators."""
    asked = await ask(world, question, who)
    form = await world[who].click(answer(asked), label="Ask the moderators")
    return await world[who].submit_modal(form, {"question": question, **({"tell": ["here"]} if tell else {})})


async def pick(world: World, wording: str) -> ResponseMessage:
    """Let the moderator open the queue and pick a question; return its card."""
    shown = answer(await admin(world, "queue"))
    options = component(shown, "faq:queue:pick:")["options"]
    value = next(option["value"] for option in options if option["label"] == wording)
    await world[MODERATOR].select(shown, [value], custom_id="faq:queue:pick:0")
    return shown


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return the message that answered."""
    assert result.response is not None, "the bot did not answer"
    return result.response


def typed_in(form: simcord.InteractionResult) -> dict[str, str]:
    """Return what the fields of a form are filled in with."""
    assert form.modal is not None, "no form was opened"
    fields = [row["component"] for row in form.modal["components"]]
    return {field["custom_id"]: field.get("value") or "" for field in fields if field["type"] == 4}


def component(message: ResponseMessage, prefix: str) -> dict[str, Any]:
    """Return the component whose custom_id begins so."""
    for row in message.components:
        for item in row["components"]:
            if item["custom_id"].startswith(prefix):
                return dict(item)
    raise AssertionError(f"no {prefix} on the card")


def labels_of(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons."""
    return [item["label"] for row in message.components for item in row["components"] if item["type"] == 2]


def field_of(message: ResponseMessage, name: str) -> str:
    """Return a field of the card, "" if there is none with that name."""
    return next((field.value or "" for field in message.embeds[0].fields if field.name == name), "")


async def title_for(world: World, question: str, who: str = "Gus") -> str:
    """Return the title of the card that answers a question."""
    return answer(await ask(world, question, who)).embeds[0].title or ""


async def rows(world: World, table: str) -> list[tuple[Any, ...]]:
    """Return all rows of a table."""
    async with world.database.snapshot() as snapshot:
        return await snapshot.all(f"SELECT * FROM {table}")


async def queue(world: World) -> str:
    """Return what the moderator reads."""
    return text_of(await admin(world, "queue"))
