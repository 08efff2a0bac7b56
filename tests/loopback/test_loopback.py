"""The loopback server, proved with a small real discord.py bot in another process."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from . import BotProcess, Channel, Guild, Kind, Loopback, Member
from .discord.gateway import Op
from .discord.options import Unusable

PROBE = (sys.executable, "-m", "tests.loopback.probe_bot")


@pytest.fixture
async def bot(discord: Loopback, channel: Channel, tmp_path: Path) -> AsyncIterator[BotProcess]:
    async with BotProcess(discord, tmp_path, command=PROBE) as process:
        yield process


async def test_a_poll_is_opened_voted_on_and_explained(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut", voters=gaffer.roles[0])
    assert (poll.kind, poll.content, poll.ephemeral) == (Kind.MESSAGE, "no votes", False)
    assert poll.embeds[0]["title"] == "Rough cut"
    assert poll.embeds[0]["description"] == "Lighting"
    vote = await discord.press(gaffer, poll.message, label="Judgment")
    assert (vote.kind, vote.content) == (Kind.UPDATE, "latest vote: judgment")
    assert discord.messages(channel) == [vote.message]
    why = await discord.press(gaffer, poll.message, custom_id="probe:why")
    assert why.kind is Kind.MODAL
    because = await discord.submit(gaffer, why, {"reason": "the grain"})
    assert (because.content, because.ephemeral, because.missed) == ("Because the grain", True, False)
    assert 0 < because.latency < 3


async def test_typing_brings_choices(discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel) -> None:
    reply = await discord.autocomplete(gaffer, channel, "ask", "question", "why")
    assert reply.kind is Kind.CHOICES
    assert [choice["name"] for choice in reply.choices] == ["why 0", "why 1", "why 2"]


async def test_files_travel_both_ways_in_a_deferred_answer(
    discord: Loopback, bot: BotProcess, producer: Member, channel: Channel
) -> None:
    reply = await discord.slash(producer, channel, "log", file=discord.file("in.csv", b"entry\n" * 9_000))
    assert (reply.kind, reply.ephemeral) == (Kind.DEFERRED, True)
    await reply.finished()
    assert [(file.filename, len(file.data)) for file in reply.files] == [("log.csv", 108_000)]
    followups = await reply.followed()
    assert [(one.content, one.ephemeral) for one in followups] == [("And that is all", True)]
    await reply.bell.until(lambda: reply.content == "Done", "the edit")
    assert len(reply.files) == 1


async def test_a_message_command_sees_the_message_and_deletes_its_answer(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    said = channel.say(gaffer, "Trailer v3")
    reply = await discord.menu(gaffer, channel, "Sign off", said)
    assert reply.content == "Sign Trailer v3?"
    message = reply.message
    await reply.bell.until(lambda: message is not None and message.deleted, "the deletion")
    assert discord.messages(channel) == [said]


async def test_channel_messages_are_posted_edited_and_read(
    discord: Loopback, bot: BotProcess, gaffer: Member, guild: Guild, channel: Channel
) -> None:
    reply = await discord.slash(gaffer, channel, "post", where=channel, text="Wrap")
    await reply.finished()
    assert reply.content == "Wrap (edited)"
    assert [(one.content, one.edits) for one in discord.messages(channel)] == [("Wrap (edited)", 1)]


async def test_the_client_offers_nothing_that_discords_would_not(
    discord: Loopback, bot: BotProcess, gaffer: Member, producer: Member, channel: Channel
) -> None:
    with pytest.raises(Unusable, match="does not see /log"):
        await discord.slash(gaffer, channel, "log", file=discord.file("a", b"1"))
    with pytest.raises(Unusable, match="missing: task"):
        await discord.slash(gaffer, channel, "poll open")
    with pytest.raises(Unusable, match="does not fit"):
        await discord.slash(gaffer, channel, "poll open", task=3)
    with pytest.raises(Unusable, match="no such command"):
        await discord.slash(gaffer, channel, "poll shut")
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    with pytest.raises(Unusable, match="does not offer"):
        await discord.press(gaffer, poll.message, label="Sign")
    why = await discord.press(gaffer, poll.message, label="Why")
    with pytest.raises(Unusable, match="30 characters"):
        await discord.submit(gaffer, why, {"reason": "x" * 30})
    secret = await discord.slash(gaffer, channel, "ask", question="why?")
    with pytest.raises(Unusable, match="Producer does not see this message"):
        await discord.press(producer, secret.message, label="Vote")


async def test_an_answer_after_three_seconds_is_missed_and_refused(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    reply = await discord.slash(gaffer, channel, "slow")
    assert (reply.missed, reply.kind) == (True, Kind.MISSED)
    late = await discord.slash(gaffer, channel, "ask", question="still there?")
    assert not late.missed
    await discord.until(lambda: discord.messages(channel), "the bot's word on it")
    assert [one.content for one in discord.messages(channel)] == ["too late: 10062"]


async def test_a_body_over_a_limit_is_refused_and_remembered(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    reply = await discord.slash(gaffer, channel, "wrong")
    assert reply.content == "refused: 50035"
    assert [words.split(": ", 1)[1] for words in discord.violations] == ["data.embeds[0].fields[0].value: is empty"]
    discord.violations.clear()


async def test_missed_events_come_after_a_dropped_connection(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    await discord.gateway.drop()
    reply = await discord.slash(gaffer, channel, "ask", question="heard?")
    assert reply.content == "heard?"
    assert discord.gateway.seen["RESUME"] == 1
    await discord.gateway.ask_to_reconnect()
    await discord.gateway.happened(Op.RESUME, 2)
    await discord.gateway.invalidate(resumable=True)
    await discord.gateway.happened(Op.RESUME, 3)
    await discord.gateway.close(4000)
    await discord.gateway.happened(Op.RESUME, 4)
    assert discord.gateway.seen["IDENTIFY"] == 1
    assert not (await discord.slash(gaffer, channel, "ask", question="and now?")).missed


async def test_two_shards_each_serve_their_servers_and_one_identifies_anew(tmp_path: Path) -> None:
    async with Loopback(shards=2) as discord:
        guilds = [discord.add_guild("Night Shoot"), discord.add_guild("Pick-ups")]
        people = [(guild.add_member("Gaffer"), guild.add_channel("crew")) for guild in guilds]
        async with BotProcess(discord, tmp_path, command=PROBE):
            assert discord.gateway.seen["IDENTIFY"] == 2
            asked = [discord.slash(*person, "ask", question=person[0].guild.name) for person in people]
            assert [reply.content for reply in await asyncio.gather(*asked)] == ["Night Shoot", "Pick-ups"]
            await discord.gateway.invalidate(resumable=False, shard=1)
            await discord.gateway.happened(Op.IDENTIFY, 3)
            assert (await discord.slash(*people[1], "ask", question="back?")).content == "back?"


@pytest.mark.parametrize("everywhere", [False, True], ids=["a route", "everywhere"])
async def test_a_rate_limited_request_is_repeated(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel, *, everywhere: bool
) -> None:
    discord.faults.rate_limit("POST", "/channels/*/messages", everywhere=everywhere, retry_after=0.05)
    discord.faults.rate_limit("POST", "/interactions/*/callback", everywhere=everywhere, retry_after=0.05)
    reply = await discord.slash(gaffer, channel, "post", where=channel, text="Wrap")
    assert reply.latency > 0.05
    await reply.finished()
    assert [one.content for one in discord.messages(channel)] == ["Wrap (edited)"]
    assert len(discord.faults.struck) == 2


async def test_a_broken_route_and_a_hanging_one_are_survived(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    discord.faults.break_down("POST", "/channels/*/messages", status=502)
    discord.faults.hang("PATCH", "/channels/*/messages/*")
    reply = await discord.slash(gaffer, channel, "post", where=channel, text="Wrap")
    asked = await discord.slash(gaffer, channel, "ask", question="meanwhile?")
    assert asked.content == "meanwhile?"
    assert reply.loading
    discord.faults.release()
    await reply.finished()
    assert reply.content == "Wrap (edited)"


async def test_old_buttons_answer_after_kill_and_restart(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    await bot.kill()
    first = discord.registry.registrations
    await bot.start()
    vote = await discord.press(gaffer, poll.message, custom_id="probe:vote:judgment")
    assert vote.content == "latest vote: judgment"
    assert discord.registry.registrations == first + 1
    assert await bot.terminate() == 0


async def test_a_crowd_that_presses_at_once_is_answered_one_by_one(
    discord: Loopback, bot: BotProcess, guild: Guild, gaffer: Member, channel: Channel
) -> None:
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    crowd = [guild.add_member(f"Extra {number}") for number in range(300)]
    replies = await asyncio.gather(*(discord.press(person, poll.message, label="Judgment") for person in crowd))
    assert [reply.kind for reply in replies] == [Kind.UPDATE] * 300
    assert poll.message is not None
    assert poll.message.edits == 300


async def test_presses_cut_off_by_a_kill_are_missed_and_later_ones_are_not(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    message = poll.message
    assert message is not None
    presses = asyncio.gather(*(discord.press(gaffer, message, label="Judgment") for _ in range(500)))
    await discord.until(lambda: message.edits >= 20, "some answers")
    await bot.kill()
    acknowledged = message.edits
    await bot.start()
    assert not (await discord.press(gaffer, message, label="Judgment")).missed
    replies = await presses
    assert sum(not reply.missed for reply in replies) == acknowledged < 500


async def test_a_program_that_does_not_get_ready_says_why(discord: Loopback, tmp_path: Path) -> None:
    process = BotProcess(discord, tmp_path, command=PROBE, env={"DISCORD_TOKEN": "of someone else"})
    with pytest.raises(RuntimeError, match="401"):
        await process.start()


async def test_a_person_brings_the_bot_where_it_was_not_added(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel
) -> None:
    await discord.remove_bot(gaffer.guild)
    with pytest.raises(Unusable, match="no such command"):
        await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    gaffer.brings_bot = True
    poll = await discord.slash(gaffer, channel, "poll open", task="Rough cut")
    assert poll.owners == {"1": f"{gaffer.id}"}
    passer_by = gaffer.guild.add_member("Passer-by")
    assert (await discord.press(passer_by, poll.message, label="Judgment")).owners == {"1": f"{gaffer.id}"}
    await discord.invite(gaffer.guild)
    asked = await discord.slash(gaffer, channel, "ask", question="Here?")
    assert asked.owners == {"0": f"{gaffer.guild.id}", "1": f"{gaffer.id}"}


@pytest.mark.parametrize("limits", [{"integration_types": [0]}, {"contexts": [1]}], ids=["for servers", "for messages"])
async def test_a_command_is_offered_only_where_it_says(
    discord: Loopback, bot: BotProcess, gaffer: Member, channel: Channel, limits: dict[str, list[int]]
) -> None:
    gaffer.brings_bot, gaffer.guild.invited = True, False
    next(one for one in discord.commands if one["name"] == "ask").update(limits)
    with pytest.raises(Unusable, match="no such command"):
        await discord.slash(gaffer, channel, "ask", question="Here?")
    discord.outdated = True
    assert (await discord.slash(gaffer, channel, "ask", question="Here?")).content == "Here?"
