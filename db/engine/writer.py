"""One thread that owns the only writing connection of a database file (group commit).

Units of work that arrive during a commit wait for the next one, so that any number of people share a single fsync.
`benchmarks/` compares it with the alternatives.
"""

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from db.engine.errors import NotSaved, OutcomeUnknown, StorageClosed

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Unit = Callable[[sqlite3.Connection], Result]

BATCH_LIMIT = 512
"""Units in one commit at most, so that the first of a burst does not wait long for the last."""


@dataclass(slots=True, eq=False)
class _Job:
    unit: Unit[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Give the result to the waiting task, unless it was cancelled."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs units of work on its own thread, many to a commit.

    A unit that fails does not affect others: if it has written anything, the whole batch is rolled back and run again
    with each unit in its own savepoint. A unit may therefore run twice, so it must change only the database.

    Args:
        connect: Opens the connection; called on the writer's thread.
        on_commit: Called after each batch, on the writer's thread, with the number of units and the seconds that they
            and the commit took.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], on_commit: Callable[[int, float], None] | None = None
    ) -> None:
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connect = connect
        self._opened: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._closed = False
        self._queue_lock = threading.Lock()  # nothing may be queued behind the None that ends the thread
        self._thread = threading.Thread(target=self._work, name="database-writer", daemon=True)

    def start(self) -> None:
        """Start the thread and wait for its connection.

        Raises:
            sqlite3.Error: the connection could not be opened.
        """
        self._thread.start()
        error = self._opened.get()
        if error is not None:
            raise error

    @property
    def waiting(self) -> int:
        """How many units the thread has not started yet."""
        return self._queue.qsize()

    async def run(self, unit: Unit[Result]) -> Result:
        """Run `unit` on the writer thread and return its result after the commit that holds it.

        Args:
            unit: A plain function over the connection that checks, writes and returns; it must not commit. It may run
                although the waiting task was cancelled.

        Raises:
            DomainError: `unit` found a rule broken; its writes are rolled back, other units are not affected.
            NotSaved: the unit, or the whole batch, was rolled back because of the disk or the file.
            OutcomeUnknown: the commit failed.
            StorageClosed: after `close`.
        """
        loop = asyncio.get_running_loop()
        job = _Job(unit, loop, loop.create_future())
        with self._queue_lock:
            if self._closed:
                raise StorageClosed("the database is closing")
            self._queue.put(job)
        result: Result = await job.future
        return result

    def close(self) -> None:
        """Finish queued units, move the write-ahead log into the file and stop. Blocks; may be called twice."""
        with self._queue_lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            connection = self._connect()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits in start()
            self._opened.put(error)
            return
        self._opened.put(None)
        running = True
        while running:
            batch, running = self._next_batch()
            if batch:
                began = perf_counter()
                _commit(connection, batch)
                _deliver(batch)
                if self._on_commit:
                    self._on_commit(len(batch), perf_counter() - began)
        _checkpoint(connection)
        connection.close()

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH_LIMIT:
                return batch, True
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False


def _commit(connection: sqlite3.Connection, batch: list[_Job]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        if not _run_plainly(connection, batch):
            _start_over(connection)
            for job in batch:
                _run_in_savepoint(connection, job)
    except sqlite3.Error as error:
        _fail(connection, batch, NotSaved(str(error)), _code(error))
        return
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        _fail(connection, batch, OutcomeUnknown(str(error)), _code(error))


def _run_plainly(connection: sqlite3.Connection, batch: list[_Job]) -> bool:
    """Run the units without savepoints, which cost a fifth of a vote; return False if one left something to undo.

    A unit that refuses before it writes, as nearly all refusals do, leaves nothing to undo.
    """
    for job in batch:
        changes = connection.total_changes
        try:
            job.result = job.unit(connection)
        except BaseException as error:  # noqa: BLE001 - delivered to the caller, or raised again in the second run
            if connection.total_changes != changes or not connection.in_transaction:
                return False
            job.error = _error_for_caller(error)
    return True


def _start_over(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
    connection.execute("BEGIN IMMEDIATE")


def _run_in_savepoint(connection: sqlite3.Connection, job: _Job) -> None:
    """Run one unit; raise only an error that ended the whole transaction, such as a full disk."""
    job.result = job.error = None
    connection.execute("SAVEPOINT unit")
    try:
        job.result = job.unit(connection)
    except BaseException as error:
        job.error = _error_for_caller(error)
        if not connection.in_transaction:
            raise sqlite3.OperationalError(str(error)) from error
        connection.execute("ROLLBACK TO unit")
    connection.execute("RELEASE unit")


def _error_for_caller(error: BaseException) -> BaseException:
    """Return what the waiting task gets for an error in its unit."""
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
        return NotSaved(str(error))  # SQLITE_ERROR is bad SQL, the unit's own fault
    if isinstance(error, StopIteration):
        return RuntimeError("a unit of work raised StopIteration")  # a future refuses it
    return error


def _code(error: BaseException | None) -> str:
    """Return SQLite's name for an error, such as SQLITE_FULL, which tells a full disk from a locked file."""
    return getattr(error, "sqlite_errorname", None) or (_code(error.__cause__) if error else "no code")


def _fail(connection: sqlite3.Connection, batch: list[_Job], error: NotSaved | OutcomeUnknown, code: str) -> None:
    """Fail every unit of the batch, refusals included: nothing that they read or wrote can be trusted."""
    log.error("a batch of %d units was not committed: %s, %s", len(batch), type(error).__name__, code)
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.Error):  # the next batch tries again
            connection.execute("ROLLBACK")
    for job in batch:
        job.result, job.error = None, error


def _deliver(batch: list[_Job]) -> None:
    """Wake each event loop once for all of its units."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in batch:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle_all, jobs)
        except RuntimeError:
            log.warning("%d units were committed after their event loop had closed", len(jobs))


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _checkpoint(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        log.warning("the write-ahead log stays beside the database until the next start: %s", error)
