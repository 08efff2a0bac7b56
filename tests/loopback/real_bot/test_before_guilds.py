"""Presses and forms between READY and GUILD_CREATE, when the bot's cache knows no role of any server."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord import Permissions

from bot.client import FEATURES, CircleTake, Sharding
from bot.i18n import words as sentence
from bot.ui import PersistentItem, PersistentModal
from db.engine.database import Database
from tests.fuzz.surface import Surface, component_of, controls, custom_id, form_of
from tests.limits.components import SELECTS, ComponentType
from tests.loopback import Kind, Member, Message, Role
from tests.loopback.discord.gateway import Op
from tests.loopback.discord.reply import Asked, Reply
from tests.loopback.discord.world import Json
from tests.loopback.stage import Stage, posted, rows, stage, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

KNOWN_IDS = ("2", "execution", "signed")
"""Parts of custom_ids that fit both the poll and the sign-off that are there."""

GOES_ON = {"EraseButton"}
"""Edits its first answer, and erases what the other doors lead to: it is the last."""

AI = {"uses": ["grade"], "tools": "Any"}
EXECUTION, JUDGMENT = "execution", "judgment"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dusk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A bot that never hears GUILD_CREATE."""
    async with stage(tmp_path_factory.mktemp("dusk"), start=False) as set_up:
        set_up.discord.withholds_guilds = True
        async with set_up.bot:
            yield set_up
        assert "Traceback" not in set_up.bot.tail(10**9)


def role_of(night: Stage, name: str, *members: str) -> tuple[Role, list[Member]]:
    """A role of the server, which the bot has not heard of, and people who hold it."""
    role = night.guild.add_role(name)
    return role, [night.guild.add_member(member, roles=[role]) for member in members]


async def open_form(night: Stage, piece: str, signers: str) -> Reply:
    command = {"piece": piece, "cut": 1, "signers": signers}
    return await night.discord.slash(night.producer, night.channel, "signoff open", **command)


async def open_signoff(night: Stage, piece: str, signers: str) -> Message:
    form = await open_form(night, piece, signers)
    assert form.kind is Kind.MODAL, form.content
    return posted(await night.discord.submit(night.producer, form, AI))


async def sign(night: Stage, signer: Member, card: Message) -> Reply:
    return await night.discord.press(signer, card, label="Yes, I sign")


async def test_the_owning_department_keeps_its_veto(dusk: Stage) -> None:
    role, owners = role_of(dusk, "Sound", "Sam", "Sue")
    ballot = await dusk.open_poll(department=role, quorum=5)
    for owner in owners:
        await dusk.vote(owner, ballot, JUDGMENT)
    for voter in dusk.crowd(3):
        await dusk.vote(voter, ballot, EXECUTION)
    card = posted(await dusk.discord.slash(dusk.producer, dusk.channel, "poll close", poll=1))
    assert "A human judges" in card.embeds[0]["title"]
    assert "0 AI may execute, 2 Human judgment, 0 Abstain" in words(card)


async def test_a_voter_is_known_by_the_role_that_came_with_the_press(dusk: Stage) -> None:
    role, (voter,) = role_of(dusk, "Camera", "Cleo")
    ballot = await dusk.open_poll(voters=role)
    assert "Human judgment" in (await dusk.vote(voter, ballot, JUDGMENT)).content
    refused = await dusk.vote(dusk.crowd(1)[0], ballot, JUDGMENT)
    assert refused.content == sentence("polls.not_a_voter", role_id=role.id), "the role is not gone"


async def test_a_form_asks_the_role_and_the_person(dusk: Stage) -> None:
    role, (director,) = role_of(dusk, "Direction", "Dora")
    (person,) = dusk.crowd(1)
    card = await open_signoff(dusk, "Teaser", f"<@&{role.id}> <@{person.id}>")
    assert f"<@&{role.id}>" in card.content
    assert f"<@{person.id}>" in card.content
    assert "`" in (await sign(dusk, director, card)).content
    await dusk.discord.until(lambda: "Who signs · 1 of 2" in words(card), "the signature of the role")


async def test_a_form_for_a_role_alone_does_not_ask_its_opener(dusk: Stage) -> None:
    role, (director,) = role_of(dusk, "Second direction", "Dina")
    card = await open_signoff(dusk, "Trailer", f"<@&{role.id}>")
    assert f"<@&{role.id}>" in card.content
    assert f"<@{dusk.producer.id}>" not in card.content
    assert (await sign(dusk, dusk.producer, card)).content.count("does not ask for your name") == 1
    await sign(dusk, director, card)
    await dusk.discord.until(lambda: "cleared" in words(card), "the cut to be cleared")


async def test_a_policy_asks_its_roles(dusk: Stage) -> None:
    role, (lead,) = role_of(dusk, "Delivery", "Lea")
    options = {"piece": "Poster*", "signers": f"<@&{role.id}>"}
    set_up = await dusk.discord.slash(dusk.producer, dusk.channel, "decision-log policy", **options)
    assert "Policy set" in words(posted(set_up))
    card = await open_signoff(dusk, "Poster A", "")
    assert f"<@&{role.id}>" in card.content
    await sign(dusk, lead, card)
    await dusk.discord.until(lambda: "cleared" in words(card), "the cut to be cleared")


async def test_a_role_that_is_gone_is_still_said_to_be_gone(dusk: Stage) -> None:
    refused = await open_form(dusk, "Ghost", f"<@&{dusk.guild.new_id()}>")
    assert refused.content == sentence("signoffs.unknown_role")


async def test_while_discord_does_not_say_nobody_is_left_out(dusk: Stage) -> None:
    role, _ = role_of(dusk, "Colour", "Cass")
    form = await open_form(dusk, "Grade", f"<@&{role.id}>")
    dusk.discord.faults.break_down("GET", "/guilds/*", times=-1)
    try:
        card = posted(await dusk.discord.submit(dusk.producer, form, AI))
        assert f"<@&{role.id}>" in card.content
        unsure = await open_form(dusk, "Grade B", f"<@&{role.id}>")
        assert unsure.content == sentence("command.server_unknown")
        status = await dusk.discord.slash(dusk.producer, dusk.channel, "signoff status", piece="Grade")
        assert "not in this server any more" not in words(posted(status))
        purge = await dusk.discord.slash(dusk.producer, dusk.channel, "decision-log purge")
        assert purge.content == sentence("command.server_unknown")
    finally:
        dusk.discord.faults.lift()


async def test_the_owner_is_asked_for_and_a_stranger_is_refused(dusk: Stage) -> None:
    owner = Member(dusk.guild.id, "Owner", dusk.guild, permissions=Permissions(manage_guild=True))
    form = await dusk.discord.slash(owner, dusk.channel, "decision-log purge")
    assert form.kind is Kind.MODAL
    refused = await dusk.discord.submit(owner, form, {"name": "Some other server"})
    assert refused.content == sentence("decision_log.purge_name")
    stranger = await dusk.discord.slash(dusk.producer, dusk.channel, "decision-log purge")
    assert stranger.content == sentence("decision_log.owner_only")


async def test_who_decides_is_kept_with_the_roles_whose_names_are_known(dusk: Stage) -> None:
    _, (decider,) = role_of(dusk, "Stunts", "Stan")
    ballot = await dusk.open_poll()
    await dusk.vote(decider, ballot, JUDGMENT)
    ((number,),) = rows(dusk.database, "SELECT MAX(poll_id) FROM poll")
    card = posted(await dusk.discord.slash(dusk.producer, dusk.channel, "poll close", poll=number))
    form = await dusk.discord.press(dusk.producer, card, label="Record outcome")
    recorded = await dusk.discord.submit(dusk.producer, form, {"decider": [decider]})
    assert f"Recorded for poll {number}" in words(posted(recorded))
    assert "**Stan** decides" in await dusk.shown(number)


@pytest.mark.parametrize("disturbed", ["session", "outage"])
async def test_a_role_counts_after_a_lost_session_and_during_an_outage(tmp_path: Path, disturbed: str) -> None:
    async with stage(tmp_path) as night:
        role, (voter,) = role_of(night, "Camera", "Cleo")
        ballot = await night.open_poll(voters=role)
        night.discord.withholds_guilds = True
        if disturbed == "session":
            await night.discord.gateway.invalidate(resumable=False)
            await night.discord.gateway.happened(Op.IDENTIFY, 2)
        else:
            gone = {"id": f"{night.guild.id}", "unavailable": True}
            await night.discord.gateway.send(night.guild.id, "GUILD_DELETE", gone)
        assert "Human judgment" in (await night.vote(voter, ballot, JUDGMENT)).content
        card = await open_signoff(night, "Teaser", f"<@&{role.id}>")
        assert "`" in (await sign(night, voter, card)).content
        await night.discord.tell_guilds()
        assert "AI may execute" in (await night.vote(voter, ballot, EXECUTION)).content
        assert "Traceback" not in night.bot.tail(10**9)


async def test_every_button_menu_and_form_answers_as_it_does_later(tmp_path: Path) -> None:
    surface = await surface_of(tmp_path)
    answers = []
    for withheld in (True, False):
        folder = tmp_path / f"withheld-{withheld}"
        folder.mkdir()
        async with stage(folder, start=False) as night:
            night.discord.withholds_guilds = withheld
            art = night.guild.add_role("Art", Permissions(manage_guild=True))
            async with night.bot:
                answers.append([answer async for answer in answers_to_everything(night, surface, art)])
                assert "Traceback" not in night.bot.tail(10**9)
    before, later = answers
    assert [said for said in before if "missed" in said or "Something went wrong on our side" in said] == []
    assert before == later


async def surface_of(folder: Path) -> Surface:
    """Return every button, menu and form that the bot has."""
    async with await Database.open(folder / "surface.sqlite3") as database:
        bot = CircleTake(database, sharding=Sharding(1))
        for feature in FEATURES:
            await bot.load_extension(feature)
        surface = Surface.of(bot, ())
        for feature in FEATURES:
            await bot.unload_extension(feature)
        return surface


async def answers_to_everything(night: Stage, surface: Surface, art: Role) -> AsyncIterator[str]:
    """Yield what somebody who has every right by a role alone is told for each button, menu and form."""
    member = night.guild.add_member("Ada", roles=[art])
    await night.discord.slash(night.producer, night.channel, "settings set", moderators=art)
    await night.open_poll()
    await night.open_poll(voters=art, department=art)
    card = await open_signoff(night, "Teaser", f"<@&{art.id}>")
    assert "signoff:2:" in str(card.components), "the card's question is entry 1"
    doors: list[Any] = [*surface.items, *surface.forms]
    for door in sorted(doors, key=lambda one: one.__name__ in GOES_ON):
        send = submit if door in surface.forms else press
        yield f"{door.__name__}: {told(await send(night, member, door, art), goes_on=door.__name__ in GOES_ON)}"


async def press(night: Stage, member: Member, item: type[PersistentItem], role: Role) -> Reply:
    """Press a button, or choose from a menu, on a message that still shows it."""
    component = component_of(item, custom_id(item.pattern, KNOWN_IDS))
    message = night.channel.say(night.guild.me, "Earlier")
    message.components = [{"type": 1, "components": [component]}]
    values = some_value(component, member, role, night) if component["type"] in SELECTS else []
    chosen = values if isinstance(values, list) else [values]
    return await night.discord.press(member, message, custom_id=component["custom_id"], values=chosen)


async def submit(night: Stage, member: Member, form: type[PersistentModal], role: Role) -> Reply:
    """Send a form that is still open."""
    opened = Reply(0, "", Asked.COMMAND, member, night.channel)
    opened.modal = form_of(form, custom_id(form.pattern, KNOWN_IDS))
    fields = controls(opened.modal["components"])
    filled = {field["custom_id"]: some_value(field, member, role, night) for field in fields}
    return await night.discord.submit(member, opened, filled)


def some_value(field: Json, member: Member, role: Role, night: Stage) -> object:
    """Return something that a person could fill in or choose."""
    picked = {
        ComponentType.USER_SELECT: member,
        ComponentType.ROLE_SELECT: role,
        ComponentType.CHANNEL_SELECT: night.channel,
    }
    if field["type"] in picked:
        return [picked[field["type"]]]
    if options := field.get("options"):
        first = options[0]["value"]
        return first if field["type"] == ComponentType.RADIO_GROUP else [first]
    return "Two words, typed".ljust(field.get("min_length") or 0, "x")[: field.get("max_length")]


def told(reply: Reply, *, goes_on: bool) -> str:
    """Return the kind of an answer and its words, without ids, times and hashes, which differ from run to run.

    The words are left out where they are to change: when the answer is put off, or `goes_on` after it.
    """
    if goes_on or reply.kind in (Kind.DEFERRED, Kind.DEFERRED_UPDATE):
        return reply.kind
    said = words(reply.message) if reply.message else str(reply.modal)
    return f"{reply.kind}: " + re.sub(r"[0-9a-f]{8,}|\d{9,}|\b(?=\w*\d)[0-9A-Z-]{8,}\b", "…", said)
