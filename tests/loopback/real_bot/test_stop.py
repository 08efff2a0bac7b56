"""SIGTERM and Ctrl-C at any moment: who is being answered gets the answer, and the file is left whole."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.loopback.crowd import pour_in
from tests.loopback.process import PATIENT
from tests.loopback.stage import files_of, lost_votes, recount, rows, stage, standing, tally

VOTES = "SELECT interaction_id FROM poll_event WHERE kind = 'cast'"
SIGNATURES = "SELECT seq FROM decision_entry WHERE type = 'decision' ORDER BY seq"


@pytest.mark.parametrize(("asked", "newcomers"), [(signal.SIGTERM, 400), (signal.SIGINT, 0)])
async def test_every_press_that_was_taken_is_answered(tmp_path: Path, asked: signal.Signals, newcomers: int) -> None:
    async with stage(tmp_path, command=PATIENT) as night:
        early, late = night.crowd(200), night.crowd(newcomers)
        signers = [*early[::20], *late[::30]]
        ballot, card = await night.open_poll(), await night.open_signoff(signers)
        presses = pour_in(night, ballot, card, early, signers)
        await night.discord.until(lambda: presses.answered >= 20, "answers")
        os.kill(night.bot.pid, asked)
        presses.add(pour_in(night, ballot, card, late, signers))
        assert await night.bot.ended() == 0
        await presses.settle()

        known = presses.known_votes()
        assert len(known) >= 20
        assert {number for (number,) in rows(night.database, VOTES)} == known.keys(), "recorded without an answer"
        assert lost_votes(night.database, known) == set()
        pinned = [receipt.split(":")[0] for receipt in presses.receipts()]
        assert [f"{number}" for (number,) in rows(night.database, SIGNATURES)] == sorted(pinned, key=int)
        assert tally(night.database) == standing(night.database) == recount(night.database)
        assert rows(night.database, "PRAGMA integrity_check") == [("ok",)]
        assert files_of(night.database) == ["take.sqlite3", "take.sqlite3.in-use"]
        assert "stopped: everything is on disk" in night.bot.tail()
        assert "Traceback" not in night.bot.tail()


@pytest.mark.parametrize("route", ["GET /users/@me", "GET /gateway/bot"])
async def test_a_bot_that_discord_lets_wait_at_the_door_stops_at_once(tmp_path: Path, route: str) -> None:
    async with stage(tmp_path, start=False) as night:
        night.discord.faults.rate_limit(*route.split(), retry_after=3600)
        await night.bot.launch()
        await night.discord.until(lambda: night.discord.faults.struck, "the bot to ask")
        assert await night.bot.terminate() == 0
        assert "Traceback" not in night.bot.tail()
        assert files_of(night.database) == ["take.sqlite3", "take.sqlite3.in-use"]


async def test_a_press_that_discord_lets_wait_is_answered_before_the_end(tmp_path: Path) -> None:
    async with stage(tmp_path, command=PATIENT) as night:
        ballot, (gaffer,) = await night.open_poll(), night.crowd(1)
        night.discord.faults.rate_limit("POST", "/interactions/*/callback", retry_after=0.5)
        vote = asyncio.create_task(night.vote(gaffer, ballot, "abstain"))
        await night.discord.until(lambda: night.discord.faults.struck, "the answer to be put off")
        assert await night.bot.terminate() == 0
        assert "Your vote on poll 1" in (await vote).content
