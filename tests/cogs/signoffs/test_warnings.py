"""The warning that AI did what the crew had kept for people."""

from domain.decision_log.entries import EntryType
from tests.cogs.signoffs.acts import log_of, open_signoff
from tests.world import World, text_of, words_of

GRADE = {"uses": ["grade"], "tools": "", "told": "told", "flags": []}


async def decide(world: World, task: str, *, human: tuple[str, ...] = (), ai: tuple[str, ...] = ()) -> None:
    """Open a poll on a task, vote and close it."""
    await world["Mara"].slash(world.channel, "poll open", task=task, quorum=2)
    ballot = world.channel.last_message
    assert ballot is not None
    for person in human:
        await world[person].click(ballot, label="Human judgment")
    for person in ai:
        await world[person].click(ballot, label="AI may execute")
    polls = await world["Mara"].autocomplete(world.channel, "poll close", "poll", "")
    await world["Mara"].slash(world.channel, "poll close", poll=polls[0]["value"])


async def test_the_card_warns_before_anybody_signs_and_the_log_keeps_that_it_did(world: World) -> None:
    await decide(world, "Grading decisions", human=("Gus", "Ines"), ai=("Ravi",))
    card = await open_signoff(world, form=GRADE)
    warning = "**Poll 1:** the crew kept *Grading decisions* for people (2 to 1)."
    assert warning in words_of(card)
    request = next(entry for entry in await log_of(world) if entry.type is EntryType.REQUEST)
    assert request.facts["warnings"] == [1]
    signed = await world["Mara"].click(card, label="Yes, I sign")
    assert warning in text_of(signed)
    assert (await log_of(world))[0].facts["warnings"] == [1]
    await world.env.advance_time(6)
    await world.restart()
    assert warning in words_of(card), "what was shown stays shown"


async def test_a_task_that_ai_did_not_do_raises_no_warning(world: World) -> None:
    await decide(world, "Grading decisions", human=("Gus", "Ines"))
    card = await open_signoff(world, form=GRADE | {"uses": ["transcript"]})
    assert "Poll 1" not in words_of(card)
    assert "warnings" not in (await log_of(world))[0].facts


async def test_what_the_crew_gave_to_ai_raises_no_warning(world: World) -> None:
    await decide(world, "Grading decisions", ai=("Gus", "Ines", "Ravi"))
    assert "Poll 1" not in words_of(await open_signoff(world, form=GRADE))


async def test_the_last_poll_on_a_task_is_the_one_that_counts(world: World) -> None:
    await decide(world, "Grading decisions", human=("Gus", "Ines"))
    await decide(world, "grading  DECISIONS", ai=("Gus", "Ines", "Ravi"))
    assert "Poll" not in words_of(await open_signoff(world, form=GRADE))


async def test_a_poll_that_fell_to_people_by_rule_says_so(world: World) -> None:
    await decide(world, "Grading decisions", ai=("Gus",))
    assert "*Grading decisions* stays with people: the crew did not give it to AI" in words_of(
        await open_signoff(world, form=GRADE)
    )


async def test_a_verdict_that_comes_later_shows_in_the_status(world: World) -> None:
    card = await open_signoff(world, form=GRADE)
    await decide(world, "Colour grade of the hero film", human=("Gus", "Ines"))
    status = await world["Mara"].slash(world.channel, "signoff status", piece="Harbour 30s")
    assert "**Poll 1:**" in text_of(status)
    assert "Decided since this was opened" in text_of(status)
    assert "Poll 1" not in words_of(card)


async def test_a_void_verdict_raises_no_warning_and_a_card_that_showed_it_says_so(world: World) -> None:
    await decide(world, "Grading decisions", human=("Gus", "Ines"), ai=("Ravi",))
    card = await open_signoff(world, form=GRADE)
    told = await world["Jonas"].slash(world.channel, "decision-log void", entry=1, reason="Meant for another crew")
    mark = (await log_of(world))[0].seq
    assert "Poll 1's verdict counts no more." in text_of(told)
    await world.env.advance_time(30)
    void = f"That verdict is void now (entry {mark}) and counts no more."
    assert void in words_of(card)
    status = await world["Mara"].slash(world.channel, "signoff status", piece="Harbour 30s")
    assert void in text_of(status)
    assert "Poll 1" not in words_of(await open_signoff(world, cut=4, form=GRADE))
