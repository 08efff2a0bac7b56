"""Polls as a crew meets them: the real bot in a simulated Discord."""

import pytest

from domain.polls.poll import Choice, Ground, PollVerdict
from sandbox.crew import Production
from tests.cogs.polls.acts import (
    ABSTAIN,
    EXECUTION,
    JUDGMENT,
    TASK,
    answer,
    field_of,
    hold,
    labels_of,
    open_poll,
    redrawn,
    stored,
    vote,
)
from tests.world import World, text_of, words_of


async def test_a_ballot_shows_the_task_the_rule_and_five_buttons(world: World) -> None:
    ballot = await open_poll(world, details="Scene 4, Runway 4", quorum=5)
    words = words_of(ballot)
    assert not ballot.ephemeral
    assert all(expected in words for expected in (TASK, "Scene 4, Runway 4", "0 of 5 needed", "a human judges"))
    assert labels_of(ballot) == [EXECUTION, JUDGMENT, ABSTAIN, "Hold", "My vote"]


@pytest.mark.parametrize(
    ("label", "choice"),
    [(EXECUTION, Choice.EXECUTION), (JUDGMENT, Choice.JUDGMENT), (ABSTAIN, Choice.ABSTAIN)],
)
async def test_a_vote_is_receipted_to_the_voter_alone_and_counted(world: World, label: str, choice: Choice) -> None:
    ballot = await open_poll(world)
    receipt = await world["Gus"].click(ballot, label=label)
    assert receipt.ephemeral
    assert f"is **{label}**" in text_of(receipt)
    assert (await stored(world)).tally.everyone == {**dict.fromkeys(Choice, 0), choice: 1}
    await redrawn(world)
    assert f"**1** {label}" in words_of(ballot)


async def test_one_person_has_one_vote_however_often_they_press(world: World) -> None:
    ballot = await open_poll(world)
    for label in (EXECUTION, EXECUTION, JUDGMENT, ABSTAIN, JUDGMENT):
        await vote(world, ballot, Gus=label)
    assert (await stored(world)).tally.everyone == {Choice.EXECUTION: 0, Choice.JUDGMENT: 1, Choice.ABSTAIN: 0}


async def test_my_vote_shows_a_vote_and_takes_it_back(world: World) -> None:
    ballot = await open_poll(world)
    nothing = await world["Gus"].click(ballot, label="My vote")
    assert "You have not voted" in text_of(nothing)
    assert labels_of(answer(nothing)) == []
    await vote(world, ballot, Gus=JUDGMENT)
    mine = await world["Gus"].click(ballot, label="My vote")
    assert mine.ephemeral
    assert f"**{JUDGMENT}**" in text_of(mine)
    await world["Gus"].click(answer(mine), label="Withdraw")
    assert "is withdrawn" in text_of(mine)
    assert labels_of(answer(mine)) == []
    assert (await stored(world)).tally.turnout == 0


async def test_a_reason_appears_by_name_on_the_ballot(world: World) -> None:
    ballot = await open_poll(world)
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    form = await world["Gus"].click(answer(receipt), label="Add reason")
    told = await world["Gus"].submit_modal(form, {"reason": "The *light* is @everyone's job"})
    assert "Your reason:" in text_of(told)
    await redrawn(world)
    assert f"**{JUDGMENT}** · {world['Gus'].mention}" in field_of(ballot, "Reasons")
    assert "\\*light\\*" in field_of(ballot, "Reasons")
    assert "@everyone" not in words_of(ballot)


async def test_a_hold_blocks_execution_until_its_owner_lifts_it(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    placed = await hold(world, ballot, "Priya", "The talent has not agreed")
    assert placed.ephemeral
    await redrawn(world)
    assert f"{world['Priya'].mention}: The talent has not agreed" in field_of(ballot, "On hold")
    assert (await stored(world)).standing.ground is Ground.HOLD
    again = await hold(world, ballot, "Priya", "Once more with feeling")
    assert "already" in text_of(again)
    form = await world["Priya"].click(answer(placed), label="Lift my hold")
    assert "is lifted" in text_of(await world["Priya"].submit_modal(form, {"reason": "Release signed"}))
    await redrawn(world)
    assert field_of(ballot, "On hold") == ""
    assert (await stored(world)).standing.verdict is PollVerdict.EXECUTION


async def test_a_hold_is_found_again_under_my_vote(world: World) -> None:
    ballot = await open_poll(world)
    await hold(world, ballot, "Priya", "The talent has not agreed")
    mine = await world["Priya"].click(ballot, label="My vote")
    assert "Your hold blocks execution" in text_of(mine)
    assert labels_of(answer(mine)) == ["Lift my hold"]


@pytest.mark.parametrize("reason", ["      ", "\u200b" * 10, "short"])
async def test_a_reason_too_short_to_mean_anything_is_not_saved(world: World, reason: str) -> None:
    ballot = await open_poll(world)
    form = await world["Gus"].click(ballot, label="Hold")
    form_values = {"reason": reason.ljust(6)}
    assert "6 to 500 characters" in text_of(await world["Gus"].submit_modal(form, form_values))
    assert (await stored(world)).holds == ()


async def test_counts_and_names_wait_for_the_close_on_an_after_close_ballot(world: World) -> None:
    ballot = await open_poll(world, ballot="after-close")
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    form = await world["Gus"].click(answer(receipt), label="Add reason")
    await world["Gus"].submit_modal(form, {"reason": "It needs an eye"})
    await redrawn(world)
    shown = await world["Ines"].slash(world.channel, "poll show", poll=1)
    for words in (words_of(ballot), text_of(shown)):
        assert "Counts are shown when the poll closes." in words
        assert not any(secret in words for secret in ("█", "It needs an eye", world["Gus"].mention))
    closed = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert "**1** Human judgment" in text_of(closed)
    assert "It needs an eye" in text_of(closed)


async def test_names_are_never_shown_on_a_secret_ballot(world: World) -> None:
    ballot = await open_poll(world, ballot="secret")
    receipt = await world["Gus"].click(ballot, label=JUDGMENT)
    assert labels_of(answer(receipt)) == ["Withdraw"]
    await redrawn(world)
    assert "█" not in words_of(ballot)
    closed = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert "**1** Human judgment" in text_of(closed)
    assert world["Gus"].mention not in text_of(closed) + words_of(ballot)
    shown = await world["Gus"].slash(world.channel, "poll show", poll=1)
    assert world["Gus"].mention not in text_of(shown)
    async with world.database.snapshot() as snapshot:
        kept = str(await snapshot.all("SELECT * FROM poll_vote") + await snapshot.all("SELECT * FROM poll_event"))
    assert str(world["Gus"].id) not in kept


async def test_only_the_role_that_votes_votes_and_holds(world: World) -> None:
    camera = world.production.departments["Camera"]
    ballot = await open_poll(world, voters=camera)
    assert camera.mention in field_of(ballot, "Who votes")
    refused = await world["Gus"].click(ballot, label=EXECUTION)
    assert refused.ephemeral
    assert "Only people with the role" in text_of(refused)
    assert "Only people with the role" in text_of(await hold(world, ballot, "Gus", "I want to be asked"))
    await vote(world, ballot, Ines=EXECUTION)
    poll = await stored(world)
    assert (poll.tally.turnout, poll.holds) == (1, ())


async def test_execution_never_wins_against_the_department_that_owns_the_task(world: World) -> None:
    ballot = await open_poll(world, department=world.production.departments["Camera"])
    await vote(world, ballot, Ines=JUDGMENT, Gus=EXECUTION, Priya=EXECUTION, Ravi=EXECUTION)
    closed = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert "A human judges" in text_of(closed)
    assert "department that owns the task was mostly for judgment" in text_of(closed)
    assert "1 Human judgment" in field_of(answer(closed), "Owning department")


async def test_only_the_opener_and_moderators_close(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION, Ines=EXECUTION, Ravi=EXECUTION)
    refused = await world["Gus"].slash(world.channel, "poll close", poll=1)
    assert "Only whoever opened poll 1, or a moderator, can do that." in text_of(refused)
    assert (await stored(world)).closed_at is None
    closed = await world["Jonas"].slash(world.channel, "poll close", poll=1)
    assert not closed.ephemeral
    await redrawn(world)
    for words in (text_of(closed), words_of(ballot)):
        assert "AI may execute" in words
        assert "Turnout 3, quorum 3" in words
    assert labels_of(ballot) == ["Record outcome"]
    again = await world["Lena"].slash(world.channel, "poll close", poll=1)
    assert "is closed, so nothing was changed" in text_of(again)


async def test_the_list_shows_deadline_turnout_and_whether_one_has_voted(world: World) -> None:
    assert "Nothing is open" in text_of(await world["Gus"].slash(world.channel, "poll list"))
    first = await open_poll(world)
    await open_poll(world, task="Extend the sky in shot 12", closes="2h")
    await vote(world, first, Gus=JUDGMENT)
    listed = await world["Gus"].slash(world.channel, "poll list")
    names = [field.name for field in answer(listed).embeds[0].fields]
    values = [field.value or "" for field in answer(listed).embeds[0].fields]
    assert listed.ephemeral
    assert names == ["2 · Extend the sky in shot 12", f"1 · {TASK}"]
    assert "**you have not voted**" in values[0]
    assert "you voted Human judgment" in values[1]
    assert f"/{world.guild_id}/{world.channel.id}/{first.id}" in values[1]


async def test_a_long_list_says_how_many_it_leaves_out(world: World) -> None:
    for number in range(13):
        await open_poll(world, task=f"{'long words ' * 17}{number}")
    listed = answer(await world["Gus"].slash(world.channel, "poll list"))
    assert len(listed.embeds[0].fields) == 12
    assert "12 of 13 shown" in words_of(listed)


async def test_polls_and_earlier_tasks_are_suggested(world: World) -> None:
    await open_poll(world)
    await open_poll(world, task="Extend the sky in shot 12")
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    find = world["Gus"].autocomplete
    assert [choice["name"] for choice in await find(world.channel, "poll show", "poll", "")] == [
        "2 · Extend the sky in shot 12",
        f"1 · {TASK} (closed)",
    ]
    assert [choice["value"] for choice in await find(world.channel, "poll close", "poll", "")] == [2]
    assert [choice["value"] for choice in await find(world.channel, "poll show", "poll", "#2")] == [2]
    assert [choice["value"] for choice in await find(world.channel, "poll open", "task", "ROUGH")] == [TASK]
    assert await find(world.channel, "poll show", "poll", "x" * 6000) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"task": " \u200b "}, "Say in a few words"),
        ({"closes": "when we are done"}, "I could not read when"),
        ({"closes": "5m"}, "at least 15 minutes"),
        ({"closes": "1 January 2020"}, "at least 15 minutes"),
        ({"closes": "91d"}, "90 days at most"),
        ({"closes": "99999w"}, "90 days at most"),
    ],
)
async def test_what_cannot_be_opened_is_said(world: World, options: dict[str, str], words: str) -> None:
    refused = await world["Lena"].slash(world.channel, "poll open", **{"task": TASK} | options)
    assert refused.ephemeral
    assert words in text_of(refused)
    assert "Nothing is open" in text_of(await world["Gus"].slash(world.channel, "poll list"))


async def test_hostile_text_is_shown_as_it_was_typed(world: World) -> None:
    task = "**@everyone** [a](https://evil.example) <@&123456789012345678> \u202egpj [b](https://evil.example)"
    ballot = await open_poll(world, task=task, details="# loud\n" + "\\" * 900)
    listed = text_of(await world["Gus"].slash(world.channel, "poll list"))
    for words in (words_of(ballot), listed):
        assert "@everyone" not in words
        assert "<@&1" not in words
        assert "\u202e" not in words
        assert "\\[b\\](" in words
    assert "\n# loud" not in words_of(ballot)


async def test_another_server_reaches_nothing(world: World) -> None:
    ballot = await open_poll(world)
    await vote(world, ballot, Gus=EXECUTION)
    before = await stored(world)
    other = Production.create(world.env, "Another film")
    mara, channel = other.person("Mara"), other.channels["crew"]
    for call in ("poll show", "poll close"):
        assert "There is no poll 1 in this server." in text_of(await mara.slash(channel, call, poll=1))
    assert await mara.autocomplete(channel, "poll show", "poll", "1") == []
    assert "Nothing is open" in text_of(await mara.slash(channel, "poll list"))
    forged = (await mara.slash(channel, "poll open", task="Their own")).response
    assert forged is not None
    await mara.click(forged, label=JUDGMENT)
    assert await stored(world) == before


async def test_a_new_ballot_shows_what_was_decided_on_such_tasks_before(world: World) -> None:
    first = await open_poll(world, task="Transcript sync of the interviews")
    await vote(world, first, Lena="AI may execute", Sam="AI may execute", Ravi="Human judgment")
    await world["Lena"].slash(world.channel, "poll close", poll=1)
    second = await open_poll(world, "Gus", task="transcript sync of the voice-over")
    seen = words_of(second)
    assert "Poll 1, Transcript sync of the interviews" in seen
    assert "(2 to 1)" in seen
    assert "author gives to AI: syncing transcripts" in seen


async def test_a_task_like_no_other_shows_no_precedent(world: World) -> None:
    assert "Decided before" not in words_of(await open_poll(world, task="Book the hotel"))
