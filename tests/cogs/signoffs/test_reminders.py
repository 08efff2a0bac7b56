"""Due times, and the one reminder before them."""

from typing import Any

import pytest
from simcord.results import ResponseMessage

from tests.cogs.signoffs.acts import FORM, answer, open_form, open_signoff, set_policy
from tests.world import World, text_of, words_of

HOUR = 3600
DAY = 24 * HOUR


async def open_with_due(world: World, due: str, **options: Any) -> ResponseMessage:
    """Open a sign-off with a due time; return its card."""
    opened = await world["Lena"].submit_modal(await open_form(world, **options), FORM)
    await world["Lena"].select(opened.followups[-1], [due])
    await world.env.advance_time(6)
    return answer(opened)


def reminders(world: World) -> list[Any]:
    """Return the reminders in the channel."""
    return [message for message in world.channel.history() if "open the card" in message.content]


async def test_missing_signers_are_reminded_once_a_day_before(world: World) -> None:
    card = await open_with_due(world, "week", signers=f"{world['Mara'].mention} {world['Ines'].mention}")
    assert "· due <t:" in words_of(card)
    await world["Ines"].click(card, label="Yes, I sign")
    await world.env.advance_time(5 * DAY)
    assert reminders(world) == []
    await world.env.advance_time(2 * DAY)
    (reminder,) = reminders(world)
    assert world["Mara"].mention in reminder.content
    assert world["Ines"].mention not in reminder.content
    assert [user.id for user in reminder.mentions] == [world["Mara"].id]
    assert f"/{card.id})" in reminder.content
    await world.env.advance_time(2 * DAY)
    assert reminders(world) == [reminder]


async def test_a_reminder_survives_a_restart_and_is_not_sent_twice(world: World) -> None:
    await open_with_due(world, "3-days")
    await world.restart()
    await world.env.advance_time(3 * DAY)
    assert len(reminders(world)) == 1
    await world.restart()
    await world.env.advance_time(HOUR)
    assert len(reminders(world)) == 1


async def test_a_changed_due_time_brings_no_second_reminder(world: World) -> None:
    await open_with_due(world, "3-days")
    await world.env.advance_time(3 * DAY)
    assert len(reminders(world)) == 1
    status = await world["Lena"].slash(world.channel, "signoff status", piece="Harbour 30s")
    changed = await world["Lena"].select(answer(status), ["week"])
    assert "No reminder goes out any more" in text_of(changed)
    await world.env.advance_time(8 * DAY)
    assert len(reminders(world)) == 1


async def test_nobody_is_reminded_of_what_needs_no_name(world: World) -> None:
    cleared = await open_with_due(world, "3-days")
    await world["Mara"].click(cleared, label="Yes, I sign")
    refused = await open_with_due(world, "3-days", piece="Teaser", signers=world["Mara"].mention)
    await world["Mara"].click(refused, label="Not yet")
    await open_with_due(world, "3-days", piece="Titles", signers=world["Mara"].mention)
    await open_signoff(world, piece="Titles", cut=4, signers=world["Mara"].mention)
    never = await open_with_due(world, "3-days", piece="Trailer", signers=world["Mara"].mention)
    status = await world["Lena"].slash(world.channel, "signoff status", piece="Trailer")
    await world["Lena"].select(answer(status), ["never"])
    await world.env.advance_time(6)
    assert "· due <t:" not in words_of(never)
    await world.env.advance_time(8 * DAY)
    assert reminders(world) == []


async def test_what_is_due_within_a_day_leaves_time_to_answer_the_card_first(world: World) -> None:
    await until(world, hour=12)
    await open_with_due(world, "today")
    assert reminders(world) == []
    await world.env.advance_time(HOUR)
    assert len(reminders(world)) == 1


async def test_with_an_hour_left_nobody_is_reminded(world: World) -> None:
    await until(world, hour=23)
    await open_with_due(world, "today")
    await world.env.advance_time(2 * DAY)
    assert reminders(world) == []


async def test_the_opener_is_reminded_when_only_the_client_has_to_be_told(world: World) -> None:
    await set_policy(world, "*", world.production.departments["Direction"].mention, disclosure=True)
    form = await open_form(world, signers="")
    opened = await world["Lena"].submit_modal(form, FORM | {"told": "not-known"})
    await world["Lena"].select(opened.followups[-1], ["3-days"])
    await world["Mara"].click(answer(opened), label="Yes, I sign")
    await world.env.advance_time(3 * DAY)
    (reminder,) = reminders(world)
    assert reminder.content.startswith(f"{world['Lena'].mention} the client has still to be told")


async def test_only_the_opener_and_moderators_are_offered_a_due_time(world: World) -> None:
    await open_signoff(world)
    for person, offered in (("Lena", True), ("Jonas", True), ("Mara", False)):
        status = await world[person].slash(world.channel, "signoff status", piece="Harbour 30s")
        kinds = [item["type"] for row in answer(status).components for item in row["components"]]
        assert (3 in kinds) is offered


async def until(world: World, *, hour: int, days: int = 0) -> None:
    """Let time pass until a few seconds after that hour, UTC, so many days on."""
    now = world.env.now()
    seconds = ((hour - now.hour) % 24) * HOUR - now.minute * 60 - now.second + 5
    await world.env.advance_time(days * DAY + seconds)


async def test_a_refused_reminder_is_tried_again_and_does_not_hold_up_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await open_with_due(world, "3-days")
    await open_with_due(world, "3-days", piece="Teaser", signers=world["Ines"].mention)
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    await until(world, hour=18, days=2)
    assert [world["Ines"].mention in message.content for message in reminders(world)] == [True]
    assert "reminding of sign-off 2 failed" in caplog.text
    await world.env.advance_time(2 * 60)
    assert len(reminders(world)) == 2


async def test_a_channel_that_is_closed_to_the_bot_costs_one_try(world: World) -> None:
    await open_with_due(world, "3-days")
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50001)
    await world.env.advance_time(3 * DAY)
    assert reminders(world) == []
