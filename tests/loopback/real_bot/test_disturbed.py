"""A connection that drops, and routes that are busy or broken, under one running bot that logs JSON."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.loopback import Kind
from tests.loopback.discord.faults import UNTIL_LIFTED
from tests.loopback.discord.gateway import Op
from tests.loopback.stage import TYPED, Stage, rows, stage, told_secrets, words

CARD = "/channels/*/messages/*"
LAST_VOTE = "SELECT choice FROM poll_event WHERE interaction_id = ?"

LAST_ANSWER = "SELECT verdict FROM decision_entry WHERE interaction_id = ? AND type = 'decision'"


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, LOG_FORMAT="json") as set_up:
        yield set_up
        assert await set_up.bot.terminate() == 0
        lines = logged(set_up)
        assert all({"at", "level", "logger", "message"} <= line.keys() for line in lines)
        assert "stopped: everything is on disk" in lines[-1]["message"]


def logged(night: Stage) -> list[dict[str, str]]:
    """The lines of the log, each a JSON object."""
    return [json.loads(line) for line in night.bot.tail(10**9).splitlines()]


async def test_a_press_during_a_dropped_connection_is_answered_after_the_resume(night: Stage) -> None:
    ballot, (gaffer,) = await night.open_poll(), night.crowd(1)
    await night.discord.gateway.drop()
    vote = await night.vote(gaffer, ballot, "judgment")
    assert "Human judgment" in vote.content
    await night.discord.gateway.ask_to_reconnect()
    await night.discord.gateway.happened(Op.RESUME, 2)
    assert night.discord.gateway.seen["IDENTIFY"] == 1
    again = await night.vote(gaffer, ballot, "abstain")
    assert "Abstain" in again.content


async def test_a_busy_route_of_the_card_delays_no_receipt(night: Stage) -> None:
    ballot, voters = await night.open_poll(), night.crowd(3)
    night.discord.faults.rate_limit("PATCH", CARD, retry_after=2.0, times=UNTIL_LIFTED)
    receipts = [await night.vote(voter, ballot, "execution") for voter in voters]
    await night.discord.until(lambda: night.discord.faults.struck, "the edit to be put off")
    assert ballot.edits == 0
    assert [receipt.kind for receipt in receipts] == [Kind.MESSAGE] * 3
    assert max(receipt.waited for receipt in receipts) < 1.5
    night.discord.faults.lift()
    await night.discord.until(lambda: ballot.edits > 0, "the edit that was put off")
    assert "**0** AI may execute" not in words(ballot)


async def test_a_broken_route_of_the_card_changes_nothing_that_was_acknowledged(night: Stage) -> None:
    (gaffer,) = night.crowd(1)
    ballot, card = await night.open_poll(), await night.open_signoff([gaffer])
    night.discord.faults.break_down("PATCH", CARD, status=503, times=2)
    vote = await night.vote(gaffer, ballot, "judgment")
    assert "Your vote on poll 1" in vote.content
    signature = await night.discord.press(gaffer, card, label="Yes, I sign")
    assert "Recorded" in signature.content
    await night.discord.until(lambda: len(night.discord.faults.struck) == 2, "the edits that fail")
    assert rows(night.database, LAST_VOTE, vote.id) == [("judgment",)]
    assert "**1** Human judgment" in await night.shown()
    assert rows(night.database, LAST_ANSWER, signature.id) == [("signed",)]
    assert ballot.edits == card.edits == 0
    failures = [line["error"] for line in logged(night) if "failed" in line["message"]]
    assert len(failures) == 2
    assert all("503" in failure for failure in failures)


async def test_an_answer_that_discord_puts_off_leaves_no_token_in_the_log(night: Stage) -> None:
    ballot, (gaffer,) = await night.open_poll(), night.crowd(1)
    night.discord.faults.rate_limit("POST", "/interactions/*/callback", retry_after=0.05)
    vote = await night.vote(gaffer, ballot, "abstain")
    night.discord.faults.break_down("POST", "/interactions/*/callback", status=503)
    lost = await night.vote(gaffer, ballot, "judgment")
    assert (vote.kind, lost.kind) == (Kind.MESSAGE, Kind.MESSAGE)
    assert rows(night.database, LAST_VOTE, lost.id) == [("judgment",)]
    assert vote.token not in night.bot.tail(10**9)
    assert lost.token not in night.bot.tail(10**9)


async def test_a_session_that_discord_ends_is_begun_anew_and_the_ballot_goes_on(night: Stage) -> None:
    ballot, (gaffer,) = await night.open_poll(), night.crowd(1)
    await night.discord.gateway.invalidate(resumable=True)
    await night.discord.gateway.happened(Op.RESUME)
    assert "Human judgment" in (await night.vote(gaffer, ballot, "judgment")).content
    assert night.discord.gateway.seen["IDENTIFY"] == 1
    await night.discord.gateway.invalidate(resumable=False)
    await night.discord.gateway.happened(Op.IDENTIFY, 2)
    assert "Abstain" in (await night.vote(gaffer, ballot, "abstain")).content
    assert "**1** Abstain" in await night.shown()


async def test_a_limit_on_everything_delays_no_receipt(night: Stage) -> None:
    ballot, voters = await night.open_poll(), night.crowd(3)
    night.discord.faults.rate_limit("PATCH", CARD, retry_after=2.0, everywhere=True)
    await night.vote(voters[0], ballot, "execution")
    await night.discord.until(lambda: night.discord.faults.struck, "the limit to be met")
    receipts = [await night.vote(voter, ballot, "execution") for voter in voters[1:]]
    assert all("AI may execute" in receipt.content for receipt in receipts)
    assert max(receipt.waited for receipt in receipts) < 1.5
    await night.discord.until(lambda: "**3** AI may execute" in words(ballot), "the ballot to catch up")


async def test_an_answer_that_discord_never_takes_leaves_the_vote_and_lets_the_next_be_answered(night: Stage) -> None:
    ballot, (gaffer, editor) = await night.open_poll(), night.crowd(2)
    night.discord.faults.hang("POST", "/interactions/*/callback")
    lost = await night.vote(gaffer, ballot, "judgment")
    assert lost.missed
    assert rows(night.database, LAST_VOTE, lost.id) == [("judgment",)]
    assert "Human judgment" in (await night.vote(editor, ballot, "judgment")).content
    mine = await night.discord.press(gaffer, ballot, label="My vote")
    assert "Human judgment" in mine.content
    night.discord.faults.release()


def test_a_log_that_tells_is_caught() -> None:
    webhook = "POST https://discord.com/api/v10/webhooks/1/" + "a" * 30
    log = f"fine\n{TYPED} typed\nBot some-token\n{webhook}\nwebhooks/1/[token]"
    assert told_secrets(log, "some-token") == [f"{TYPED} typed", "Bot some-token", webhook]
