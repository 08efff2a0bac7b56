"""The FAQ in one server among others: who sees answers, asking by a message, browsing, figures; other servers."""

import json
import re
from dataclasses import replace

import discord
import pytest
import simcord

from db.faq.store import FaqStore
from domain.faq.knowledge import Knowledge, load_essays
from domain.faq.matcher import Origin
from domain.settings import Visibility
from sandbox.crew import Production
from tests.cogs.faq.acts import (
    MODERATOR,
    add,
    admin,
    answer,
    ask,
    component,
    edit,
    labels_of,
    pick,
    press,
    queue_question,
    rows,
    title_for,
)
from tests.db.faq.acts import act, ratings
from tests.world import World, text_of

SURE, FAR = "is it just a tool?", "best pizza in Naples"
ESSAYS = load_essays()


async def find(world: World, message: object, who: str = "Gus") -> simcord.InteractionResult:
    return await world[who].context_menu(world.channel, "Find FAQ answer", message)  # type: ignore[arg-type]  # simcord's


async def show_everyone(world: World) -> None:
    visibility = {"faq-visibility": Visibility.EVERYONE.value}
    await world[MODERATOR].slash(world.channel, "settings set", **visibility)


async def test_the_server_sets_who_sees_answers_and_one_can_choose_otherwise(world: World) -> None:
    assert (await ask(world, SURE)).ephemeral
    await show_everyone(world)
    shown = await ask(world, SURE)
    assert not shown.ephemeral
    assert (await ask(world, SURE, share=False)).ephemeral
    assert (await ask(world, FAR)).ephemeral


async def test_a_message_is_answered_privately_whatever_the_server_has_set(world: World) -> None:
    await show_everyone(world)
    said = await world["Ines"].send(world.channel, SURE)
    found = await find(world, said)
    assert found.ephemeral
    assert answer(found).embeds[0].title == await title_for(world, SURE)
    assert labels_of(answer(found))[0] == "Share"
    far = await find(world, await world["Ines"].send(world.channel, FAR))
    assert "Ask the moderators" in labels_of(answer(far))


@pytest.mark.parametrize("text", ["", "\u200b\u202e"])
async def test_a_message_without_text_is_declined_in_words(world: World, text: str) -> None:
    said = await world["Ines"].send(world.channel, text, attachments=[("cut.mp4", b"0")])
    found = await find(world, said)
    assert found.ephemeral
    assert "no text that I could read" in text_of(found)


async def test_the_bots_own_message_is_declined_in_words(world: World) -> None:
    shared = await ask(world, SURE, share=True)
    assert "one of my own messages" in text_of(await find(world, answer(shared)))


@pytest.mark.parametrize(
    "text", ["🎬🎥", "قصيدة", "@everyone <@&123456789012345678>", "**b** [a](https://evil.example)", "z" * 2000]
)
async def test_any_message_gets_a_sane_card(world: World, text: str) -> None:
    found = await find(world, await world["Ines"].send(world.channel, text))
    assert found.ephemeral
    assert not re.search(r"@everyone|<@&?\d|(?<!\\)\[a\]\(", text_of(found))


async def test_what_fails_behind_the_message_command_ends_in_the_funnel(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr("tests.world._foreseen", lambda _error: True)  # answered in words, yet listed
    said = await world["Ines"].send(world.channel, SURE)
    await world.database.close()
    found = await find(world, said)
    assert "restarting" in text_of(found)
    assert found.ephemeral


async def test_the_message_command_is_for_servers_and_goes_with_its_feature(world: World) -> None:
    await world.restart()  # with the features loaded by discord.py, which unloads no others
    kind = discord.AppCommandType.message
    found = world.bot.tree.get_command("Find FAQ answer", type=kind)
    assert found is not None
    assert found.guild_only
    await world.bot.unload_extension("cogs.faq")
    assert world.bot.tree.get_command("Find FAQ answer", type=kind) is None


async def test_own_answers_are_browsed_by_themselves_and_after_the_essays(world: World) -> None:
    empty = await world["Gus"].slash(world.channel, "faq browse", source="server")
    assert "no entries of its own yet" in text_of(empty)
    await add(world)
    await edit(world, ESSAYS[0].id, answer="Ours.")
    shown = await world["Gus"].slash(world.channel, "faq browse", source="server")
    listed = re.findall(r"^• (.+)$", text_of(shown), re.MULTILINE)
    assert listed == [ESSAYS[0].question, "Where can trucks park?"]
    everything = await world["Gus"].slash(world.channel, "faq browse")
    while "More ›" in labels_of(answer(everything)):
        await press(world, answer(everything), "More ›", "Gus")
    assert "**This server**" in text_of(everything)
    assert "Where can trucks park?" in text_of(everything)


async def test_a_section_can_be_gone_to_and_left_again(world: World) -> None:
    shown = await world["Gus"].slash(world.channel, "faq browse", source="numbers-are-real")
    menu = component(answer(shown), "faq:sections:")
    chosen = next(option for option in menu["options"] if option["label"] == "Creative Integrity")
    await world["Gus"].select(answer(shown), [chosen["value"]], custom_id=menu["custom_id"])
    listed = re.findall(r"^• (.+)$", text_of(shown), re.MULTILINE)
    wanted = [entry.question for entry in ESSAYS if entry.source and entry.source.section == "Creative Integrity"]
    assert listed == wanted
    await world.restart()
    await world["Gus"].select(answer(shown), ["all"], custom_id=menu["custom_id"])
    assert len(re.findall(r"^• ", text_of(shown), re.MULTILINE)) == 12


async def test_a_long_section_is_paged(world: World) -> None:
    entries = [{"question": f"Question {n}?", "answer": "Yes."} for n in range(30)]
    shown = await admin(world, "import", file=("x.json", json.dumps(entries).encode()))
    await press(world, answer(shown), "Import")
    browsing = await world["Gus"].slash(world.channel, "faq browse")
    menu = component(answer(browsing), "faq:sections:")
    chosen = next(option for option in menu["options"] if option["label"] == "Own answers")
    await world["Gus"].select(answer(browsing), [chosen["value"]], custom_id=menu["custom_id"])
    for page in (2, 3):
        await press(world, answer(browsing), "More ›", "Gus")
        assert f"Page {page} of 3 · 30 topics" in text_of(browsing)
    await press(world, answer(browsing), "‹ Back", "Gus")
    assert "Page 2 of 3" in text_of(browsing)


async def test_stats_say_how_the_faq_is_used_and_nobodys_name(world: World) -> None:
    assert "Nobody asked anything" in text_of(await admin(world, "stats"))
    for question in (SURE, SURE, FAR, "director"):
        await ask(world, question)
    await queue_question(world, "who plays the cello")
    await add(world)
    shown = await admin(world, "stats")
    assert shown.ephemeral
    words = text_of(shown)
    assert "5 questions in the last 30 days: 40 % not covered, 20 % asked back." in words
    assert f"**2×** {await title_for(world, SURE)}" in words
    assert "1 (see `/faq-admin queue`)" in words
    assert "1 of 500" in words
    assert "Added `where-can-trucks-park`" in words
    assert str(world["Gus"].id) not in words
    assert not any(world["Gus"].id in row for row in await rows(world, "faq_count"))


async def test_a_repeated_press_on_a_rating_counts_once(world: World) -> None:
    asked = await ask(world, SURE)
    entry = next(entry for entry in ESSAYS if entry.question == answer(asked).embeds[0].title)
    store, card = world.bot.stores.faq, answer(asked).id
    await press(world, answer(asked), "Helpful", "Gus")
    again = replace(act(99), at=answer(asked).message.created_at)
    await store.add_feedback(world.guild_id, again, entry.id, helpful=False, message_id=card)
    assert await ratings(world.bot.database, world.guild_id, entry.id) == (1, 1)


async def test_an_answer_outlives_a_disk_that_takes_no_counts(world: World) -> None:
    await ask(world, SURE)
    await world.database.write(lambda connection: connection.execute("ALTER TABLE faq_count RENAME TO gone"))
    assert answer(await ask(world, SURE)).embeds[0].title


async def test_nothing_of_one_server_is_seen_or_reached_from_another(world: World) -> None:
    added = await add(world)
    await queue_question(world, FAR, tell=True)
    card = await pick(world, FAR)
    elsewhere = Production.create(world.env, "Another production")
    mod, channel = elsewhere.person("Jonas"), elsewhere.channels["crew"]
    assert (await world.bot.stores.faq.knowledge(elsewhere.guild.id)).version == 0
    asked = await mod.slash(channel, "faq ask", question="truck parking")
    assert "do not cover that" in text_of(asked)
    assert "Nothing is waiting." in text_of(await mod.slash(channel, "faq-admin queue"))
    unknown = await mod.slash(channel, "faq-admin edit", entry="where-can-trucks-park")
    assert "no longer in this server's FAQ" in text_of(unknown)
    assert "Nobody asked" not in text_of(await mod.slash(channel, "faq-admin stats"))
    form = await mod.slash(channel, "faq-admin add")
    theirs = await mod.submit_modal(form, {"question": "Truck parking?", "answer": "Nowhere."})
    await mod.click(answer(theirs), label="Undo")
    assert answer(added).id != answer(theirs).id
    assert list(await world.bot.stores.faq_entries.own(world.guild_id)) == ["where-can-trucks-park"]
    assert [one.wording for one in await world.bot.stores.faq_queue.open(world.guild_id)] == [FAR]
    assert "Dismiss" in labels_of(card)


async def test_an_answer_that_was_shared_says_whose_it_is(world: World) -> None:
    await add(world, source="Call sheet")
    asked = await ask(world, "truck parking")
    shared = await press(world, answer(asked), "Share", "Gus")
    assert "This server's answer · Source: Call sheet" in text_of(shared)
    assert not shared.ephemeral


async def test_an_old_card_of_a_removed_answer_says_so(world: World) -> None:
    await add(world)
    asked = await ask(world, "truck parking")
    await admin(world, "remove", entry="where-can-trucks-park")
    for label in ("Share", "Helpful"):
        assert "no longer in this server's FAQ" in text_of(await press(world, answer(asked), label, "Gus"))


async def test_a_question_reads_what_the_server_knows_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge, read = FaqStore.knowledge, []

    async def counted(store: FaqStore, guild_id: int) -> Knowledge:
        read.append(guild_id)
        return await knowledge(store, guild_id)

    monkeypatch.setattr(FaqStore, "knowledge", counted)
    for question in (SURE, FAR):
        read.clear()
        await ask(world, question)
        assert read == [world.guild_id]


async def test_matchers_are_rebuilt_only_when_something_changed(world: World) -> None:
    before = await world.bot.answers.matcher(world.guild_id)
    assert await world.bot.answers.matcher(world.guild_id) is before
    assert await world.bot.answers.matcher(12345) is before
    await add(world)
    after = await world.bot.answers.matcher(world.guild_id)
    assert after is not before
    assert after.entries[-1].origin is Origin.SERVER
    assert await world.bot.answers.matcher(12345) is before
