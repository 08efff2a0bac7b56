"""Voids, corrections, anchors and the owner's purge, through the real bot in a simulated Discord."""

import io
import re

import simcord
from simcord import MemberActor
from simcord.results import ResponseMessage

from db.settings import SettingsStore
from domain.proof.reports import Integrity
from domain.proof.verifier import verify_file, verify_lines
from domain.settings import Settings
from tests.cogs.polls.test_outcomes import close_poll
from tests.cogs.signoffs.acts import labels_of, open_signoff
from tests.world import World, text_of, words_of

SPAM = "Opened in the wrong server"
HOUR = 3600


def answer(result: simcord.InteractionResult) -> ResponseMessage:
    """Return what the bot answered after it had said that it was working on it."""
    message = result.followups[0] if result.followups else result.response
    assert message is not None, "the bot did not answer"
    return message


async def void(world: World, entry: int) -> simcord.InteractionResult:
    """Let the producer use `/decision-log void`."""
    return await world["Jonas"].slash(world.channel, "decision-log void", entry=entry, reason=SPAM)


async def anchors(world: World) -> list[str]:
    """Return the messages in the decisions channel, oldest first."""
    return [message.content for message in world.production.channels["delivery"].history() if "⚓" in message.content]


async def use_channel(world: World) -> None:
    """Set the delivery channel as the one for decisions."""
    channel_id = world.production.channels["delivery"].id
    await SettingsStore(world.database).change(world.guild_id, lambda _: Settings(decisions_channel_id=channel_id))


def owner_of(world: World) -> MemberActor:
    """Return the owner of the server."""
    guild = world.production.guild
    return MemberActor(world.env, guild, guild.owner)


async def test_a_void_sign_off_says_so_on_its_card_and_in_the_history(world: World) -> None:
    card = await open_signoff(world)
    told = await void(world, 2)
    assert told.ephemeral
    assert "The sign-off is over." in text_of(told)
    await world.env.advance_time(10)
    assert "void" in words_of(card)
    assert labels_of(card) == ["History"]
    history = text_of(await world["Gus"].slash(world.channel, "signoff history"))
    assert "🚫 Marked entry 2 as void" in history
    assert "Asked for names · 🚫 void (entry 3)" in history
    assert SPAM in history
    assert "void" in text_of(await world["Gus"].slash(world.channel, "signoff status", piece="Harbour 30s"))


async def test_a_void_answer_leaves_its_place_empty_and_the_card_says_why(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    await void(world, 3)
    await world.env.advance_time(10)
    assert "A moderator marked entry 3 as void" in words_of(card)
    assert "Who signs · 0 of 1" in words_of(card)


async def test_entries_are_suggested_by_number_piece_and_name(world: World) -> None:
    await open_signoff(world)
    jonas = world["Jonas"]
    for typed in ("2", "harbour", "lena"):
        found = await jonas.autocomplete(world.channel, "decision-log void", "entry", typed)
        assert [choice["value"] for choice in found] == [2], typed
    await void(world, 2)
    assert not list(await jonas.autocomplete(world.channel, "decision-log void", "entry", ""))


async def test_what_was_typed_can_be_erased_by_a_moderator_alone(world: World) -> None:
    card = await open_signoff(world)
    told = await void(world, 2)
    await world["Jonas"].click(answer(told), label="Erase its text too")
    assert "is erased; entry 4 accounts for it" in text_of(told)
    await world.env.advance_time(10)
    assert "Harbour 30s" not in words_of(card)


async def test_the_history_shows_a_mark_on_the_outcome_of_a_poll(world: World) -> None:
    await close_poll(world)
    await void(world, 1)
    assert "🚫 Marked entry 1 as void\n" in text_of(await world["Gus"].slash(world.channel, "signoff history"))


async def test_the_opener_corrects_a_slip_from_the_history(world: World) -> None:
    card = await open_signoff(world)
    history = await world["Lena"].click(card, label="History")
    form = await world["Lena"].click(answer(history), label="Correct")
    slate = {"piece": "Harbour 60s", "cut": "4", "link": "https://example.com/4", "tools": "Runway 4"}
    told = await world["Lena"].submit_modal(form, slate)
    assert "Corrected, as entry 3" in text_of(told)
    await world.env.advance_time(10)
    assert "**Harbour 60s**, cut 4" in words_of(card)
    assert "entry 3 says this, entry 2 what stood here before" in words_of(card)
    again = await world["Lena"].click(answer(await world["Lena"].click(card, label="History")), label="Correct")
    refused = await world["Lena"].submit_modal(again, {**slate, "cut": "four"})
    assert "The cut is a number" in text_of(refused)


async def test_only_the_opener_is_offered_a_correction_and_only_until_an_answer(world: World) -> None:
    card = await open_signoff(world)
    assert "Correct" not in labels_of(answer(await world["Gus"].click(card, label="History")))
    status = await world["Lena"].slash(world.channel, "signoff status", piece="Harbour 30s")
    assert "Correct" in labels_of(answer(status))
    await world["Mara"].click(card, label="Yes, I sign")
    assert "Correct" not in labels_of(answer(await world["Lena"].click(card, label="History")))


async def test_a_log_is_anchored_once_a_day_and_only_when_something_is_new(world: World) -> None:
    await open_signoff(world)
    await world.env.advance_time(2 * HOUR)
    assert await anchors(world) == [], "no channel is named"
    await use_channel(world)
    await world.env.advance_time(2 * HOUR)
    [first] = await anchors(world)
    assert "Log of this server: 2 entries" in first
    await world.env.advance_time(72 * HOUR)
    assert await anchors(world) == [first], "an anchor is nothing new"
    await open_signoff(world, cut=4)
    await world.env.advance_time(2 * HOUR)
    await open_signoff(world, cut=5)
    await world.env.advance_time(20 * HOUR)
    assert len(await anchors(world)) == 2
    await world.restart()
    await world.env.advance_time(10 * HOUR)
    assert len(await anchors(world)) == 3


async def test_an_export_is_anchored_and_the_anchor_pins_it(world: World) -> None:
    await use_channel(world)
    await open_signoff(world)
    await world["Jonas"].slash(world.channel, "decision-log export", format="csv")
    await world.env.settle()
    [anchor] = await anchors(world)
    found = re.search(r"`(\d+:[0-9a-f]{12})`", anchor)
    assert found is not None
    await world.env.advance_time(61)
    later = await world["Jonas"].slash(world.channel, "decision-log export", format="jsonl")
    data = await answer(later).message.attachments[0].read()
    report = verify_lines(data.splitlines(), [found[1]])
    assert (report.status, report.pinned_to) == (Integrity.INTACT_PINNED, 3)


async def test_a_lost_channel_is_skipped_quietly(world: World) -> None:
    await SettingsStore(world.database).change(world.guild_id, lambda _: Settings(decisions_channel_id=424242))
    await open_signoff(world)
    await world.env.advance_time(30 * HOUR)
    assert (await world.bot.stores.decisions.head(world.guild_id))[0] == 2
    assert "<#424242>" in text_of(await world["Jonas"].slash(world.channel, "settings show"))


async def test_the_owner_alone_purges_and_gets_a_last_export_first(world: World) -> None:
    await open_signoff(world)
    assert "Only the owner" in text_of(await world["Jonas"].slash(world.channel, "decision-log purge"))
    owner = owner_of(world)
    form = await owner.slash(world.channel, "decision-log purge")
    slip = await owner.submit_modal(form, {"name": "Harbour"})
    assert "not the name of this server" in text_of(slip)
    assert (await world.bot.stores.decisions.head(world.guild_id))[0] == 2
    form = await owner.slash(world.channel, "decision-log purge")
    done = await owner.submit_modal(form, {"name": " harbour lights (COMMERCIAL)"})
    assert done.response is not None
    [last, words] = [done.response, *done.followups]
    data = await last.message.attachments[0].read()
    report = verify_file(io.BytesIO(data))
    assert (report.total, report.fault) == (2, None)
    assert "All records of this server are deleted: 2 entries" in words.content
    assert await world.bot.stores.servers.known() == set()
    kept = await world.bot.stores.servers.purged(report.log)
    assert kept is not None
    assert kept.entries == 2
    checked = await world["Jonas"].slash(world.channel, "decision-log verify", file=("log.zip", data))
    assert "those the bot remembers" in words_of(answer(checked))


async def test_a_server_without_a_log_is_purged_without_an_export(world: World) -> None:
    await use_channel(world)
    owner = owner_of(world)
    form = await owner.slash(world.channel, "decision-log purge")
    done = await owner.submit_modal(form, {"name": world.production.guild.name})
    assert not done.followups
    assert "All records of this server are deleted: 0 entries" in text_of(done)
    assert await world.bot.stores.servers.known() == set()


async def test_buttons_of_purged_cards_answer_in_words(world: World) -> None:
    card = await open_signoff(world)
    await world.bot.stores.servers.purge(world.guild_id, world.env.now())
    assert "no sign-off 2" in text_of(await world["Mara"].click(card, label="Yes, I sign"))
