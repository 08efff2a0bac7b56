"""Every error in answering a person ends in words for them and a line for the host."""

import logging
import re
from collections.abc import AsyncIterator

import pytest
import simcord

from bot.delivery.posts import Posts
from bot.delivery.refresher import SECONDS_BETWEEN_EDITS, Refresher
from db.engine.database import Database
from tests.bot.probe import FAULTS, TYPED, Probe, ProbeButton, ProbeForm, ProbeSelect
from tests.world import World, text_of, words_of

WORDS = {
    "fault": "Something went wrong on our side",
    "rule": "Say in a few words what is to be done.",
    "not saved": "That could not be saved, and nothing was changed.",
    "unknown": "Press again: pressing twice counts once.",
    "closing": "The bot is restarting",
    "check": "You may not use this command here.",
}


@pytest.fixture
async def faulty(database: Database) -> AsyncIterator[World]:
    """The bot with a feature that fails; these tests expect simcord's list of errors to fill."""
    running = await World.start(database)
    running.bot.add_items(ProbeButton, ProbeSelect)
    running.bot.add_modals(ProbeForm)
    await running.bot.add_cog(Probe())
    await running.bot.tree.sync()
    yield running
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.world._foreseen", lambda _error: True)
        await running.stop()


def references(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the references in the log; each must have its traceback."""
    found = []
    for record in caplog.records:
        if match := re.match(r"\[([0-9a-f]{8})\] ", record.getMessage()):
            assert record.exc_info
            assert record.exc_info[2]
            found.append(match[1])
    return found


def check(result: simcord.InteractionResult, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    """Check that only the person saw the words, without the error's name or text, and that a fault is in the log."""
    assert result.ephemeral or result.followups[0].ephemeral
    said = text_of(result) + "".join(words_of(message) for message in result.followups)
    assert WORDS[fault] in said
    assert not re.search(r"Error|Exception|Traceback|NotSaved|Unknown\b|Closed|" + TYPED, said)
    told = re.findall(r"`([0-9a-f]{8})`", said)
    assert told == references(caplog)
    assert len(told) == (fault == "fault")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_command_that_fails(faulty: World, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    check(await faulty["Gus"].slash(faulty.channel, "probe fail", fault=fault), fault, caplog)


async def test_a_command_that_fails_after_it_deferred(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    failed = await faulty["Gus"].slash(faulty.channel, "probe fail", fault="fault", late=True)
    assert failed.response is not None
    told = words_of(failed.response) + "".join(words_of(message) for message in failed.followups)
    assert WORDS["fault"] in told
    assert references(caplog) == re.findall(r"`([0-9a-f]{8})`", told)


async def test_buttons_selects_and_forms_that_fail(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    shown = await faulty["Gus"].slash(faulty.channel, "probe items")
    assert shown.response is not None
    for fault in FAULTS:
        caplog.clear()
        check(await faulty["Gus"].click(shown.response, label=fault), fault, caplog)
        caplog.clear()
        check(await faulty["Gus"].select(shown.response, [fault]), fault, caplog)
        caplog.clear()
        form = await faulty["Gus"].slash(faulty.channel, "probe form")
        check(await faulty["Gus"].submit_modal(form, {"fault": fault}), fault, caplog)


async def test_autocomplete_that_fails_offers_nothing(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    assert await faulty["Gus"].autocomplete(faulty.channel, "probe fail", "fault", "fault") == []
    assert len(references(caplog)) == 1


async def test_an_event_that_fails_is_logged(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    faulty.bot.dispatch("probe")
    await faulty.env.settle()
    assert len(references(caplog)) == 1
    assert "on_probe failed" in caplog.text


async def test_a_background_task_goes_on_after_a_failure(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    drawn: list[int] = []

    async def draw(_guild_id: int, number: int) -> None:
        drawn.append(number)
        if number == 1:
            raise FAULTS["fault"]

    posts = Posts(faulty.bot)
    refresher = Refresher(draw, posts.edit, "the card of probe", posts.lanes)
    with faulty.env._bot_scope():
        refresher.changed(1, 1)
        refresher.changed(1, 2)
    await faulty.env.advance_time(1)
    refresher.changed(1, 3)
    await faulty.env.advance_time(SECONDS_BETWEEN_EDITS + 1)
    await refresher.stop()
    assert drawn == [1, 2, 3]
    assert len(references(caplog)) == 1
    assert "editing the card of probe 1 failed" in caplog.text


async def test_an_answer_that_comes_too_late_is_only_logged(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    faulty.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")
    unanswered = await faulty["Gus"].slash(faulty.channel, "help")
    assert unanswered.response is None
    assert "/help could not be answered: Discord says 10062" in caplog.text
    assert references(caplog) == []


async def test_an_error_that_cannot_be_shown_is_logged_and_the_bot_goes_on(
    faulty: World, caplog: pytest.LogCaptureFixture
) -> None:
    faulty.env.inject_error("POST", "/interactions/*/callback", status=500)
    failed = await faulty["Gus"].slash(faulty.channel, "probe fail", fault="fault")
    assert failed.response is None
    assert "the error could not be shown" in caplog.text
    assert len(references(caplog)) == 1
    assert "Circle Take" in text_of(await faulty["Gus"].slash(faulty.channel, "help"))


async def test_a_missing_permission_is_named(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    faulty.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    refused = await faulty["Gus"].slash(faulty.channel, "probe send")
    assert "Discord did not let me do that here" in text_of(refused)
    assert references(caplog) == []


async def test_a_removed_command_asks_to_restart_discord(faulty: World) -> None:
    faulty.bot.tree.remove_command("help")
    assert "This command has changed" in text_of(await faulty["Gus"].slash(faulty.channel, "help"))


async def test_a_form_nobody_knows_is_answered_and_logged_by_its_id(
    faulty: World, caplog: pytest.LogCaptureFixture
) -> None:
    form = await faulty["Gus"].slash(faulty.channel, "probe form")
    faulty.bot._modals.remove(ProbeForm)
    sent = await faulty["Gus"].submit_modal(form, {"fault": TYPED})
    assert "from an older version of the bot" in text_of(sent)
    assert "nobody knows the modal_submit probe:form" in caplog.text
    assert TYPED not in caplog.text


async def test_a_failing_page_of_a_search_reveals_no_words_of_it(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await world["Gus"].slash(world.channel, "poll verdicts", task="a")
    assert shown.response is not None
    more = next(item for row in shown.response.components for item in row["components"] if item["label"] == "More")
    assert more["custom_id"] == "poll:line:5:any:a"

    async def fail(*_: object) -> None:
        raise FAULTS["fault"]

    monkeypatch.setattr(world.bot.stores.outcomes, "line", fail)
    await world["Gus"].click(shown.response, label="More")
    assert "component poll:line:5:any: failed" in caplog.text
    assert "any:a" not in caplog.text


async def test_a_button_that_no_feature_has_any_more_is_refused_in_words(faulty: World) -> None:
    shown = await faulty["Gus"].slash(faulty.channel, "probe items")
    faulty.bot._items.remove(ProbeButton)
    assert shown.response is not None
    pressed = await faulty["Gus"].click(shown.response, label="fault")
    assert pressed.ephemeral
    assert "from an older version of the bot" in text_of(pressed)


async def test_no_log_line_of_a_failure_has_what_was_typed(faulty: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    await faulty["Gus"].slash(faulty.channel, "faq ask", question=f"{TYPED}?")
    await faulty["Gus"].slash(faulty.channel, "probe fail", fault="fault")
    assert not any(TYPED in record.getMessage() for record in caplog.records if record.name.startswith(("bot", "cogs")))
