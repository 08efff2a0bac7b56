"""Copies of the database that the running bot makes, while voting and signing go on."""

import asyncio
import contextlib
import glob
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from bot.config import BackupPlan
from bot.errors import in_background
from bot.host.terminal import make_folder
from db.engine.database import copy

log = logging.getLogger(__name__)

_MADE_AT = "%Y%m%dT%H%M%SZ"

RETRY = timedelta(minutes=15)
"""The wait after a failed copy (a full disk, for example) before the next try."""


class Backups:
    """Makes copies while its `async with` block runs; does nothing without a plan.

    A copy is due `plan.hours` after the newest one in the folder, so restarts neither skip nor repeat any. Rotation
    removes the oldest beyond `plan.keep`, and only files named like a copy of this database, so several processes can
    copy their databases into one folder.
    """

    def __init__(self, database: Path, plan: BackupPlan | None) -> None:
        self._database = database
        self._plan = plan
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Create the folder and start.

        Raises:
            CommandError: the folder cannot be used.
        """
        if self._plan:
            make_folder(self._plan.folder)
            self._task = asyncio.create_task(self._keep_copying(self._plan), name="backups")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; a copy under way is finished, because its thread cannot be interrupted."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep_copying(self, plan: BackupPlan) -> None:
        while True:
            try:
                now = datetime.now(UTC)
                await asyncio.sleep(max(0.0, (due_at(self._database, plan, now) - now).total_seconds()))
                made = await asyncio.shield(asyncio.to_thread(make_copy, self._database, plan, datetime.now(UTC)))
                log.info("copied the database to %s", made)
            except Exception as error:  # noqa: BLE001 - a failed copy must not prevent the next ones
                in_background(error, "copying the database")
                await asyncio.sleep(RETRY.total_seconds())


def copies(database: Path, folder: Path) -> list[tuple[datetime, Path]]:
    """List the copies of a database in a folder and when each was made, oldest first; ignore other files."""
    name = re.compile(rf"{re.escape(database.stem)}-(\d{{8}}T\d{{6}}Z)\.sqlite3")
    found = ((name.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((datetime.strptime(f"{match[1]}+0000", f"{_MADE_AT}%z"), path) for match, path in found if match)


def due_at(database: Path, plan: BackupPlan, now: datetime) -> datetime:
    """Return when the next copy is due; long ago if there is none yet.

    A copy from the future, made while the clock was wrong, delays nothing.
    """
    made = [at for at, _ in copies(database, plan.folder) if at <= now]
    return made[-1] + timedelta(hours=plan.hours) if made else datetime.fromtimestamp(0, UTC)


def make_copy(database: Path, plan: BackupPlan, at: datetime) -> Path:
    """Copy the database completely or not at all, then remove the oldest copies beyond `plan.keep`.

    Raises:
        OSError, sqlite3.Error, UnusableDatabase: no copy was made and none removed.
    """
    for left in plan.folder.glob(f".{glob.escape(database.stem)}-*Z.sqlite3.part"):
        left.unlink()  # left by a process that was killed while copying
    target = plan.folder / f"{database.stem}-{at.strftime(_MADE_AT)}.sqlite3"
    copy(database, target)
    others = [path for _, path in copies(database, plan.folder) if path != target]
    for old in others[: max(0, len(others) + 1 - plan.keep)]:
        old.unlink()
    return target
