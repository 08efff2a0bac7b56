"""`/poll verdicts`: the server's line and the essay's, searched and paged."""

from typing import Any

import pytest
from simcord.results import ResponseMessage

from domain.polls.poll import PollVerdict
from domain.polls.precedents import ESSAY
from sandbox.crew import Production
from tests.cogs.polls.acts import EXECUTION, answer, labels_of, open_poll, vote
from tests.cogs.polls.test_outcomes import close_poll, record
from tests.world import World, words_of


async def verdicts(world: World, **options: Any) -> ResponseMessage:
    result = await world["Gus"].slash(world.channel, "poll verdicts", **options)
    assert result.ephemeral
    return answer(result)


def tasks_of(page: ResponseMessage) -> list[str]:
    return [(field.name or "")[2:] for field in page.embeds[0].fields]


async def all_pages(world: World, page: ResponseMessage) -> list[str]:
    """Return the tasks of every page, pressing the buttons of the message from page to page."""
    tasks = tasks_of(page)
    while "More" in labels_of(page):
        await world["Gus"].click(page, label="More")
        tasks += tasks_of(page)
    return tasks


async def test_before_any_poll_there_is_the_essays_line(world: World) -> None:
    page = await verdicts(world)
    assert "📄 The essay's author lets AI do this." in words_of(page)
    assert await all_pages(world, page) == [one.task for one in ESSAY]


async def test_the_newest_comes_first_with_all_that_was_recorded(world: World) -> None:
    await close_poll(world, task="Extend the sky in shot 12")
    await record(
        world, await close_poll(world, poll=2, task="Rough cut of the teaser"), conditions="Mara sees it first"
    )
    page = await verdicts(world)
    assert tasks_of(page)[:2] == ["Rough cut of the teaser", "Extend the sky in shot 12"]
    newest = page.embeds[0].fields[0].value or ""
    assert "**AI may execute**, 3 to 0 · <t:" in newest
    assert "[poll 2](https://discord.com/channels/" in newest
    assert "entry 3" in newest
    assert "**Conditions:** Mara sees it first\nMara Lindqvist decides." in newest
    assert "1 to 5 of 12" in words_of(page)


async def test_a_superseded_verdict_is_marked_as_history(world: World) -> None:
    await open_poll(world)
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    await close_poll(world, poll=2)
    values = [field.value or "" for field in (await verdicts(world)).embeds[0].fields]
    assert "Superseded" not in values[0]
    assert values[1].startswith("🔁 Superseded by poll 2")


@pytest.mark.parametrize("verdict", PollVerdict)
async def test_a_verdict_filters_both_lines(world: World, verdict: PollVerdict) -> None:
    await close_poll(world)
    found = await all_pages(world, await verdicts(world, verdict=verdict.value))
    essays = [one.task for one in ESSAY if one.verdict is verdict]
    assert found == (["Rough cut of the 30s spot", *essays] if verdict is PollVerdict.EXECUTION else essays)


async def test_a_search_finds_similar_tasks_and_those_with_the_words(world: World) -> None:
    await close_poll(world, task="Denoise the dialogue of scene 4")
    await close_poll(world, poll=2, task="Book the hotel")
    found = tasks_of(await verdicts(world, task="denoise dialogue"))
    assert found == ["Denoise the dialogue of scene 4", "a first clean-up of audio"]
    assert tasks_of(await verdicts(world, task="HOTE")) == ["Book the hotel"]
    assert "Nothing like that was decided yet" in words_of(await verdicts(world, task="catering"))


async def test_pages_turn_back_and_forth_after_a_restart(world: World) -> None:
    page = await verdicts(world, verdict="judgment", task="x" * 3000)
    assert "Nothing like that" in words_of(page)
    for number in range(7):
        await close_poll(world, poll=number + 1, task=f"Rough cut of scene {number} {'🎬' * 60}")
    page = await verdicts(world, task=f"rough cut of scene {'🎬' * 60}", verdict="execution")
    first = tasks_of(page)
    await world.restart()
    await world["Gus"].click(page, label="More")
    assert not set(tasks_of(page)) & set(first)
    assert labels_of(page) == ["Back"]
    await world["Gus"].click(page, label="Back")
    assert tasks_of(page) == first


async def test_earlier_tasks_and_the_line_are_suggested_for_a_new_poll(world: World) -> None:
    await close_poll(world, task="Syncing transcripts of day 4")
    await open_poll(world, task="Syncing the clapper")
    for command in ("poll open", "poll verdicts"):
        found = await world["Gus"].autocomplete(world.channel, command, "task", "sync")
        assert [(choice["name"], choice["value"]) for choice in found] == [
            ("Syncing the clapper", "Syncing the clapper"),
            ("Syncing transcripts of day 4 · AI may execute (poll 1)", "Syncing transcripts of day 4"),
            ("syncing transcripts · AI may execute (the essay)", "syncing transcripts"),
        ]
    everything = await world["Gus"].autocomplete(world.channel, "poll open", "task", "")
    assert len(everything) == 12


async def test_another_server_sees_nothing_of_the_line(world: World) -> None:
    await close_poll(world)
    other = Production.create(world.env, "Another film")
    page = answer(await other.person("Mara").slash(other.channels["crew"], "poll verdicts"))
    assert "Rough cut of the 30s spot" not in words_of(page)
    await world["Gus"].slash(world.channel, "poll verdicts")


async def test_a_ballot_shows_valid_precedents_with_their_conditions(world: World) -> None:
    await open_poll(world, task="Transcript sync of the interviews")
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    card = await close_poll(world, poll=2, task="Transcript sync of the interviews")
    await record(world, card, conditions="Ravi spot-checks")
    ballot = await open_poll(world, task="Transcript sync of the voice-over")
    await vote(world, ballot, Gus=EXECUTION)
    assert "Poll 2, Transcript sync of the interviews: **AI may execute** (3 to 0; Ravi spot-checks)" in words_of(
        ballot
    )
    assert "Poll 1, " not in words_of(ballot)
