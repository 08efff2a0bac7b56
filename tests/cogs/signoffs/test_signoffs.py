"""Sign-offs as a crew meets them: the real bot in a simulated Discord."""

from typing import Any

import pytest
from simcord import MemberActor

from domain.decision_log.entries import EntryType
from sandbox.crew import Production
from tests.cogs.signoffs.acts import FORM, answer, labels_of, log_of, open_form, open_signoff
from tests.world import World, text_of, words_of


async def test_a_sign_off_asks_once_and_calls_who_must_sign(world: World) -> None:
    link = "https://example.com/cut3"
    card = await open_signoff(world, link=link)
    words = words_of(card)
    assert world["Mara"].mention in card.content
    for expected in (
        "Harbour 30s",
        "cut 3",
        link,
        "Concept and treatment drafts",
        "B-roll",
        "Runway 4",
        "Told",
        "waiting",
    ):
        assert expected in words
    assert words.count("Would you put your name on it?") == 1
    assert labels_of(card) == ["Yes, I sign", "Not yet", "I won't sign", "Add why", "History"]


async def test_signing_gives_a_receipt_that_only_the_signer_sees(world: World) -> None:
    card = await open_signoff(world)
    pressed = await world["Mara"].click(card, label="Yes, I sign")
    assert pressed.ephemeral
    newest = (await log_of(world))[0]
    assert newest.verdict == "signed"
    assert f"`{newest.receipt}`" in text_of(pressed)


async def test_the_card_follows_what_people_answer(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    assert "cleared" in words_of(card)
    assert "Who signs · 1 of 1" in words_of(card)


async def test_a_reason_appears_next_to_the_answer(world: World) -> None:
    card = await open_signoff(world)
    pressed = await world["Mara"].click(card, label="Not yet")
    form = await world["Mara"].click(answer(pressed), label="Add why")
    receipt = await world["Mara"].submit_modal(form, {"reason": "The @everyone hands have *six* fingers"})
    newest = (await log_of(world))[0]
    assert (newest.verdict, newest.reason) == ("revise", "The @everyone hands have *six* fingers")
    assert newest.receipt in text_of(receipt)
    await world.env.advance_time(6)
    assert "hands have \\*six\\* fingers" in words_of(card)
    assert "@everyone" not in words_of(card)


async def test_a_press_by_somebody_who_need_not_sign_writes_nothing(world: World) -> None:
    card = await open_signoff(world)
    before = await log_of(world)
    for label in ("Yes, I sign", "Not yet", "I won't sign"):
        pressed = await world["Gus"].click(card, label=label)
        assert pressed.ephemeral
        assert "does not ask for your name" in text_of(pressed)
    assert await log_of(world) == before


async def test_why_without_an_answer_says_what_to_do(world: World) -> None:
    card = await open_signoff(world)
    form = await world["Mara"].click(card, label="Add why")
    refused = await world["Mara"].submit_modal(form, {"reason": "I am not sure about the grade"})
    assert "Press an answer first" in text_of(refused)


async def test_one_holder_signs_for_a_role(world: World) -> None:
    camera = world.production.departments["Camera"]
    card = await open_signoff(world, signers=f"{world['Mara'].mention}, {camera.mention}")
    await world["Ines"].click(card, label="Yes, I sign")
    assert "Who signs · 1 of 2" in words_of(card)
    assert "by Ines Duarte" in words_of(card)


async def test_the_opener_signs_when_nobody_is_named(world: World) -> None:
    card = await open_signoff(world, signers="")
    await world["Lena"].click(card, label="Yes, I sign")
    assert "cleared" in words_of(card)


async def test_buttons_and_an_open_form_outlive_a_restart(world: World) -> None:
    card, form = await open_signoff(world), await open_form(world, cut=4)
    await world.restart()
    pressed = await world["Mara"].click(card, label="Not yet")
    assert "Not yet" in text_of(pressed)
    opened = await world["Lena"].submit_modal(form, FORM)
    assert "cut 4" in text_of(opened)


async def test_an_edit_lost_in_a_crash_is_sent_at_the_next_start(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    await world["Mara"].click(card, label="Not yet")
    assert "Sign-off 2 · cleared" in words_of(card), "the second edit waits for its turn"
    await world.restart()
    assert "Sign-off 2 · not yet" in words_of(card)


async def test_a_form_left_open_for_days_is_refused_with_words(world: World) -> None:
    forgotten = await open_form(world)
    await world.env.advance_time(2 * 24 * 3600)
    await open_signoff(world)
    refused = await world["Lena"].submit_modal(forgotten, FORM)
    assert "`/signoff open` again" in text_of(refused)
    assert [entry.type for entry in await log_of(world)].count(EntryType.REQUEST) == 1


async def test_a_newer_cut_makes_the_older_card_stale(world: World) -> None:
    card = await open_signoff(world)
    await open_signoff(world, cut=4)
    assert "A newer cut is up" in words_of(card)
    assert labels_of(card) == ["History", "Sign next cut"]


async def test_status_shows_the_newest_cut_with_its_buttons(world: World) -> None:
    await open_signoff(world)
    await open_signoff(world, cut=4)
    shown = await world["Mara"].slash(world.channel, "signoff status", piece="HARBOUR 30S")
    assert shown.ephemeral
    assert "cut 4" in text_of(shown)
    signed = await world["Mara"].click(answer(shown), label="Yes, I sign")
    assert "Signed" in text_of(signed)


async def test_an_unknown_piece_gets_words(world: World) -> None:
    shown = await world["Mara"].slash(world.channel, "signoff status", piece="Nothing like it")
    assert "No sign-off was ever opened" in text_of(shown)


async def test_an_answer_can_be_taken_back_once_and_only_by_its_author(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    entry = (await log_of(world))[0].seq
    stranger = await world["Gus"].slash(world.channel, "signoff withdraw", entry=entry)
    assert "somebody else's" in text_of(stranger)
    done = await world["Mara"].slash(world.channel, "signoff withdraw", entry=entry, reason="Wrong cut")
    assert f"Entry {entry} is taken back" in text_of(done)
    again = await world["Mara"].slash(world.channel, "signoff withdraw", entry=entry)
    assert "nothing to take back" in text_of(again)
    await world.env.advance_time(6)
    assert "Who signs · 0 of 1" in words_of(card)


async def test_the_receipt_takes_an_answer_back(world: World) -> None:
    card = await open_signoff(world)
    pressed = await world["Mara"].click(card, label="I won't sign")
    await world["Mara"].click(answer(pressed), label="Take it back")
    assert (await log_of(world))[0].type is EntryType.WITHDRAW


async def test_history_is_paged_newest_first_across_a_restart(world: World) -> None:
    card = await open_signoff(world)
    for label in ("Yes, I sign", "Not yet") * 5:
        await world["Mara"].click(card, label=label)
    shown = await world["Gus"].click(card, label="History")
    assert "**12**" in text_of(shown)
    assert labels_of(answer(shown)) == ["Older"]
    await world.restart()
    await world["Gus"].click(answer(shown), label="Older")
    assert "Asked for names" in words_of(answer(shown))
    assert "**12**" not in words_of(answer(shown))
    await world["Gus"].click(answer(shown), label="Newest")
    assert "**12**" in words_of(answer(shown))


async def test_history_finds_by_piece_person_and_verdict(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Not yet")
    await open_signoff(world, piece="Teaser")
    options: dict[str, Any] = {"piece": "harbour 30s", "person": world["Mara"], "verdict": "revise"}
    shown = await world["Gus"].slash(world.channel, "signoff history", **options)
    assert "Not yet" in text_of(shown)
    assert "Asked for names" not in text_of(shown)
    nothing = await world["Gus"].slash(world.channel, "signoff history", **options | {"verdict": "signed"})
    assert "nothing like that" in text_of(nothing)


async def test_a_filter_holds_on_every_page_of_the_history(world: World) -> None:
    card = await open_signoff(world)
    for label in ("Yes, I sign", "Not yet") * 10:
        await world["Mara"].click(card, label=label)
    options: dict[str, Any] = {"piece": "Harbour 30s", "person": world["Mara"], "verdict": "revise"}
    shown = answer(await world["Gus"].slash(world.channel, "signoff history", **options))
    await world["Gus"].click(shown, label="Older")
    assert words_of(shown).count("Not yet") == 2
    assert "Signed" not in words_of(shown)
    await world["Gus"].click(shown, label="Newest")
    assert words_of(shown).count("Not yet") == 8


async def test_waiting_lists_what_i_have_not_answered(world: World) -> None:
    card = await open_signoff(world)
    mine = await world["Mara"].slash(world.channel, "signoff waiting")
    assert "Harbour 30s" in text_of(mine)
    assert "Nothing awaits" in text_of(await world["Gus"].slash(world.channel, "signoff waiting"))
    await world["Mara"].click(card, label="Not yet")
    assert "Nothing awaits" in text_of(await world["Mara"].slash(world.channel, "signoff waiting"))


async def test_pieces_and_own_entries_are_suggested(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    pieces = await world["Gus"].autocomplete(world.channel, "signoff status", "piece", "harb")
    assert [choice["value"] for choice in pieces] == ["Harbour 30s"]
    signed = (await log_of(world))[0].seq
    mine = await world["Mara"].autocomplete(world.channel, "signoff withdraw", "entry", "")
    assert [choice["value"] for choice in mine] == [signed]
    assert await world["Gus"].autocomplete(world.channel, "signoff withdraw", "entry", "") == []


async def test_hostile_names_are_shown_as_they_were_typed(world: World) -> None:
    piece = "=cmd|' /C calc'!A0, \"x\" **b** @everyone <@&123456789012345678>\u202egpj.exe"
    card = await open_signoff(world, piece=piece)
    assert (await log_of(world))[0].value("work")["piece"] == piece.replace("\u202e", "")
    words = words_of(card)
    assert "\\*\\*b\\*\\*" in words
    assert "@everyone" not in words
    assert "<@&123456789012345678>" not in words
    assert "\u202e" not in words


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"signers": "the director"}, "Name signers by mentioning them"),
        ({"signers": "<@&123456789012345678>"}, "not in this server any more"),
        ({"signers": "<@123456789012345678>"}, "is not in this server"),
        ({"link": "javascript:alert(1)"}, "no web address"),
        ({"link": "https://cdn.discordapp.com/a/b.mov"}, "expire"),
        ({"piece": " \u200b "}, "the name of the piece"),
    ],
)
async def test_what_cannot_be_opened_is_said_before_the_form(
    world: World, options: dict[str, Any], expected: str
) -> None:
    refused = await open_form(world, **options)
    assert refused.ephemeral
    assert expected in text_of(refused)
    assert await log_of(world) == ()


async def test_everyone_cannot_be_asked_to_sign(world: World) -> None:
    refused = await open_form(world, signers=f"<@&{world.guild_id}>")
    assert "Name signers by mentioning them" in text_of(refused)


async def test_another_server_reaches_nothing(world: World) -> None:
    card = await open_signoff(world)
    await world["Mara"].click(card, label="Yes, I sign")
    before = await log_of(world)
    other = Production.create(world.env, "Another film")
    stranger: MemberActor = other.person("Mara")
    channel = other.channels["crew"]
    withdrawn = await stranger.slash(channel, "signoff withdraw", entry=before[0].seq)
    assert "nothing to take back" in text_of(withdrawn)
    history = await stranger.slash(channel, "signoff history", piece="Harbour 30s")
    assert "nothing like that" in text_of(history)
    status = await stranger.slash(channel, "signoff status", piece="Harbour 30s")
    assert "No sign-off was ever opened" in text_of(status)
    assert await stranger.autocomplete(channel, "signoff status", "piece", "") == []
    assert await log_of(world) == before
