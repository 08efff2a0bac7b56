"""Policies as moderators set them and as signers meet them."""

from typing import Any

import pytest

from domain.decision_log.entries import EntryType
from sandbox.crew import Production
from tests.cogs.signoffs.acts import FORM, answer, labels_of, log_of, open_form, open_signoff, set_policy
from tests.world import World, text_of, words_of

AI = {"uses": ["grade"], "told": "will-be-told"}


def mentions(world: World, *roles: str) -> str:
    return " ".join(world.production.departments[role].mention for role in roles)


async def test_a_policy_is_an_entry_and_says_who_signs_from_then_on(world: World) -> None:
    before = await open_signoff(world, signers="")
    done = await set_policy(world, "harbour*", mentions(world, "Direction", "Production"), may_sign=False)
    entry = (await log_of(world))[0]
    assert (entry.type, entry.facts["pattern"], entry.facts["need"]) == (EntryType.POLICY, "harbour*", 2)
    assert f"`{entry.receipt}`" in text_of(done)
    card = await open_signoff(world, cut=4, signers="")
    assert mentions(world, "Direction", "Production") in card.content
    assert "By policy harbour\\*: all of them, not whoever opened it" in words_of(card)
    assert "Who signs · 0 of 1" in words_of(before), "what was up before keeps its signers"


async def test_a_cut_is_cleared_only_when_the_policy_holds(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Direction", "Production"), disclosure=True)
    card = await open_signoff(world, signers="", form=AI)
    assert labels_of(card)[-1] == "Client is told"
    await world["Mara"].click(card, label="Yes, I sign")
    await world["Jonas"].click(card, label="Yes, I sign")
    await world.env.advance_time(6)
    assert "waiting for word to the client" in words_of(card)
    stranger = await world["Gus"].click(card, label="Client is told")
    assert "Nothing was recorded" in text_of(stranger)
    told = await world["Lena"].click(card, label="Client is told")
    assert "The client has been told" in text_of(told)
    await world.env.advance_time(6)
    assert "· cleared" in words_of(card)
    assert "Told, says Lena Vogt" in words_of(card)
    await world["Lena"].click(answer(told), label="Take it back")
    await world.env.advance_time(6)
    assert "· cleared" not in words_of(card)


@pytest.mark.parametrize("form", [{"uses": ["grade"], "told": "told"}, {"uses": [], "told": "not-known"}])
async def test_disclosure_asks_nothing_when_there_is_nothing_to_tell(world: World, form: dict[str, Any]) -> None:
    await set_policy(world, "*", mentions(world, "Direction"), disclosure=True)
    card = await open_signoff(world, signers="", form=form)
    await world["Mara"].click(card, label="Yes, I sign")
    assert "· cleared" in words_of(card)


async def test_the_maker_does_not_sign_where_the_policy_forbids_it(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Editorial"), may_sign=False)
    card = await open_signoff(world, signers="")
    before = await log_of(world)
    pressed = await world["Lena"].click(card, label="Yes, I sign")
    assert "whoever makes a cut does not sign it" in text_of(pressed)
    assert await log_of(world) == before
    await world["Sam"].click(card, label="Yes, I sign")
    await world.env.advance_time(6)
    assert "· cleared" in words_of(card)


@pytest.mark.parametrize("piece", ["Har\u2062bour 30s", "\u3164Harbour 30s", "HARBOUR\u2060\u034f \u2013 30s"])
async def test_no_hidden_character_keeps_a_piece_from_its_policy(world: World, piece: str) -> None:
    await set_policy(world, "Harbour*", mentions(world, "Direction"), may_sign=False)
    card = await open_signoff(world, piece=piece, signers="")
    assert "By policy Harbour\\*" in words_of(card)
    await world["Lena"].click(card, label="Yes, I sign")
    await world.env.advance_time(6)
    assert "· cleared" not in words_of(card)


async def test_a_maker_who_names_themselves_is_told_to_leave_themselves_out(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Editorial"), may_sign=False)
    refused = await world["Lena"].submit_modal(await open_form(world, signers=world["Lena"].mention), FORM)
    assert "Leave yourself out" in text_of(refused)


async def test_named_signers_come_on_top_of_the_policy(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Direction", "Production"), need="1")
    card = await open_signoff(world, signers=world["Ravi"].mention)
    assert "Who signs · 0 of 2" in words_of(card)
    for person in ("Mara", "Jonas"):
        await world[person].click(card, label="Yes, I sign")
    await world.env.advance_time(6)
    assert "Who signs · 1 of 2" in words_of(card)
    assert "**Ravi Menon** · ▫️ waiting" in words_of(card)
    await world["Ravi"].click(card, label="Yes, I sign")
    await world.env.advance_time(6)
    assert "· cleared" in words_of(card)


async def test_signatures_no_longer_needed_are_not_waited_for(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Direction", "Production"), need="1")
    card = await open_signoff(world, signers="")
    await world["Mara"].click(card, label="Yes, I sign")
    assert "not needed any more" in words_of(card)
    assert "▫️ waiting" not in words_of(card)
    assert "Nothing awaits" in text_of(await world["Jonas"].slash(world.channel, "signoff waiting"))


async def test_policies_are_listed_shown_and_taken_away(world: World) -> None:
    assert "No piece has a policy" in text_of(await world["Jonas"].slash(world.channel, "decision-log policy"))
    await set_policy(world, "*", mentions(world, "Production"))
    await set_policy(world, "Harbour*", mentions(world, "Direction"), disclosure=True)
    listed = text_of(await world["Jonas"].slash(world.channel, "decision-log policy"))
    assert "Harbour\\*" in listed
    assert "the client must be told" in listed
    before = await log_of(world)
    shown = await world["Jonas"].slash(world.channel, "decision-log policy", piece="Harbour 30s")
    assert mentions(world, "Direction") in text_of(shown)
    assert await log_of(world) == before, "looking changes nothing"
    gone = await set_policy(world, "HARBOUR*", "none")
    assert "no policy of its own any more" in text_of(gone)
    shown = await world["Jonas"].slash(world.channel, "decision-log policy", piece="Harbour 30s")
    assert mentions(world, "Production") in text_of(shown)
    again = await set_policy(world, "Harbour*", "")
    assert "nothing to take away" in text_of(again)


async def test_one_option_changes_and_the_others_stay(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Production", "Direction"), may_sign=False)
    await world["Jonas"].slash(world.channel, "decision-log policy", piece="*", disclosure=True)
    facts = (await log_of(world))[0].facts
    assert (len(facts["roles"]), facts["need"], facts["maker_may_sign"], facts["disclosure"]) == (2, 2, False, True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"signers": "<@123456789012345678>"}, "names roles, not people"),
        ({"signers": "the director"}, "Name signers by mentioning them"),
        ({"signers": "<@&123456789012345678>"}, "not in this server any more"),
        ({"need": "2"}, "2 of 1"),
        ({"need": "most"}, "Write all, or a number"),
    ],
)
async def test_what_cannot_be_a_policy_is_refused_in_words(
    world: World, options: dict[str, Any], expected: str
) -> None:
    refused = await set_policy(world, "*", **{"signers": mentions(world, "Direction")} | options)
    assert expected in text_of(refused)
    assert await log_of(world) == ()


async def test_no_policy_lets_everyone_sign(world: World) -> None:
    refused = await set_policy(world, "*", f"<@&{world.guild_id}>")
    assert "Name signers by mentioning them" in text_of(refused)
    assert await log_of(world) == ()


async def test_a_policy_needs_signers_and_a_piece(world: World) -> None:
    bare = await world["Jonas"].slash(world.channel, "decision-log policy", piece="*", need="all")
    assert "Say who signs" in text_of(bare)
    nowhere = await world["Jonas"].slash(world.channel, "decision-log policy", disclosure=True)
    assert "Say which pieces" in text_of(nowhere)


async def test_a_deleted_role_is_noticed_before_a_cut_waits_for_it(world: World) -> None:
    role = world.production.departments["Direction"]
    await set_policy(world, "*", role.mention)
    card = await open_signoff(world, signers="")
    await delete_role(world, role)
    refused = await world["Lena"].submit_modal(await open_form(world, cut=4, signers=""), FORM)
    assert "not in this server any more" in text_of(refused)
    status = await world["Lena"].slash(world.channel, "signoff status", piece="Harbour 30s")
    assert "nobody can sign for it" in text_of(status)
    assert "▫️ waiting" in words_of(card)


async def delete_role(world: World, role: Any) -> None:
    guild = world.bot.get_guild(world.guild_id)
    assert guild is not None
    found = guild.get_role(role.id)
    assert found is not None
    await found.delete()
    await world.env.settle()


async def test_a_policy_of_another_server_asks_nobody_here(world: World) -> None:
    await set_policy(world, "*", mentions(world, "Direction"))
    other = Production.create(world.env, "Another film")
    listed = await other.person("Jonas").slash(other.channels["crew"], "decision-log policy")
    assert "No piece has a policy" in text_of(listed)


async def test_pieces_and_patterns_are_suggested(world: World) -> None:
    await open_signoff(world)
    await set_policy(world, "Harb*", mentions(world, "Direction"))
    found = await world["Jonas"].autocomplete(world.channel, "decision-log policy", "piece", "harb")
    assert [choice["value"] for choice in found] == ["Harb*", "Harbour 30s"]
