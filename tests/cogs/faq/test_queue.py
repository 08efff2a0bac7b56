"""From a question nobody answered to an answer: the crew's side, the moderators' side, and what is kept until then."""

from typing import Any

import discord
import pytest
import simcord

from domain.faq.knowledge import load_essays
from domain.faq.own_entries import FormText, entry_from_form
from tests.cogs.faq.acts import (
    MODERATOR,
    PARKING,
    add,
    admin,
    answer,
    ask,
    component,
    field_of,
    labels_of,
    pick,
    press,
    queue,
    queue_question,
    rows,
    send,
    title_for,
    typed_in,
)
from tests.db.faq.acts import act
from tests.world import World, text_of, words_of

PIZZA = "best pizza in Naples"
ESSAY = load_essays()[0]


async def answer_it(world: World, wording: str = PIZZA, **values: str) -> simcord.InteractionResult:
    form = await press(world, await pick(world, wording), "Answer")
    return await send(world, form, **{**typed_in(form), "answer": "Ask Noor.", **values})


def posted(world: World) -> list[discord.Message]:
    """Return what the bot wrote into the channel unasked."""
    return [message for message in world.channel.history() if message.interaction_metadata is None]


async def test_questions_that_clearly_ask_the_same_are_one_with_a_count(world: World) -> None:
    for question in ("where do we get pizza tonight", "Where do we get PIZZA tonight?", "where to get pizzas tonight"):
        assert "on the moderators' list" in text_of(await queue_question(world, question))
    await queue_question(world, "who plays the cello")
    read = await queue(world)
    assert "**3×** where do we get pizza tonight" in read
    assert "**1×** who plays the cello" in read
    card = await pick(world, "where do we get pizza tonight")
    assert "where to get pizzas tonight" in field_of(card, "Also asked as")


async def test_answering_makes_an_entry_of_all_wordings_and_clears_the_queue(world: World) -> None:
    for question in ("where do we get pizza tonight", "where to get pizzas tonight"):
        await queue_question(world, question)
    form = await press(world, await pick(world, "where do we get pizza tonight"), "Answer")
    filled = typed_in(form)
    assert filled["question"] == "where do we get pizza tonight"
    assert filled["alternates"] == "where to get pizzas tonight"
    answered = await send(world, form, **{**filled, "answer": "At Gino's."})
    assert "Answered" in text_of(answered)
    assert labels_of(answer(answered)) == ["Undo", "‹ The list"]
    assert "Nothing is waiting." in await queue(world)
    card = answer(await ask(world, "where to get pizzas tonight")).embeds[0]
    assert card.description == "At Gino's."
    await press(world, answer(answered), "Undo")
    assert "**2×** where do we get pizza tonight" in await queue(world)
    assert await title_for(world, "where to get pizzas tonight") == "The essays do not cover that"


async def test_a_question_too_long_for_a_title_is_kept_whole_as_an_alternate(world: World) -> None:
    long = "is there any chance that somebody could tell me " * 3 + "where the pizza is"
    await queue_question(world, long)
    shown = answer(await admin(world, "queue"))
    value = component(shown, "faq:queue:pick:")["options"][0]["value"]
    await world[MODERATOR].select(shown, [value], custom_id="faq:queue:pick:0")
    filled = typed_in(await press(world, shown, "Answer"))
    assert len(filled["question"]) <= 100
    assert filled["alternates"] == long


async def test_people_who_asked_to_be_told_are_told_in_that_channel_and_forgotten(world: World) -> None:
    asked = await queue_question(world, PIZZA, "Gus", tell=True)
    assert "You will be told in this channel" in text_of(asked)
    await queue_question(world, PIZZA, "Ines", tell=True)
    await queue_question(world, PIZZA, "Ravi")
    assert "2 people want to be told" in words_of(await pick(world, PIZZA))
    answered = await answer_it(world)
    assert "2 people who asked are being told" in text_of(answered)
    [told] = posted(world)
    assert {member.id for member in told.mentions} == {world["Gus"].id, world["Ines"].id}
    assert world["Gus"].mention in told.content
    assert "Ask Noor." in words_of(told)
    assert await rows(world, "faq_waiting") == []


async def test_others_are_neither_kept_nor_told(world: World) -> None:
    await queue_question(world, PIZZA)
    assert await rows(world, "faq_waiting") == []
    await answer_it(world)
    assert posted(world) == []
    assert not any(world["Gus"].id in row for row in await rows(world, "faq_change"))


async def test_where_the_bot_may_not_write_it_says_so_and_keeps_no_name(world: World) -> None:
    guild = world.production.guild
    silent: dict[Any, discord.PermissionOverwrite] = {
        guild.default_role: discord.PermissionOverwrite(send_messages=False, use_application_commands=True)
    }
    world.production.channels["crew"] = guild.create_text_channel("locked", overwrites=silent)
    asked = await queue_question(world, PIZZA, tell=True)
    assert "I may not write in this channel" in text_of(asked)
    assert await rows(world, "faq_waiting") == []


async def test_a_person_whose_channel_is_gone_is_forgotten_and_the_answer_stays(world: World) -> None:
    await queue_question(world, PIZZA, tell=True)
    await world.bot.stores.faq_queue.ask(world.guild_id, act(1), PIZZA, tell_in=123456789012345678)
    await answer_it(world)
    assert len(posted(world)) == 1
    assert await rows(world, "faq_waiting") == []
    assert await title_for(world, PIZZA) == PIZZA


async def test_a_restart_between_answering_and_telling_loses_nobody(world: World) -> None:
    await queue_question(world, PIZZA, tell=True)
    store = world.bot.stores.faq_queue
    [question] = await store.open(world.guild_id)
    entry = entry_from_form(FormText("Where is pizza?", "Ask Noor."))
    await store.answer(world.guild_id, act(10), question.question_id, entry)
    assert posted(world) == []
    await world.restart()
    assert "Ask Noor." in words_of(posted(world)[0])
    assert await rows(world, "faq_waiting") == []


async def test_a_question_can_become_an_alternate_of_an_answer_that_is_there(world: World) -> None:
    await add(world)
    await queue_question(world, "is there a lot for my caravan", tell=True)
    card = await pick(world, "is there a lot for my caravan")
    menu = component(card, "faq:queue:alternate:")
    assert "where-can-trucks-park" in [option["value"] for option in menu["options"]]
    await world[MODERATOR].select(card, ["where-can-trucks-park"], custom_id=menu["custom_id"])
    assert "Added to an answer" in words_of(card)
    assert await title_for(world, "is there a lot for my caravan?") == PARKING["question"]
    assert PARKING["answer"] in words_of(posted(world)[0])
    await press(world, card, "Undo")
    assert "is there a lot for my caravan" in await queue(world)


async def test_an_alternate_does_not_override_an_essays_answer(world: World) -> None:
    await queue_question(world, PIZZA)
    card = await pick(world, PIZZA)
    menu = component(card, "faq:queue:alternate:")
    name = menu["options"][0]["value"]
    await world[MODERATOR].select(card, [name], custom_id=menu["custom_id"])
    found = answer(await ask(world, PIZZA)).embeds[0]
    assert found.title == next(entry.question for entry in load_essays() if entry.id == name)
    assert (found.footer.text or "").startswith("From the essay")


async def test_not_covered_closes_a_question_for_good_until_an_entry_answers_it(world: World) -> None:
    await queue_question(world, PIZZA, tell=True)
    card = await pick(world, PIZZA)
    await press(world, card, "Not covered")
    assert "Marked as not covered" in words_of(card)
    assert await rows(world, "faq_waiting") == []
    knowledge = await world.bot.stores.faq.knowledge(world.guild_id)
    assert knowledge.decoys == (PIZZA,)
    assert "said that it is not covered here" in text_of(await queue_question(world, PIZZA))
    added = await add(world, question="Where is the best pizza in Naples?", answer="At Gino's.", alternates="")
    assert "1 question that was marked not covered is now answered" in field_of(answer(added), "Answered now")
    assert PIZZA in field_of(answer(added), "Answered now")
    assert (await world.bot.stores.faq.knowledge(world.guild_id)).decoys == ()
    await press(world, answer(added), "Undo")
    assert (await world.bot.stores.faq.knowledge(world.guild_id)).decoys == (PIZZA,)
    await press(world, card, "Undo")
    assert (await world.bot.stores.faq.knowledge(world.guild_id)).decoys == ()
    assert PIZZA in await queue(world)


async def test_a_dismissed_question_comes_back_when_it_is_asked_again(world: World) -> None:
    await queue_question(world, PIZZA)
    card = await pick(world, PIZZA)
    await press(world, card, "Dismiss")
    assert "Nothing is waiting." in await queue(world)
    assert "on the moderators' list" in text_of(await queue_question(world, PIZZA))
    assert f"**2×** {PIZZA}" in await queue(world)
    refused = await press(world, card, "Undo")
    assert "Something newer" in text_of(refused)
    assert not any(world["Gus"].id in row for row in await rows(world, "faq_change"))


async def test_a_question_that_somebody_else_closed_changes_nothing(world: World) -> None:
    await queue_question(world, PIZZA)
    first, second = await pick(world, PIZZA), await pick(world, PIZZA)
    form = await press(world, second, "Answer")
    await press(world, first, "Dismiss")
    for label in ("Not covered", "Dismiss", "Answer"):
        assert "no longer on the list" in text_of(await press(world, second, label))
    late = await send(world, form, **{**typed_in(form), "answer": "Ask Noor."})
    assert "no longer on the list" in text_of(late)
    assert "Ask Noor." in text_of(late)
    assert await world.bot.stores.faq_entries.own(world.guild_id) == {}


async def test_the_queue_is_paged_most_asked_first(world: World) -> None:
    # each has a distinctive word, so no two count as the same question
    words = ("abacus", "bellows", "cello", "dulcimer", "fiddle", "harp", "icicle", "javelin", "kazoo", "ladder", "lute")
    for number, word in enumerate([*words, "lute"]):
        await world.bot.stores.faq_queue.ask(world.guild_id, act(number), f"who owns the {word}")
    shown = answer(await admin(world, "queue"))
    assert words_of(shown).splitlines()[1].startswith("**2×** who owns the lute")
    assert "Page 1 of 2" in words_of(shown)
    await press(world, shown, "More ›")
    assert "Page 2 of 2" in words_of(shown)
    assert labels_of(shown) == ["‹ Back"]


async def test_buttons_of_the_queue_outlive_a_restart(world: World) -> None:
    await queue_question(world, PIZZA)
    card = await pick(world, PIZZA)
    form = await press(world, card, "Answer")
    await world.restart()
    answered = await send(world, form, **{**typed_in(form), "answer": "Ask Noor."})
    assert "Answered" in text_of(answered)
    await press(world, answer(answered), "‹ The list")
    assert "Nothing is waiting." in words_of(answer(answered))


@pytest.mark.parametrize("question", ["@everyone <@&123456789012345678>", "**bold** [a](https://evil.example) `x`"])
async def test_any_questions_make_a_sane_queue(world: World, question: str) -> None:
    await queue_question(world, question)
    read = await queue(world) + words_of(await pick(world, question))
    assert "@everyone" not in read
    assert "[a](" not in read.replace("\\[a\\](", "")
