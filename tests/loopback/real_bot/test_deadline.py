"""A deadline that passes while the bot is down is kept when it comes back."""

import contextlib
import sqlite3
from pathlib import Path

from tests.loopback.stage import TYPED, rows, stage, words

OVERDUE = "UPDATE poll SET opened_at = '2026-01-05T08:00:00.000Z', closes_at = '2026-01-05T09:00:00.000Z'"


async def test_an_overdue_poll_is_closed_at_the_start_marked_late_and_announced(tmp_path: Path) -> None:
    async with stage(tmp_path) as night:
        ballot = await night.open_poll(quorum=1)
        later = await night.open_poll()
        gaffer, editor = night.crowd(2)
        await night.vote(gaffer, ballot, "execution")
        receipt = await night.vote(editor, ballot, "execution")
        await night.bot.kill()
        with contextlib.closing(sqlite3.connect(night.database)) as connection, connection:
            connection.execute(f"{OVERDUE} WHERE poll_id = 1")
        await night.bot.start()

        late_press = await night.vote(editor, ballot, "judgment")
        assert "closed" in late_press.content
        await night.discord.until(lambda: len(night.discord.messages(night.channel)) == 3, "the outcome")
        outcome = night.discord.messages(night.channel)[-1]
        assert "Poll 1 · AI may execute" in words(outcome)
        assert "Closed late" in words(outcome)
        assert TYPED in words(outcome)
        await night.discord.until(lambda: "Closed late" in words(ballot), "the ballot to become its outcome")
        assert "Record outcome" in str(ballot.components)
        kept = "SELECT poll_id, closed_late, verdict FROM poll WHERE closed_at IS NOT NULL"
        assert rows(night.database, kept) == [(1, 1, "execution")]
        assert not (await night.discord.press(editor, receipt.message, label="Withdraw")).missed
        assert "**2** AI may execute" in await night.shown()
        assert "Your vote on poll 2" in (await night.vote(gaffer, later, "judgment")).content
