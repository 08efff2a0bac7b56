"""Exporting one's data and being erased, through the real bot in a simulated Discord."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Any

import discord
import pytest
import simcord
from simcord.builders import UserHandle
from simcord.results import ResponseMessage

from db.export.log_reader import LogReader
from db.settings import SettingsStore
from domain.settings import Settings
from sandbox.crew import Production
from tests.cogs.patience import eventually
from tests.cogs.signoffs.acts import open_signoff
from tests.db.my_data.remains import remains
from tests.world import World, text_of, words_of

WHY = "The lighthouse blinks twice in shot nine"
HOUR = 3600


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return what the bot answered after it had said that it was working on it."""
    message = result.followups[0] if result.followups else result.response
    assert message is not None, "the bot did not answer"
    return message


async def use_channel(world: World) -> None:
    """Set the delivery channel as the one for decisions."""
    channel_id = world.production.channels["delivery"].id
    await SettingsStore(world.database).change(world.guild_id, lambda _: Settings(decisions_channel_id=channel_id))


async def refuse(world: World) -> ResponseMessage:
    """Let Mara answer a sign-off with a reason; return the card."""
    card = await open_signoff(world)
    pressed = await world["Mara"].click(card, label="Not yet")
    form = await world["Mara"].click(answer(pressed), label="Add why")
    await world["Mara"].submit_modal(form, {"reason": WHY})
    await world.env.advance_time(10)
    return card


async def erase(world: World, name: str, scope: str = "server") -> simcord.InteractionResult:
    """Use `/my-data erase` and confirm it."""
    asked = await world[name].slash(world.channel, "my-data erase", scope=scope)
    assert asked.ephemeral
    label = "Erase me everywhere" if scope == "all" else "Erase me in this server"
    await world[name].click(answer(asked), label=label)
    return asked


async def export(world: World, name: str, scope: str = "server") -> Any:
    """Return the JSON of `/my-data export`, or None."""
    result = await world[name].slash(world.channel, "my-data export", scope=scope)
    assert result.ephemeral
    attachments = answer(result).message.attachments
    return json.loads(await attachments[0].read()) if attachments else None


async def gone_from_disk(world: World) -> bool:
    """Return whether no byte of Mara is left."""
    return remains(world.database.path, "Mara Lindqvist", WHY, person_id=world["Mara"].id) == []


async def test_nothing_goes_before_it_is_confirmed(world: World) -> None:
    await refuse(world)
    asked = await world["Mara"].slash(world.channel, "my-data erase")
    words = text_of(asked)
    assert "Goes" in words
    assert "Stays" in words
    assert await export(world, "Mara") is not None


async def test_an_erased_person_is_gone_from_the_card_the_log_and_the_disk(world: World) -> None:
    card = await refuse(world)
    assert WHY in words_of(card)
    asked = await erase(world, "Mara")
    assert "you are gone from 3 entries of the log" in text_of(asked)
    await world.env.advance_time(70)
    assert "(erased)" in words_of(card)
    for gone in (WHY, "Mara", world["Mara"].mention):
        assert gone not in words_of(card)
    await eventually(world, lambda: gone_from_disk(world))
    report = await world.bot.stores.exports.read(world.guild_id, LogReader.verify)
    assert report.fault is None
    assert await export(world, "Mara") is None


async def test_a_ballot_forgets_reason_hold_and_vote(world: World) -> None:
    opened = await world["Gus"].slash(world.channel, "poll open", task="Replace the sky")
    ballot = answer(opened)
    voted = await world["Mara"].click(ballot, label="Human judgment")
    form = await world["Mara"].click(answer(voted), label="Add reason")
    await world["Mara"].submit_modal(form, {"reason": WHY})
    form = await world["Mara"].click(ballot, label="Hold")
    await world["Mara"].submit_modal(form, {"reason": WHY})
    await world.env.advance_time(10)
    assert WHY in words_of(ballot)
    await erase(world, "Mara")
    await world.env.advance_time(70)
    assert WHY not in words_of(ballot)
    assert world["Mara"].mention not in words_of(ballot)
    assert (await world.bot.stores.polls.get(world.guild_id, 1)).tally.turnout == 0


async def test_ones_data_names_ones_entries_votes_and_reasons(world: World) -> None:
    await refuse(world)
    data = await export(world, "Mara", scope="all")
    assert data["person"] == str(world["Mara"].id)
    [server] = data["servers"]
    assert server["server"] == str(world.guild_id)
    assert [entry["type"] for entry in server["entries"]] == ["decision", "decision"]
    assert server["entries"][1]["text"] == {"reason": WHY}
    assert [named["type"] for named in server["named_in"]] == ["request"]
    assert await export(world, "Ravi") is None


async def test_erasing_here_leaves_another_server_alone_and_everywhere_does_not(world: World) -> None:
    await refuse(world)
    other = Production.create(world.env, "Another film")
    mara = UserHandle(world.env, world.env.backend.get_user(world["Mara"].id))
    there = other.guild.add_member(mara)
    await there.slash(other.channels["crew"], "poll open", task="Replace the sky")
    assert len((await export(world, "Mara", scope="all"))["servers"]) == 2
    await erase(world, "Mara")
    [server] = (await export(world, "Mara", scope="all"))["servers"]
    assert server["server"] == str(other.guild.id)
    await erase(world, "Mara", "all")
    assert await export(world, "Mara", scope="all") is None


async def test_a_killed_bot_finishes_the_erasure_at_the_next_start(world: World) -> None:
    card = await refuse(world)
    await world.bot.stores.my_data.request_erasure([world.guild_id], world["Mara"].id, discord.utils.utcnow())
    await world.restart()

    async def redrawn() -> bool:
        await world.env.advance_time(5)
        return WHY not in words_of(card)

    await eventually(world, redrawn)
    assert await export(world, "Mara") is None
    assert await world.bot.stores.my_data.due() == []


async def test_moderators_learn_what_was_erased_and_who_holds_copies_but_not_whose_it_was(world: World) -> None:
    await use_channel(world)
    await refuse(world)
    await world["Jonas"].slash(world.channel, "decision-log export", format="csv")
    await erase(world, "Mara")
    channel = world.production.channels["delivery"]

    async def told() -> bool:
        return any("at a member's request" in words_of(message) for message in channel.history())

    await eventually(world, told)
    [notice] = [text for text in map(words_of, channel.history()) if "at a member's request" in text]
    assert "by Jonas Okafor" in notice
    assert "Mara" not in notice


async def test_a_server_that_removes_the_bot_is_purged_after_thirty_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    departures = import_module("cogs.my_data.departures")  # discord.py loads a feature again with every bot
    assert departures.KEEP_FOR.days == 30
    await refuse(world)
    other = Production.create(world.env, "Another film")
    store = world.bot.stores.servers
    world.env.backend.remove_guild(world.guild_id)
    await world.env.advance_time(HOUR)
    assert world.guild_id in await store.known()
    monkeypatch.setattr(departures, "KEEP_FOR", timedelta(hours=20))
    await world.env.advance_time(24 * HOUR)
    await eventually(world, lambda: gone_from_disk(world))
    assert await store.known() <= {other.guild.id}


async def test_a_removal_while_the_bot_was_away_is_noticed_and_an_outage_is_not_one(world: World) -> None:
    await refuse(world)
    store = world.bot.stores.servers
    far = discord.utils.utcnow() + timedelta(days=9999)
    await store.mark_left([world.guild_id], discord.utils.utcnow() - timedelta(days=31))
    await world.restart()
    await world.env.advance_time(10)
    assert await store.left_before(far) == [], "it is there after all"
    assert await world.bot.stores.signoffs.pieces(world.guild_id, "") == ["Harbour 30s"]
    world.bot.dispatch("guild_unavailable", world.bot.get_guild(world.guild_id))
    await world.env.settle()
    assert await store.left_before(far) == []


@pytest.mark.parametrize("scope", ["server", "all"])
async def test_erasing_where_nothing_is_kept_says_so(world: World, scope: str) -> None:
    assert "Nothing here names you" in text_of(await erase(world, "Ravi", scope))
    assert await world.bot.stores.decisions.head(world.guild_id) == (0, "0" * 64)
