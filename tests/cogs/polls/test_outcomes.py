"""Outcomes as a crew meets them: the card of a closed poll, recording it, where it is posted."""

from typing import Any

import pytest
import simcord
from simcord.results import ResponseMessage

from domain.polls.outcomes import PollOutcome
from sandbox.crew import Production
from tests.cogs.polls.acts import EXECUTION, JUDGMENT, TASK, answer, field_of, labels_of, open_poll, redrawn, vote
from tests.world import World, text_of, words_of

DECIDES, LOGGED = "Who decides from here", "Decision log"
DISSENT = "Dissent, kept with the verdict"


async def close_poll(world: World, *, poll: int = 1, **options: Any) -> ResponseMessage:
    """Let Lena close a poll that three people gave to AI; return the outcome in the channel."""
    ballot = await open_poll(world, **options)
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    return answer(await world["Lena"].slash(world.channel, "poll close", poll=poll))


def newest(world: World) -> Any:
    """Return the newest message in the crew's channel."""
    return world.channel.last_message


async def record(world: World, card: ResponseMessage, name: str = "Lena", **values: Any) -> simcord.InteractionResult:
    """Press Record outcome and send the form; Mara decides if nobody else is picked."""
    form = await world[name].click(card, label="Record outcome")
    return await world[name].submit_modal(form, {"decider": [world["Mara"]]} | values)


async def outcome(world: World, poll_id: int = 1) -> PollOutcome:
    found = await world.bot.stores.polls.outcome(world.guild_id, poll_id)
    assert found is not None
    return found


async def decisions_channel(world: World) -> Any:
    delivery = world.production.channels["delivery"]
    await world["Jonas"].slash(world.channel, "settings set", **{"decisions-channel": delivery})
    return delivery


def outcomes_in(channel: Any) -> list[Any]:
    """Return the outcomes that the bot posted, without the log's anchors in the same channel."""
    return [
        message
        for message in channel.history()
        if message.interaction_metadata is None and not message.content.startswith("⚓")
    ]


async def test_an_outcome_shows_its_place_in_the_log_and_who_is_still_to_decide(world: World) -> None:
    card = await close_poll(world)
    entry = (await outcome(world)).entry
    assert entry is not None
    assert field_of(card, LOGGED).startswith(f"Entry {entry.seq} · `{entry.receipt}` · [ballot](https://discord.com/")
    assert "Nobody yet" in field_of(card, DECIDES)
    assert labels_of(card) == ["Record outcome"]


async def test_dissent_stays_visible_apart_from_the_other_reasons(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION)
    for name, label, reason in (
        ("Ravi", JUDGMENT, "The pauses carry the joke"),
        ("Sam", EXECUTION, "It is only a first pass"),
    ):
        receipt = await world[name].click(ballot, label=label)
        form = await world[name].click(answer(receipt), label="Add reason")
        await world[name].submit_modal(form, {"reason": reason})
    card = answer(await world["Lena"].slash(world.channel, "poll close", poll=1))
    assert field_of(card, DISSENT) == f"**{JUDGMENT}** · {world['Ravi'].mention}: The pauses carry the joke"
    assert field_of(card, "Reasons") == f"**{EXECUTION}** · {world['Sam'].mention}: It is only a first pass"


async def test_recording_names_who_decides_and_redraws_every_card(world: World) -> None:
    ballot = await open_poll(world, closes="1h")
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    await world.env.advance_time(3601)
    typed = {"conditions": "Wide shots, *no* faces", "note": "Ask again on set", "review": "in 3 months"}
    receipt = await record(world, newest(world), **typed)
    assert receipt.ephemeral
    entry = (await outcome(world)).entry
    assert entry is not None
    assert f"as entry {entry.seq}" in text_of(receipt)
    assert f"`{entry.receipt}`" in text_of(receipt)
    await redrawn(world)
    for card in (ballot, newest(world)):
        decides = field_of(card, DECIDES)
        assert "**Mara Lindqvist** decides." in decides
        assert "**Conditions:** Wide shots, \\*no\\* faces" in decides
        assert "**Note:** Ask again on set" in decides
        assert "looked at again <t:" in decides
    assert labels_of(ballot) == ["Record outcome"]


async def test_the_person_who_records_decides_unless_somebody_else_is_picked(world: World) -> None:
    card = await close_poll(world)
    await record(world, card, decider=[world["Lena"]])
    recorded = await outcome(world)
    assert recorded.decider is not None
    assert (recorded.decider.name, recorded.decider.roles) == ("Lena Vogt", ("Editorial",))
    assert recorded.review_at is None


async def test_recording_again_starts_from_the_last_record_and_overwrites_nothing(world: World) -> None:
    card = await close_poll(world)
    await record(world, card, conditions="Wide shots")
    form = await world["Jonas"].click(card, label="Record outcome")
    assert form.modal is not None
    fields = {row["component"]["custom_id"]: row["component"] for row in form.modal["components"]}
    assert fields["conditions"]["value"] == "Wide shots"
    assert [int(user["id"]) for user in fields["decider"]["default_values"]] == [world["Mara"].id]
    assert list(fields) == ["decider", "conditions", "review", "note"]
    again = await world["Jonas"].submit_modal(form, {"decider": [world["Ines"]]})
    assert "takes the place of entry 2" in text_of(again)
    entries = (await world.bot.stores.decisions.entries(world.guild_id)).entries
    assert [entry.refs for entry in entries] == [{"supersedes": [2]}, {"supersedes": [1]}, {}]


async def test_only_the_opener_and_moderators_record(world: World) -> None:
    card = await close_poll(world)
    refused = await world["Gus"].click(card, label="Record outcome")
    assert refused.ephemeral
    assert "Only whoever opened poll 1, or a moderator, records its outcome." in text_of(refused)
    await world["Jonas"].slash(world.channel, "settings set", moderators=world.production.departments["Lighting"])
    assert "Recorded for poll 1" in text_of(await record(world, card, "Gus"))


async def test_losing_the_role_while_the_form_is_open_records_nothing(world: World) -> None:
    card = await close_poll(world)
    lighting = world.production.departments["Lighting"]
    await world["Jonas"].slash(world.channel, "settings set", moderators=lighting)
    form = await world["Gus"].click(card, label="Record outcome")
    await world["Jonas"].slash(world.channel, "settings set", moderators=world.production.departments["Sound"])
    refused = await world["Gus"].submit_modal(form, {"decider": [world["Gus"]]})
    assert "Nothing was recorded" in text_of(refused)
    assert not (await outcome(world)).is_recorded


async def test_an_open_form_survives_a_restart(world: World) -> None:
    form = await world["Lena"].click(await close_poll(world), label="Record outcome")
    await world.restart()
    await world["Lena"].submit_modal(form, {"decider": [world["Mara"]]})
    assert (await outcome(world)).is_recorded


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"review": "when it rains"}, "I could not read when"),
        ({"review": "2020-01-01"}, "over or has begun"),
        ({"review": "in 9 years"}, "Five years is the most"),
    ],
)
async def test_what_cannot_be_recorded_is_said(world: World, values: dict[str, str], words: str) -> None:
    refused = await record(world, await close_poll(world), **values)
    assert refused.ephemeral
    assert words in text_of(refused)
    assert not (await outcome(world)).is_recorded


async def test_a_bot_decides_nothing(world: World) -> None:
    card = await close_poll(world)
    helper = world.production.guild.add_member(world.env.create_user("helper", bot=True))
    assert "is a bot" in text_of(await record(world, card, decider=[helper]))


async def test_a_later_poll_on_the_task_supersedes_the_earlier_on_both_cards(world: World) -> None:
    first = await open_poll(world)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    card = await close_poll(world, poll=2, task=TASK.upper())
    assert "Takes the place of poll 1." in words_of(card)
    await redrawn(world)
    assert "Superseded by poll 2" in words_of(first)
    refused = await world["Lena"].click(first, label="Record outcome")
    assert "poll 2 took its place" in text_of(refused)


async def test_another_verdict_can_be_chosen_to_be_replaced(world: World) -> None:
    await close_poll(world, task="Clean up the location sound")
    card = await close_poll(world, poll=2, task="Denoise the dialogue")
    form = await world["Lena"].click(card, label="Record outcome")
    assert form.modal is not None
    [*_, replaces] = form.modal["components"]
    assert [option["label"] for option in replaces["component"]["options"]] == ["Poll 1 · Clean up the location sound"]
    await world["Lena"].submit_modal(form, {"decider": [world["Lena"]], "replaces": ["1"]})
    assert (await outcome(world, 1)).superseded_by == 2


async def test_outcomes_are_posted_to_the_decisions_channel_once(world: World) -> None:
    delivery = await decisions_channel(world)
    await world.env.advance_time(5)
    card = await close_poll(world)
    await world.env.advance_time(5)
    await world.restart()
    await world.env.advance_time(5)
    [posted] = outcomes_in(delivery)
    assert TASK in words_of(posted)
    assert "3 to 0 for AI" in words_of(posted)
    assert f"/{world.guild_id}/{world.channel.id}/" in words_of(posted)
    await record(world, card, conditions="Wide shots")
    await world.env.advance_time(5)
    assert "**Conditions:** Wide shots" in words_of(outcomes_in(delivery)[-1])
    assert len(outcomes_in(delivery)) == 2


async def test_the_channel_of_a_poll_is_not_told_twice(world: World) -> None:
    await world["Jonas"].slash(world.channel, "settings set", **{"decisions-channel": world.channel})
    await open_poll(world, closes="1h")
    await world.env.advance_time(3605)
    assert len(outcomes_in(world.channel)) == 1


async def test_what_could_not_be_posted_is_posted_later(world: World) -> None:
    delivery = await decisions_channel(world)
    await world.env.advance_time(5)
    world.env.inject_error("POST", f"/channels/{delivery.id}/messages", status=500)
    await close_poll(world)
    await world.env.advance_time(120)
    assert len(outcomes_in(delivery)) == 1


async def test_another_server_records_nothing_here(world: World) -> None:
    await close_poll(world)
    other = Production.create(world.env, "Another film")
    mara, channel = other.person("Mara"), other.channels["crew"]
    await mara.slash(channel, "poll open", task="Their own")
    theirs = answer(await mara.slash(channel, "poll close", poll=1))
    form = await mara.click(theirs, label="Record outcome")
    await mara.submit_modal(form, {"decider": [mara]})
    assert not (await outcome(world)).is_recorded
    assert (await world.bot.stores.decisions.head(other.guild.id))[0] == 2
