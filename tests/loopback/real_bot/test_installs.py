"""Servers that did not add the bot: somebody brings it along in their own account, and nothing may be kept there."""

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest
from discord import Permissions

from bot.i18n import words as sentence
from tests.loopback import Channel, Kind, Member, Reply
from tests.loopback.discord.options import Unusable
from tests.loopback.discord.reply import Asked
from tests.loopback.process import REPOSITORY
from tests.loopback.real_bot.test_start import free_port
from tests.loopback.stage import Row, Stage, everything, posted, rows, stage

_LISTED = json.loads((REPOSITORY / "tests" / "bot" / "custom_ids.json").read_text(encoding="utf-8"))
CUSTOM_IDS = {name: next(iter(texts["made"])) for name, texts in _LISTED.items()}
"""A custom_id of each button, menu and form."""

LEFT = "SELECT guild_id FROM left_server"


def stranger_in(night: Stage) -> tuple[Member, Channel]:
    """Somebody who may do anything in a server without the bot, and has added it to their own account."""
    elsewhere = night.discord.add_guild("Another film", invited=False)
    stranger = elsewhere.add_member("Stranger", permissions=Permissions(administrator=True))
    stranger.brings_bot = True
    return stranger, elsewhere.add_channel("crew")


def stored(night: Stage) -> dict[str, list[Row]]:
    """All that is stored, but for when the host's own tasks last ran."""
    return {table: kept for table, kept in everything(night.database).items() if table != "app_state"}


async def left(night: Stage) -> list[Row]:
    """The servers that will be purged, once there are any."""
    found: list[Row] = []
    async with asyncio.timeout(30):
        while not found:
            await asyncio.sleep(0.05)
            found = rows(night.database, LEFT)
    return found


def refused(reply: Reply) -> bool:
    """Whether somebody was told, privately, that the bot was not added here."""
    return reply.kind is Kind.MESSAGE and reply.ephemeral and reply.content == sentence("command.not_invited")


async def act_everywhere(night: Stage, stranger: Member, channel: Channel) -> list[Reply]:
    """Use what an outdated client still offers: commands that write, and message commands."""
    discord, said = night.discord, channel.say(stranger, "Should AI cut out the extras?")
    replies = [
        await discord.slash(stranger, channel, "signoff open", piece="Harbour", cut=1, signers=f"<@{stranger.id}>"),
        await discord.slash(stranger, channel, "poll open", task="Rotoscope the extras"),
        await discord.slash(stranger, channel, "faq ask", question="Where do the trucks park?"),
        await discord.slash(stranger, channel, "settings set", timezone="Europe/Lisbon"),
        await discord.slash(stranger, channel, "decision-log policy", piece="*", signers=f"<@{stranger.id}>"),
        await discord.slash(stranger, channel, "help"),
    ]
    menus = ("Sign off", "Execution or judgment?", "Find FAQ answer")
    return [*replies, *[await discord.menu(stranger, channel, name, said) for name in menus]]


async def press_everything(night: Stage, stranger: Member, channel: Channel) -> list[Reply]:
    """Press each button, choose in each menu and send each form, as on messages from before."""
    card, replies = channel.say(stranger, "A card"), []
    for name, custom_id in CUSTOM_IDS.items():
        if name.endswith("Form"):
            modal = {"custom_id": custom_id, "title": name, "components": []}
            form = Reply(night.guild.new_id(), "", Asked.COMMAND, stranger, channel, modal=modal)
            replies.append(await night.discord.submit(stranger, form))
        else:
            values = ["timezone"] if name.endswith("Select") else []
            replies.append(await night.discord.press(stranger, card, custom_id=custom_id, values=values, forged=True))
    return replies


async def test_a_server_that_did_not_add_the_bot_is_offered_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        stranger, channel = stranger_in(night)
        for command in ("signoff open", "help"):
            with pytest.raises(Unusable, match="no such command"):
                await night.discord.slash(stranger, channel, command)
        assert {tuple(one["integration_types"]) for one in night.discord.commands} == {(0,)}


async def test_nothing_is_written_for_somebody_who_brings_the_bot_along(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        await night.open_poll()
        stranger, channel = stranger_in(night)
        before = stored(night)
        night.discord.outdated = True
        replies = await act_everywhere(night, stranger, channel) + await press_everything(night, stranger, channel)
        assert [reply.content or reply.kind for reply in replies if not refused(reply)] == []
        typed = await night.discord.autocomplete(stranger, channel, "poll show", "poll", "1")
        assert (typed.kind, typed.choices) == (Kind.CHOICES, [])
        assert stored(night) == before
        await night.bot.terminate()
        night.guild.invited = False
        await night.bot.start()
        assert await left(night) == [(night.guild.id,)]


async def test_a_card_in_a_server_that_removed_the_bot_takes_nothing_more(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        ballot = await night.open_poll()
        await night.discord.remove_bot(night.guild)
        assert await left(night) == [(night.guild.id,)]
        before = stored(night)
        night.producer.brings_bot = True
        passer_by = night.guild.add_member("Passer-by")
        ballot.owners = {"1": f"{night.producer.id}"}
        for person in (night.producer, passer_by):
            assert refused(await night.vote(person, ballot, "execution"))
        assert stored(night) == before


async def test_a_refusal_is_measured_like_any_answer(tmp_path: Path) -> None:
    port = free_port()
    async with stage(tmp_path, METRICS_PORT=f"{port}") as night:
        stranger, channel = stranger_in(night)
        night.discord.outdated = True
        assert refused(await night.discord.slash(stranger, channel, "help"))
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            figures = (await answer.text()).splitlines()
        assert 'circle_take_answer_seconds_count{name="/help"} 1.0' in figures
        assert "circle_take_guilds 1.0" in figures


async def test_once_it_is_added_it_works(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        stranger, channel = stranger_in(night)
        await night.discord.invite(stranger.guild)
        reply = await night.discord.slash(stranger, channel, "poll open", task="Rotoscope the extras")
        assert "Rotoscope the extras" in str(posted(reply).embeds)
        assert reply.owners == {"0": f"{stranger.guild.id}"}
