"""A database file: one writer thread, a few readers, an online backup."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import aiosqlite

from db.engine import opening, rewriting
from db.engine.app_state_rows import GET
from db.engine.errors import NotSaved, StorageClosed, UnusableDatabase
from db.engine.writer import Result, Unit, Writer

READERS = 2
"""Reading connections kept open; a snapshot waits for a free one."""

CLOSING_WAIT = 5.0
"""Seconds that `close` gives to snapshots under way."""

Row = tuple[Any, ...]


class Snapshot:
    """Reads inside one transaction, so that several statements see the same state."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """Return every row of a query that is known to be small."""
        return list(await self._connection.execute_fetchall(sql, tuple(parameters)))  # type: ignore[arg-type]  # rows are tuples, as no row_factory is set

    async def one(self, sql: str, parameters: Iterable[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None


class Database:
    """An open database. Make one with `Database.open`; it must be closed."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self.path = path
        self._writer = writer
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._open_readers: list[aiosqlite.Connection] = []
        self._closed = False

    @classmethod
    async def open(cls, path: Path, *, on_commit: Callable[[int, float], None] | None = None) -> Self:
        """Open `path`, creating and migrating it as needed; `on_commit` is told of commits as `Writer` says.

        This blocks the event loop: nobody can be answered before it is done, and on another thread it would leave
        memory behind that nothing else uses.

        Raises:
            UnusableDatabase: with a message for the host; the file was not changed.
        """
        opening.prepare(path)
        writer = Writer(lambda: opening.connect(path), on_commit)
        try:
            writer.start()
        except sqlite3.Error as error:
            raise UnusableDatabase(f"{path} cannot be opened ({error}).") from error
        database = cls(path, writer)
        for _ in range(READERS):
            database._add_reader(await _reader(path))
        return database

    def _add_reader(self, reader: aiosqlite.Connection) -> None:
        self._open_readers.append(reader)
        self._readers.put_nowait(reader)

    @property
    def waiting(self) -> int:
        """How many units of work the writer has not started yet."""
        return self._writer.waiting

    async def write(self, unit: Unit[Result]) -> Result:
        """Run one unit of work and return its result once it is on disk. See `Writer.run` for what it raises."""
        return await self._writer.run(unit)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """Open a consistent view for reading; at most `READERS` are open at a time."""
        if self._closed:
            raise StorageClosed("the database is closed")
        connection = await self._readers.get()
        try:
            await connection.execute("BEGIN")
            yield Snapshot(connection)
        finally:
            try:
                # in_transaction is not checked: a cancelled BEGIN may still be on its way to the thread
                await connection.rollback()
            finally:
                self._readers.put_nowait(connection)

    async def read(self, work: Unit[Result]) -> Result:
        """Run a long read on its own thread and connection, with one consistent view of the database."""
        return await asyncio.to_thread(read_file, self.path, work)

    async def shred(self) -> bool:
        """Move the write-ahead log into the file and empty it, so that erased data is gone from it.

        Returns:
            False if a long read still needs the log; call again later. Opening the file does the same.
        """
        return await asyncio.to_thread(rewriting.shred, self.path)

    async def rewrite(self, now: datetime, *, serving: bool = True) -> datetime | None:
        """Rewrite the file after erasures, as `rewriting.rewrite` does.

        Raises:
            NotSaved: there is no room for it, or somebody writes for too long; the request stays.
        """
        async with self.snapshot() as snapshot:
            if await snapshot.one(GET, (rewriting.REQUESTED,)) is None:
                return None
        try:
            return await asyncio.to_thread(rewriting.rewrite, self.path, now, serving=serving)
        except sqlite3.Error as error:
            raise NotSaved(str(error)) from error

    async def backup(self, target: Path) -> None:
        """Write a consistent copy to `target` while others write.

        Raises:
            FileExistsError: `target` exists; nothing was written.
        """
        await asyncio.to_thread(copy, self.path, target)

    async def close(self) -> None:
        """Finish queued work and snapshots, move the write-ahead log into the file, close. May be called twice."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_WAIT):
                for _ in self._open_readers:
                    await self._readers.get()
        for reader in self._open_readers:
            await reader.close()
        await asyncio.to_thread(self._writer.close)

    async def __aenter__(self) -> Self:
        """Return the open database itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()


async def _reader(path: Path) -> aiosqlite.Connection:
    # A WAL database needs write access to its shared-memory index even for reading; query_only keeps it a reader.
    connection = await aiosqlite.connect(opening.uri(path), uri=True, isolation_level=None)
    await connection.execute(f"PRAGMA busy_timeout={opening.BUSY_TIMEOUT_MS}")
    await connection.execute("PRAGMA query_only=ON")
    return connection


def read_file(path: Path, work: Unit[Result]) -> Result:
    """Run a long read of a live database file on its own connection, with one consistent view. Blocks."""
    with contextlib.closing(opening.connect(path)) as connection:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        return work(connection)


def copy(source: Path, target: Path, *, in_use: bool = True) -> None:
    """Copy a live database file in one step, so that the copy is consistent.

    The copy has the permissions of the database. `in_use` is as in `opening.inspect`.

    Raises:
        FileExistsError: `target` exists; it is left alone.
        UnusableDatabase: `source` is not a database of ours.
    """
    opening.inspect(source, in_use=in_use)
    draft = target.with_name(f".{target.name}.part")
    with opening.locked_folder(target.absolute().parent):
        if target.exists():
            raise FileExistsError(f"{target} exists already; nothing was written.")
        try:
            opening.create_private_file(draft)
            with (
                contextlib.closing(opening.connect(source)) as reader,
                contextlib.closing(sqlite3.connect(draft)) as writer,
            ):
                reader.backup(writer)  # all pages in one step: in several, any other write restarts it
            shutil.copymode(source, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
