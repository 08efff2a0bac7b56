"""The message command `Execution or judgment?`: a poll about what somebody wrote."""

from datetime import timedelta

import pytest
import simcord

from tests.cogs.polls.acts import TASK, answer, stored
from tests.world import World, text_of, words_of

HOUR = 3600.0


def prefilled(form: simcord.InteractionResult) -> dict[str, str]:
    """Return what the fields of a form are filled in with."""
    assert form.modal is not None
    fields = [label["component"] for label in form.modal["components"]]
    typed = {field["custom_id"]: field["value"] for field in fields if field.get("value")}
    chosen = {
        field["custom_id"]: option["value"]
        for field in fields
        for option in field.get("options", ())
        if option.get("default")
    }
    return typed | chosen


async def test_a_message_becomes_a_poll_that_links_to_it(world: World) -> None:
    said = await world["Gus"].send(world.channel, "Could we **auto-grade** the dailies?\nSaves a day.")
    form = await world["Ines"].context_menu(world.channel, "Execution or judgment?", said)
    values = {"closes": "2h", "quorum": "2", "ballot": "after-close", "details": "Scene 4"}
    ballot = answer(await world["Ines"].submit_modal(form, prefilled(form) | values))
    poll = await stored(world)
    assert poll.draft.task == "Could we **auto-grade** the dailies? Saves a day."
    link = f"https://discord.com/channels/{world.guild_id}/{world.channel.id}/{said.id}"
    assert poll.draft.details == f"Scene 4\n{link}"
    assert link in words_of(ballot)
    assert (poll.draft.quorum, poll.draft.ballot.value) == (2, "after-close")
    assert poll.draft.closes_at - poll.opened_at == timedelta(hours=2)
    await world.env.advance_time(2 * HOUR + 5)
    assert (await stored(world)).closed_at is not None


async def test_the_form_about_a_message_is_filled_with_the_servers_defaults(world: World) -> None:
    await world["Jonas"].slash(world.channel, "settings set", **{"poll-quorum": 5, "poll-duration": "36h"})
    said = await world["Gus"].send(world.channel, "x" * 300)
    form = await world["Ines"].context_menu(world.channel, "Execution or judgment?", said)
    await world.restart()
    await world["Ines"].submit_modal(form, prefilled(form))
    poll = await stored(world)
    assert (len(poll.draft.task), poll.draft.task[-1]) == (200, "…")
    assert (poll.draft.quorum, poll.draft.closes_at - poll.opened_at) == (5, timedelta(hours=36))


async def test_a_message_without_words_leaves_the_task_to_be_typed(world: World) -> None:
    said = await world["Gus"].send(world.channel, "", attachments=[("plate.png", b"\x89PNG")])
    form = await world["Ines"].context_menu(world.channel, "Execution or judgment?", said)
    assert "task" not in prefilled(form)
    await world["Ines"].submit_modal(form, prefilled(form) | {"task": "Clean the plate"})
    assert (await stored(world)).draft.task == "Clean the plate"


@pytest.mark.parametrize("quorum", ["many", "0", "1001", "²", "-3"])
async def test_a_quorum_that_is_no_number_of_people_is_refused(world: World, quorum: str) -> None:
    said = await world["Gus"].send(world.channel, TASK)
    form = await world["Ines"].context_menu(world.channel, "Execution or judgment?", said)
    assert "The quorum is a number" in text_of(
        await world["Ines"].submit_modal(form, prefilled(form) | {"quorum": quorum})
    )


async def test_empty_fields_take_the_defaults(world: World) -> None:
    said = await world["Gus"].send(world.channel, TASK)
    form = await world["Ines"].context_menu(world.channel, "Execution or judgment?", said)
    await world["Ines"].submit_modal(form, prefilled(form) | {"closes": "", "quorum": ""})
    poll = await stored(world)
    assert (poll.draft.quorum, poll.draft.closes_at - poll.opened_at) == (3, timedelta(days=1))
