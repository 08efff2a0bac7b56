"""A bot that copies its database by itself keeps hold of the file: no other program takes the log from under it."""

import asyncio
from pathlib import Path

from bot.host.backups import copies
from tests.loopback.crowd import burst
from tests.loopback.stage import backup, files_of, lost_votes, stage


async def test_what_is_acknowledged_after_a_copy_and_a_look_from_outside_survives_a_kill(tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    async with stage(tmp_path, BACKUP_PATH=str(folder)) as night:
        while not copies(night.database, folder):  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
        ballot, crew = await night.open_poll(), night.crowd(20)
        await backup(night.database, tmp_path / "by hand")
        assert f"{night.database.name}-wal" in files_of(night.database)
        presses = burst(night, ballot, crew, 0.1)
        await presses.settle()
        await night.bot.kill()
        await night.bot.start()
        known = presses.known_votes()
        assert len(known) == len(crew)
        assert lost_votes(night.database, known) == set()
