"""The disk fills up under the running bot, and space comes back."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.i18n import words
from tests.loopback import Message, Reply
from tests.loopback.crowd import RECEIPT
from tests.loopback.stage import (
    Known,
    Stage,
    exported,
    lost_votes,
    recount,
    rows,
    stage,
    standing,
    tally,
    verified,
)

SIZE = "3m"
VOTERS = 400
ROOM = 100_000
"""Bytes."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for a small database and little more."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place))
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def fill(place: Path) -> Path:
    """Take all the room that there is but for a few votes; the file that takes it."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        file.truncate(file.tell() - ROOM)
    return ballast


async def vote_until_refused(night: Stage, ballot: Message) -> tuple[dict[int, Known], list[Reply]]:
    """People vote one after the other until three were refused: what the others chose, and the refusals."""
    known: dict[int, Known] = {}
    refused: list[Reply] = []
    for voter in night.crowd(VOTERS):
        reply = await night.vote(voter, ballot, "judgment")
        if "Your vote on poll" in reply.content:
            known[reply.id] = Known(voter.id, "judgment")
        else:
            refused.append(reply)
        if len(refused) == 3:
            break
    return known, refused


async def test_people_are_told_of_a_full_disk_and_nothing_that_they_were_told_is_lost(
    tmp_path: Path, small_disk: Path
) -> None:
    database = small_disk / "take.sqlite3"
    folder = tmp_path / "bot"
    folder.mkdir()
    async with stage(folder, DATABASE_PATH=str(database), LOG_LEVEL="INFO") as begun:
        night = replace(begun, database=database)
        ballot, (gaffer, late) = await night.open_poll(), night.crowd(2)
        card = await night.open_signoff([gaffer])
        ballast = fill(small_disk)
        known, refused = await vote_until_refused(night, ballot)
        assert known, "the disk was full before anybody voted"
        assert {reply.content for reply in refused} <= {words("storage.not_saved"), words("storage.unknown")}
        assert len(refused) == 3
        assert "was not committed: OutcomeUnknown, SQLITE_FULL" in night.bot.tail()
        assert "Traceback" not in night.bot.tail()
        assert "Human judgment" in await night.shown(), "reading needs no room"

        ballast.unlink()
        assert "Your vote on poll 1" in (await night.vote(late, ballot, "abstain")).content
        signature = await night.discord.press(gaffer, card, label="Yes, I sign")
        assert "Recorded" in signature.content
        assert await night.bot.terminate() == 0

        assert lost_votes(database, known) == set()
        unsaved = {reply.id for reply in refused if reply.content == words("storage.not_saved")}
        assert not unsaved & {number for (number,) in rows(database, "SELECT interaction_id FROM poll_event")}
        assert tally(database) == standing(database) == recount(database)
        assert rows(database, "PRAGMA integrity_check") == [("ok",)]
        code, said = await verified(await exported(database, night.guild), RECEIPT.findall(signature.content))
        assert code == 0, said
