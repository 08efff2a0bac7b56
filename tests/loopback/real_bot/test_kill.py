"""kill -9 at any moment: what was acknowledged is there afterwards, and what was on screens goes on working."""

import os
import random
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.loopback import Kind, Member, Message
from tests.loopback.crowd import Presses, burst, pour_in
from tests.loopback.process import FEW_FILES
from tests.loopback.real_bot.hasty_bot import LATE
from tests.loopback.stage import (
    CHOICES,
    TYPED,
    Stage,
    backup,
    everything,
    exported,
    lost_votes,
    recount,
    rows,
    stage,
    standing,
    tally,
    verified,
    words,
)

ROUNDS = int(os.environ.get("KILL_ROUNDS", "5"))
"""Kills in a row; `KILL_ROUNDS=50` is the long run."""

HASTY = (sys.executable, "-m", "tests.loopback.real_bot.hasty_bot")


async def kill_again_and_again(
    night: Stage, ballot: Message, card: Message, crew: Sequence[Member], rounds: int
) -> Presses:
    """Everyone votes and some sign; the bot is killed in the midst of it; so often. What each of them was told."""
    presses, chance = Presses(), random.Random(rounds)
    for turn in range(rounds):
        poured = pour_in(night, ballot, card, crew, crew[::20], turn=turn)
        await night.discord.until(partial(enough, poured, chance.randint(1, len(crew) * 2 // 3)), "answers")
        await night.bot.kill()
        presses.add(poured)
        await night.bot.start()
    await presses.settle()
    return presses


@pytest.mark.timeout(300 + 10 * ROUNDS)
async def test_what_was_acknowledged_survives_kills_while_presses_pour_in(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        crew = night.crowd(400)
        ballot, card = await night.open_poll(), await night.open_signoff(crew[::20])
        before = await backup(night.database, tmp_path / "before.sqlite3")
        presses = await kill_again_and_again(night, ballot, card, crew, ROUNDS)

        known = presses.known_votes()
        assert ROUNDS < len(known) < ROUNDS * len(crew), "the kills came before or after all votes"
        assert lost_votes(night.database, known) == set()
        assert lost_votes(before, known) == known.keys()
        assert rows(night.database, "PRAGMA integrity_check") == [("ok",)]
        counted = recount(night.database)
        assert tally(night.database) == standing(night.database) == counted
        bars = [f"**{count}** {CHOICES[choice]}" for choice, count in counted.items()]
        shown = await night.shown()
        assert all(bar in shown for bar in bars)
        await night.discord.until(lambda: all(bar in words(ballot) for bar in bars), "the ballot to catch up")

        receipts = presses.receipts()
        assert 0 < len(receipts) < ROUNDS * len(crew[::20]), "the kills came before or after all signatures"
        code, said = await verified(await exported(night.database, night.guild), receipts)
        assert code == 0, said
        assert (await verified(await exported(before, night.guild), receipts))[0] == 1


async def test_a_bot_that_answers_before_it_commits_would_be_found_out(tmp_path: Path) -> None:
    async with stage(tmp_path, command=HASTY) as night:
        crew = night.crowd(60)
        ballot, card = await night.open_poll(), await night.open_signoff(crew[::20])
        (tmp_path / LATE).touch()
        presses = await kill_again_and_again(night, ballot, card, crew, 3)
        assert lost_votes(night.database, presses.known_votes())


async def test_what_was_acknowledged_survives_a_kill_in_the_middle_of_a_burst(tmp_path: Path) -> None:
    async with stage(tmp_path, command=FEW_FILES, LOG_LEVEL="INFO") as night:
        ballot, crew = await night.open_poll(), night.crowd(1500)
        presses = burst(night, ballot, crew, 0.5)
        await night.discord.until(partial(enough, presses, 200), "answers")
        await night.bot.kill()
        await night.bot.start()
        await presses.settle()

        known = presses.known_votes()
        assert 200 <= len(known) < len(crew), "the kill came before or after all votes"
        assert lost_votes(night.database, known) == set()
        counted = recount(night.database)
        assert tally(night.database) == standing(night.database) == counted
        bars = [f"**{count}** {CHOICES[choice]}" for choice, count in counted.items()]
        await night.discord.until(lambda: all(bar in words(ballot) for bar in bars), "the ballot to catch up")


def enough(presses: Presses, count: int) -> bool:
    """Whether so many were answered, or nobody waits any more."""
    return presses.answered >= count or all(task.done() for task in [*presses.votes, *presses.signatures])


async def test_buttons_and_open_forms_from_before_a_kill_work_after_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        gaffer, editor = night.crowd(2)
        ballot, card = await night.open_poll(), await night.open_signoff([editor])
        vote = await night.vote(gaffer, ballot, "judgment")
        hold = await night.discord.press(gaffer, ballot, label="Hold")
        reason = await night.discord.press(gaffer, vote.message, label="Add reason")
        why = await night.discord.press(editor, card, label="Add why")
        draft = await night.discord.slash(gaffer, night.channel, "signoff open", piece=f"{TYPED} 2", cut=7)
        assert [one.kind for one in (hold, reason, why, draft)] == [Kind.MODAL] * 4
        await night.discord.until(lambda: "**1** Human judgment" in words(ballot), "the ballot to be up to date")
        await night.bot.kill()
        await night.bot.start()

        assert "Human judgment" in (await night.discord.press(gaffer, ballot, label="My vote")).content
        assert "Recorded" in (await night.discord.press(editor, card, label="Not yet")).content
        for form in (hold, reason, why):
            answer = await night.discord.submit(form.member, form, {"reason": f"The {TYPED} is missing"})
            assert TYPED in answer.content or "Your hold is on" in answer.content
        await night.discord.until(lambda: "On hold" in words(ballot), "the old ballot to show the hold")
        opened = await night.discord.submit(gaffer, draft, {"uses": ["grade", "audio"], "told": "told"})
        assert f"{TYPED} 2**, cut 7" in words(night.discord.messages(night.channel)[-1])
        assert opened.message in night.discord.messages(night.channel)
        withdrawn = await night.discord.press(gaffer, vote.message, label="Withdraw")
        assert withdrawn.kind is Kind.UPDATE


async def test_a_database_opens_again_with_every_row(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        gaffer, editor = night.crowd(2)
        ballot, card = await night.open_poll(), await night.open_signoff([editor])
        vote = await night.vote(gaffer, ballot, "execution")
        await night.discord.submit(
            gaffer, await night.discord.press(gaffer, vote.message, label="Add reason"), {"reason": TYPED}
        )
        await night.discord.press(editor, card, label="Yes, I sign")
        await night.discord.slash(night.producer, night.channel, "decision-log export", format="csv")
        await night.bot.kill()
        killed = everything(night.database)
        await night.bot.start()
        assert everything(night.database) == killed
        assert await night.bot.terminate() == 0
        assert everything(night.database) == killed
        assert killed["integrity"] == [("ok",)]
        assert {"poll", "poll_vote", "poll_event", "decision_entry", "signoff_message"} <= {
            table for table, found in killed.items() if found
        }
        assert rows(night.database, "SELECT COUNT(*) FROM decision_entry") == [(3,)]
