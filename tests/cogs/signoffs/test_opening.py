"""How a sign-off is opened: from a message, after the last cut, from a form that was refused."""

import hashlib
from typing import Any

import pytest

from domain.decision_log.entries import EntryType
from tests.cogs.signoffs.acts import FORM, accept, answer, drop, filled, labels_of, log_of, open_form, open_signoff
from tests.world import World, text_of, words_of

FILE = "HarbourLights_30s_v07_graded.mp4"


async def test_a_message_becomes_a_sign_off_with_two_taps(world: World) -> None:
    form = await drop(world, "Here's cut 7 for tonight", FILE)
    assert filled(form)["slate"] == "HarbourLights 30s, cut 7"
    card = await accept(world, "Lena", form)
    request = (await log_of(world))[0]
    assert (request.type, request.value("work")["piece"], request.value("work")["cut"]) == (
        EntryType.REQUEST,
        "HarbourLights 30s",
        7,
    )
    assert request.value("work")["link"].startswith(f"https://discord.com/channels/{world.guild_id}/")
    assert request.value("work")["file"] == {
        "name": FILE,
        "size": 6,
        "sha256": hashlib.sha256(b"frames").hexdigest(),
    }
    assert "HarbourLights 30s" in words_of(card)
    assert world["Lena"].mention in card.content, "nobody was ever asked for this piece, so the opener signs"


async def test_a_known_piece_is_recognised_and_its_last_answers_are_preselected(world: World) -> None:
    await open_signoff(world, piece="Harbour Lights 30s", cut=6)
    form = await drop(world, "here you go", FILE)
    assert filled(form) == {
        "slate": "Harbour Lights 30s, cut 7",
        "uses": ["concept", "broll"],
        "tools": "Runway 4",
        "told": "told",
        "flags": ["final"],
    }
    card = await accept(world, "Lena", form)
    assert world["Mara"].mention in card.content, "she was asked for the last cut"


async def test_a_message_without_a_number_gets_the_next_cut_of_a_known_piece(world: World) -> None:
    await open_signoff(world, piece="Teaser", cut=4)
    assert filled(await drop(world, "New export of the teaser", "teaser_final.mov"))["slate"] == "Teaser, cut 5"


async def test_a_message_that_says_nothing_leaves_the_field_to_the_person(world: World) -> None:
    form = await drop(world, "https://review.example/v9/cut3")
    assert filled(form)["slate"] == ""
    card = await accept(world, "Lena", form, slate="Teaser v2 https://review.example/t2")
    assert "[watch it](https://review.example/t2)" in words_of(card)


async def test_the_next_cut_is_one_press_and_one_form_away(world: World) -> None:
    card = await open_signoff(world)
    assert labels_of(card) == ["Yes, I sign", "Not yet", "I won't sign", "Add why", "History"]
    await world["Mara"].click(card, label="Not yet")
    assert labels_of(card)[-1] == "Sign next cut"
    form = await world["Lena"].click(card, label="Sign next cut")
    assert filled(form)["slate"] == "Harbour 30s, cut 4"
    following = await accept(world, "Lena", form)
    assert world["Mara"].mention in following.content
    assert (await log_of(world))[0].refs["supersedes"] == 2
    await world.env.advance_time(6)
    assert labels_of(card) == ["History", "Sign next cut"]
    again = await world["Lena"].click(card, label="Sign next cut")
    assert filled(again)["slate"] == "Harbour 30s, cut 5", "from an old card too, it is the one after the newest"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"slate": "Harbour"}, "no number of a cut"),
        ({"slate": f"{'x' * 150}, cut 3"}, "100 fit"),
        ({"slate": "Harbour, cut 3 https://cdn.discordapp.com/a/b.mov"}, "expire"),
        ({"slate": "cut 3"}, "the name of the piece"),
    ],
)
async def test_a_form_that_was_refused_opens_again_as_it_was(
    world: World, changes: dict[str, Any], expected: str
) -> None:
    form = await drop(world, "Harbour cut 3")
    sent = {"uses": ["grade"], "tools": "Resolve", "told": "will-be-told", "flags": ["personal"]} | changes
    refused = await world["Lena"].submit_modal(form, sent)
    assert refused.ephemeral
    assert expected in text_of(refused)
    assert await log_of(world) == ()
    await world.restart()
    back = await world["Lena"].click(answer(refused), label="Back to the form")
    assert filled(back) == sent
    card = await accept(world, "Lena", back, slate="Harbour, cut 3")
    assert "Grade on standard deliverables" in words_of(card)


async def test_the_opener_alone_gets_a_receipt_under_the_card(world: World) -> None:
    opened = await world["Lena"].submit_modal(await open_form(world), FORM)
    receipt = opened.followups[-1]
    assert receipt.ephemeral
    assert f"`{(await log_of(world))[0].receipt}`" in receipt.content


@pytest.mark.parametrize(
    "piece",
    [
        "=cmd|' /C calc'!A0",
        'A "quoted", comma’d piece; <b>bold</b>',
        "מגדלור \u200f30s",
        "Version 2",
        "x, cut 9",
        "_under_ *star* `tick` [link](https://evil.example)",
    ],
)
async def test_any_name_travels_through_form_card_and_next_cut_unchanged(world: World, piece: str) -> None:
    card = await open_signoff(world, piece=piece)
    kept = (await log_of(world))[0].value("work")["piece"]
    assert kept == piece.replace("\u200f", "")
    await world["Mara"].click(card, label="Yes, I sign")
    form = await world["Lena"].click(card, label="Sign next cut")
    assert filled(form)["slate"] == f"{kept}, cut 4"
    await accept(world, "Lena", form)
    assert (await log_of(world))[0].value("work")["piece"] == kept
    status = await world["Gus"].slash(world.channel, "signoff status", piece=piece.upper())
    assert "cut 4" in text_of(status)


async def test_a_signer_who_left_keeps_their_place_and_the_next_cut_can_ask_others(world: World) -> None:
    card = await open_signoff(world)
    world.production.guild.remove_member(world["Mara"])
    assert "**Mara Lindqvist** · ▫️ waiting" in words_of(card)
    following = await open_signoff(world, cut=4, signers=world["Ines"].mention)
    assert world["Ines"].mention in following.content
