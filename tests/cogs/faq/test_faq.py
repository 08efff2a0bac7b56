"""The FAQ as a crew meets it: the real bot in a simulated Discord."""

import re

import pytest
import simcord
from simcord.results import ResponseMessage

from domain.faq.knowledge import load_essays
from tests.cogs.faq.acts import answer, ask, field_of, labels_of, queue, rows
from tests.db.faq.acts import ratings
from tests.world import World, text_of, words_of

SURE = "is it just a tool?"
UNSURE = "director"
FAR = "best pizza in Naples"
KNOWN = {entry.question: entry for entry in load_essays()}


def asked_on(message: ResponseMessage) -> str:
    """Return the question that the card quotes."""
    return field_of(message, "You asked")


async def test_a_sure_answer_is_shown_privately_with_its_source(world: World) -> None:
    asked = await ask(world, SURE)
    card = answer(asked).embeds[0]
    assert asked.ephemeral
    assert card.title in KNOWN
    assert card.description == KNOWN[card.title or ""].answer
    assert (card.footer.text or "").startswith("From the essay “")
    assert asked_on(answer(asked)) == SURE
    assert labels_of(answer(asked))[:3] == ["Share", "Helpful", "Not helpful"]


async def test_a_question_typed_word_for_word_is_not_repeated(world: World) -> None:
    question = next(iter(KNOWN))
    assert asked_on(answer(await ask(world, question))) == ""


async def test_an_unsure_answer_asks_back_and_a_press_answers_in_place(world: World) -> None:
    asked = await ask(world, UNSURE)
    assert "Did you mean one of these?" in text_of(asked)
    *topics, last = labels_of(answer(asked))
    assert (len(topics), last) == (3, "Ask the moderators")
    await world["Gus"].click(answer(asked), label=topics[1])
    assert (answer(asked).embeds[0].title or "").startswith(topics[1].removesuffix("…"))
    assert len(world.channel.history(viewer=world["Gus"])) == 1


async def test_an_uncovered_question_says_so_and_shows_the_nearest_topics(world: World) -> None:
    asked = await ask(world, FAR)
    assert asked.ephemeral
    assert "The essays do not cover that" in text_of(asked)
    assert len(labels_of(answer(asked))) == 4


async def test_a_shared_answer_is_for_everyone_and_says_who_shared_it(world: World) -> None:
    shared = await ask(world, SURE, share=True)
    assert not shared.ephemeral
    assert world["Gus"].mention in text_of(shared)
    assert "Share" not in labels_of(answer(shared))
    pressed = await world["Ines"].click(answer(shared), label=labels_of(answer(shared))[0])
    assert pressed.ephemeral
    assert answer(pressed).id != answer(shared).id


async def test_what_is_not_sure_is_never_shared(world: World) -> None:
    assert (await ask(world, FAR, share=True)).ephemeral


async def test_the_share_button_posts_the_answer_once_more_for_everyone(world: World) -> None:
    asked = await ask(world, SURE)
    shared = await world["Gus"].click(answer(asked), label="Share")
    assert not shared.ephemeral
    assert answer(shared).embeds[0].title == answer(asked).embeds[0].title
    assert SURE not in text_of(shared)


@pytest.mark.parametrize(("label", "counts"), [("Helpful", (1, 1)), ("Not helpful", (0, 1))])
async def test_a_card_is_rated_once_and_without_a_name(world: World, label: str, counts: tuple[int, int]) -> None:
    asked = await ask(world, SURE)
    entry = KNOWN[answer(asked).embeds[0].title or ""]
    await world["Gus"].click(answer(asked), label=label)
    assert "without your name" in text_of(asked)
    assert not {"Helpful", "Not helpful"} & set(labels_of(answer(asked)))
    assert await ratings(world.bot.database, world.guild_id, entry.id) == counts
    assert world["Gus"].id not in (await rows(world, "faq_feedback"))[0]


async def test_related_questions_are_one_press_away(world: World) -> None:
    asked = await ask(world, SURE)
    entry = KNOWN[answer(asked).embeds[0].title or ""]
    related = labels_of(answer(asked))[3:]
    assert len(related) == len(entry.related[:4])
    await world["Gus"].click(answer(asked), label=related[0])
    assert (answer(asked).embeds[0].title or "").startswith(related[0].removesuffix("…"))
    assert "Thank you" not in text_of(asked)


async def test_typing_suggests_questions_that_can_be_sent(world: World) -> None:
    for typed in ("", "commercial", "?" * 50, "x" * 6000):
        choices = await world["Gus"].autocomplete(world.channel, "faq ask", "question", typed)
        assert len(choices) <= 25
        assert all(choice["value"] in KNOWN for choice in choices)
    assert await world["Gus"].autocomplete(world.channel, "faq ask", "question", "commercial")


async def test_every_topic_is_found_by_browsing(world: World) -> None:
    shown = await world["Gus"].slash(world.channel, "faq browse")
    assert shown.ephemeral
    found: list[str] = []
    while True:
        found += re.findall(r"^• (.+)$", text_of(shown), re.MULTILINE)
        if "More ›" not in labels_of(answer(shown)):
            break
        await world["Gus"].click(answer(shown), label="More ›")
    assert sorted(found) == sorted(KNOWN)
    await world["Gus"].click(answer(shown), label="‹ Back")
    assert "Page 2 of 3" in text_of(shown)


async def test_one_essay_can_be_browsed_and_a_topic_opened_in_a_new_message(world: World) -> None:
    shown = await world["Gus"].slash(world.channel, "faq browse", source="numbers-are-real")
    topics = re.findall(r"^• (.+)$", text_of(shown), re.MULTILINE)
    assert {KNOWN[topic].source.essay for topic in topics if KNOWN[topic].source} == {"numbers-are-real"}  # type: ignore[union-attr]  # asked before
    opened = await world["Gus"].select(answer(shown), [KNOWN[topics[2]].id], custom_id="faq:topics:0")
    assert opened.ephemeral
    assert answer(opened).embeds[0].title == topics[2]
    assert "Page 1 of" in text_of(shown)


async def test_a_question_for_the_moderators_is_filled_in_and_grouped(world: World) -> None:
    for name, question in (("Gus", FAR), ("Ines", FAR.upper() + "?"), ("Ravi", "*Where* is the [toilet](x)?")):
        asked = await world[name].slash(world.channel, "faq ask", question=question)
        form = await world[name].click(answer(asked), label="Ask the moderators")
        prefilled = form.modal["components"][0]["component"]["value"] if form.modal else None
        assert prefilled == question
        sent = await world[name].submit_modal(form, {"question": question})
        assert sent.ephemeral
        assert "on the moderators' list" in text_of(sent)
    read = await queue(world)
    assert "**2×** best pizza in Naples" in read
    assert "**1×** \\*Where\\* is the" in read
    kept = str(await rows(world, "faq_question") + await rows(world, "faq_question_ask"))
    assert not any(str(world[name].id) in kept for name in ("Gus", "Ines", "Ravi"))


async def test_an_empty_queue_says_so_to_moderators_only(world: World) -> None:
    assert "Nothing is waiting." in await queue(world)
    with pytest.raises(simcord.SetupError, match="not visible"):
        await world["Gus"].slash(world.channel, "faq-admin queue")


@pytest.mark.parametrize(
    "question",
    [
        " ",
        "\u200b\u200e",
        "\u202e",
        "🎬🎥",
        "?!",
        "قصيدة عن السينما",
        "@everyone <@&123456789012345678> <@123456789012345678>",
        "**bold** [a](https://evil.example) `code` ||spoiler|| [b](https://evil.example)",
        "```\n# heading\n> quote",
        "word " * 1200,
        "z" * 6000,
        "\\" * 6000,
    ],
    ids=lambda question: repr(question[:12]),
)
async def test_any_question_gets_a_sane_card(world: World, question: str) -> None:
    asked = await ask(world, question)
    words = text_of(asked)
    assert asked.ephemeral
    assert len(asked_on(answer(asked))) <= 300
    assert not re.search(r"@everyone|<@&?\d|(?<!\\)\[[ab]\]\(|\u202e", words)
    form = await world["Gus"].click(answer(asked), label="Ask the moderators")
    assert form.modal is not None
    prefilled = form.modal["components"][0]["component"].get("value", "")
    assert len(prefilled) <= 300
    assert prefilled.startswith(question.strip()[:20].strip("\u202e\u200b\u200e"))
    assert "nothing that could be read" not in prefilled


async def test_a_question_without_words_is_not_queued(world: World) -> None:
    asked = await ask(world, FAR)
    form = await world["Gus"].click(answer(asked), label="Ask the moderators")
    refused = await world["Gus"].submit_modal(form, {"question": " ?! "})
    assert "Write your question first" in text_of(refused)
    assert "Nothing is waiting." in await queue(world)


async def test_old_buttons_menus_and_an_open_form_outlive_a_restart(world: World) -> None:
    sure, far = await ask(world, SURE), await ask(world, FAR)
    browsing = await world["Gus"].slash(world.channel, "faq browse")
    form = await world["Gus"].click(answer(far), label="Ask the moderators")
    await world.restart()
    await world["Gus"].click(answer(sure), label="Helpful")
    assert "that is counted" in text_of(sure)
    await world["Gus"].click(answer(browsing), label="More ›")
    assert "Page 2 of" in text_of(browsing)
    topic = re.findall(r"^• (.+)$", text_of(browsing), re.MULTILINE)[0]
    assert topic in text_of(await world["Gus"].select(answer(browsing), [KNOWN[topic].id], custom_id="faq:topics:1"))
    assert "on the moderators' list" in text_of(await world["Gus"].submit_modal(form, {"question": FAR}))
    await world["Gus"].click(answer(far), label=labels_of(answer(far))[0])
    assert words_of(answer(far)) != words_of(answer(sure))
