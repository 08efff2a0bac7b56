"""A server's own answers, as its moderators make them and its crew reads them."""

from datetime import timedelta
from typing import Any

import discord
import pytest
import simcord

from domain.faq.knowledge import load_essays
from tests.cogs.faq.acts import (
    MODERATOR,
    PARKING,
    add,
    admin,
    answer,
    ask,
    edit,
    field_of,
    labels_of,
    press,
    send,
    title_for,
    typed_in,
)
from tests.world import World, text_of, words_of

ESSAY = load_essays()[0]


async def own(world: World) -> dict[str, Any]:
    return dict(await world.bot.stores.faq_entries.own(world.guild_id))


async def test_an_added_answer_is_found_by_every_phrasing_and_says_whose_it_is(world: World) -> None:
    added = await add(world, source="Call sheet")
    assert added.ephemeral
    assert "this server has an answer of its own now" in text_of(added)
    for question in (PARKING["question"], "truck parking", "any lorry space?"):
        card = answer(await ask(world, question)).embeds[0]
        assert (card.title, card.description) == (PARKING["question"], PARKING["answer"])
        assert card.footer.text == "This server's answer · Source: Call sheet"
    assert str(world[MODERATOR].id) not in text_of(await ask(world, "truck parking"))


async def test_typing_suggests_own_answers_too(world: World) -> None:
    await add(world)
    choices = await world["Gus"].autocomplete(world.channel, "faq ask", "question", "truck")
    assert PARKING["question"] in [choice["value"] for choice in choices]


async def test_undo_takes_a_change_back_and_can_be_undone(world: World) -> None:
    added = await add(world)
    await press(world, answer(added), "Undo")
    assert await own(world) == {}
    assert await title_for(world, "truck parking") == "The essays do not cover that"
    await press(world, answer(added), "Put it back")
    assert await title_for(world, "truck parking") == PARKING["question"]
    assert labels_of(answer(added)) == ["Put it back"]


async def test_an_undo_that_would_lose_something_newer_is_refused(world: World) -> None:
    added = await add(world)
    await edit(world, "where-can-trucks-park", answer="In the yard.")
    refused = await press(world, answer(added), "Undo")
    assert "Something newer" in text_of(refused)
    assert (await own(world))["where-can-trucks-park"].answer == "In the yard."


async def test_editing_shows_the_current_answer_and_saves_what_is_sent(world: World) -> None:
    await add(world)
    form = await admin(world, "edit", entry="where-can-trucks-park")
    assert typed_in(form) == {**PARKING, "source": ""}
    saved = await send(world, form, **{**PARKING, "question": "Where do trucks park now?"})
    assert "changed" in text_of(saved)
    assert await title_for(world, "where do trucks park now") == "Where do trucks park now?"


async def test_an_entry_is_found_by_its_question_as_well(world: World) -> None:
    await add(world)
    assert typed_in(await admin(world, "edit", entry="where can trucks park? "))["answer"] == PARKING["answer"]
    assert "no longer in this server's FAQ" in text_of(await admin(world, "edit", entry="nonsense"))


async def test_editing_an_essays_answer_overrides_it_here_and_removing_that_brings_it_back(world: World) -> None:
    saved = await edit(world, ESSAY.id, answer="Here we see it differently.")
    assert "answer of its own now" in text_of(saved)
    card = answer(await ask(world, ESSAY.question)).embeds[0]
    assert card.description == "Here we see it differently."
    assert (card.footer.text or "").startswith("This server's answer, in place of the essay's · Source: The")
    assert labels_of(answer(await ask(world, ESSAY.question)))[3:], "related questions stay"
    removed = await admin(world, "remove", entry=ESSAY.id)
    assert "the essay's answer stands again" in text_of(removed)
    assert answer(await ask(world, ESSAY.question)).embeds[0].description == ESSAY.answer


async def test_an_essays_answer_is_hidden_and_shown_again(world: World) -> None:
    hidden = await admin(world, "remove", entry=ESSAY.id)
    assert "hidden in this server" in text_of(hidden)
    assert await title_for(world, ESSAY.question) != ESSAY.question
    choices = await world[MODERATOR].autocomplete(world.channel, "faq-admin remove", "entry", ESSAY.question[:20])
    assert choices[0] == {"name": f"{ESSAY.question} · hidden", "value": ESSAY.id}
    shown = await admin(world, "remove", entry=ESSAY.id)
    assert "shown again" in text_of(shown)
    assert await title_for(world, ESSAY.question) == ESSAY.question
    await press(world, answer(shown), "Undo")
    assert await title_for(world, ESSAY.question) != ESSAY.question


async def test_a_hidden_answer_can_be_edited_into_ones_own(world: World) -> None:
    await admin(world, "remove", entry=ESSAY.id)
    await edit(world, ESSAY.id, answer="Ours.")
    assert answer(await ask(world, ESSAY.question)).embeds[0].description == "Ours."


async def test_saving_the_same_text_changes_nothing(world: World) -> None:
    await add(world)
    for entry in ("where-can-trucks-park", ESSAY.id):
        assert "nothing was changed" in text_of(await edit(world, entry))
    assert ESSAY.id not in await own(world)
    assert len(await world.bot.stores.faq_entries.recent(world.guild_id)) == 1


async def test_the_later_of_two_moderators_is_told_and_loses_nothing(world: World) -> None:
    await add(world)
    late = await admin(world, "edit", entry="where-can-trucks-park")
    await edit(world, "where-can-trucks-park", answer="In the yard.")
    refused = await send(world, late, **{**PARKING, "answer": "On the roof."})
    assert "while you were writing" in text_of(refused)
    assert "On the roof." in text_of(refused)
    assert "In the yard." in text_of(refused)
    assert (await own(world))["where-can-trucks-park"].answer == "In the yard."
    again = await press(world, answer(refused), "Open the form again")
    assert typed_in(again)["answer"] == "On the roof."
    await send(world, again, **typed_in(again))
    assert (await own(world))["where-can-trucks-park"].answer == "On the roof."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"question": "🎬🎥"}, "no words in it"),
        ({"question": "\u202e \u200b"}, "must be a text and not empty"),
        ({"answer": "\u200b\u200e"}, "must be a text and not empty"),
        ({"alternates": "\n".join(f"way {n}" for n in range(51))}, "more than 50 alternates"),
    ],
)
async def test_what_cannot_be_saved_comes_back_to_its_author(world: World, values: dict[str, str], reason: str) -> None:
    refused = await add(world, **values)
    assert refused.ephemeral
    assert reason in text_of(refused)
    assert PARKING["answer"] in text_of(refused) or "answer" in values
    assert await own(world) == {}
    await world.restart()
    again = await press(world, answer(refused), "Open the form again")
    assert typed_in(again)["alternates"] == values.get("alternates", PARKING["alternates"])
    await send(world, again, **PARKING)
    assert len(await own(world)) == 1


async def test_the_longest_text_comes_back_whole(world: World) -> None:
    longest = {"answer": "a" * 4000, "alternates": "\n".join("b" * 78 for _ in range(50)), "source": "s" * 200}
    refused = await add(world, question="?" * 100, **longest)
    assert "no words" in text_of(refused)
    assert typed_in(await press(world, answer(refused), "Open the form again")) == {"question": "?" * 100, **longest}


async def test_the_longest_text_fits_next_to_the_current_one(world: World) -> None:
    longest = {
        "answer": "a" * 4000,
        "alternates": "\n".join("b" * 77 + str(n) for n in range(10, 59)),
        "source": "s" * 200,
    }
    await add(world, **longest)
    late = await admin(world, "edit", entry="where-can-trucks-park")
    await edit(world, "where-can-trucks-park", source="t" * 200)
    refused = await send(world, late, **{**PARKING, **longest, "answer": "c" * 4000})
    assert "while you were writing" in text_of(refused)
    assert typed_in(await press(world, answer(refused), "Open the form again"))["answer"] == "c" * 4000


async def test_a_second_entry_of_the_same_question_is_refused(world: World) -> None:
    await add(world)
    assert "would have the same question" in text_of(await add(world, question="where can TRUCKS park?"))
    assert len(await own(world)) == 1


async def test_a_phrasing_that_another_answers_is_saved_with_a_warning(world: World) -> None:
    await add(world)
    saved = await add(world, question="Where is base camp?", alternates=f"where do trucks park\n{ESSAY.question}")
    warned = field_of(answer(saved), "Look at this again")
    assert f"is closer to “{PARKING['question']}”" in warned
    assert f"is the question of “{ESSAY.question}”" in warned
    assert "Undo" in labels_of(answer(saved))
    assert len(await own(world)) == 2


async def test_an_ordinary_entry_gives_no_warning(world: World) -> None:
    assert field_of(answer(await add(world)), "Look at this again") == ""


@pytest.mark.parametrize(
    "text",
    ["**bold** [a](https://evil.example) `code", "@everyone <@&123456789012345678>", "قصيدة عن السينما", "```\n# x"],
)
async def test_any_text_of_a_moderator_makes_a_sane_card(world: World, text: str) -> None:
    saved = await add(world, question=text, answer=text, alternates=text, source=text)
    title = await title_for(world, text)
    assert "@everyone" not in title
    assert not {"`code", "[a](h"} & {title[n : n + 5] for n in range(len(title)) if n and title[n - 1] != "\\"}
    shown = await world["Gus"].slash(world.channel, "faq browse", source="server")
    assert "1 topics" in text_of(shown)
    assert "@everyone" not in text_of(shown)
    await press(world, answer(saved), "Undo")
    assert await own(world) == {}


async def test_buttons_and_open_forms_outlive_a_restart(world: World) -> None:
    added, form = await add(world), await admin(world, "edit", entry="where-can-trucks-park")
    await world.restart()
    await send(world, form, **{**PARKING, "answer": "On the roof."})
    assert (await own(world))["where-can-trucks-park"].answer == "On the roof."
    assert "Something newer" in text_of(await press(world, answer(added), "Undo"))


async def test_a_grant_by_integrations_holds_for_an_hour_and_then_discord_is_asked_again(world: World) -> None:
    added, form = await add(world), await admin(world, "add")
    world.production.guild.remove_member(world[MODERATOR])
    granted = world.production.guild.add_member(world[MODERATOR].user)
    undone = await granted.click(answer(added), label="Undo")
    assert "Undone" in words_of(answer(added)), undone
    await world.env.advance_time(timedelta(hours=1, minutes=1).total_seconds())
    refused = await granted.click(answer(added), label="Put it back")
    assert "Only moderators" in text_of(refused)
    late = await granted.submit_modal(form, {**PARKING, "source": ""})
    assert "Only moderators" in text_of(late)
    assert PARKING["answer"] in text_of(late)
    assert labels_of(answer(late)) == []
    assert await own(world) == {}


async def forge(world: World, custom_id: str, looks_like: simcord.InteractionResult) -> simcord.InteractionResult:
    """Let a modified client of the gaffer send a form that he was never shown."""
    shown = await world["Gus"].slash(world.channel, "signoff open", piece="Harbour 30s", cut=1)
    assert looks_like.modal is not None
    shown._interaction.modal = {**looks_like.modal, "custom_id": custom_id}
    return await world["Gus"].submit_modal(shown, {**PARKING, "source": ""})


async def test_a_form_that_nobody_was_shown_is_refused(world: World) -> None:
    form, time = await admin(world, "add"), int(world.env.now().timestamp())
    assert form.modal is not None
    for made_up in (f"faq:add:{time}", f"faq:add:{time:08x}00000000", f"faq:add:{time:08x}", form.modal["custom_id"]):
        assert "Only moderators" in text_of(await forge(world, made_up, form))
    assert await own(world) == {}


async def test_a_form_of_an_older_version_works_for_moderators_only(world: World) -> None:
    form = await admin(world, "add")
    assert form.modal is not None
    form._interaction.modal = {**form.modal, "custom_id": f"faq:add:{int(world.env.now().timestamp())}"}
    await send(world, form, **PARKING)
    assert set(await own(world)) == {"where-can-trucks-park"}


async def test_the_role_that_settings_name_moderates(world: World) -> None:
    sound = world.production.departments["Sound"]
    await world[MODERATOR].slash(world.channel, "settings set", moderators=sound)
    added = await add(world)
    world.production.guild.remove_member(world[MODERATOR])
    returned = world.production.guild.add_member(world[MODERATOR].user, roles=[sound])
    await world.env.advance_time(timedelta(hours=2).total_seconds())
    await returned.click(answer(added), label="Undo")
    assert "Undone" in words_of(answer(added))


async def test_the_commands_are_hidden_from_the_crew(world: World) -> None:
    command = world.bot.tree.get_command("faq-admin")
    assert command is not None
    assert command.default_permissions == discord.Permissions(manage_guild=True)
    for name in ("add", "edit", "remove", "import", "export", "queue", "stats"):
        with pytest.raises(simcord.SetupError, match="not visible"):
            await world["Gus"].slash(world.channel, f"faq-admin {name}", entry="x")
