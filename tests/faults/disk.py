"""A disk that records what was written and what was synced, so that power can fail at any moment.

SQLite runs on it through apsw, whose file layer can be replaced. What a drive may do with writes that nobody synced is
done to them: each is kept, dropped, or torn at a sector, whatever the others are.
"""

import contextlib
import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw

SECTOR = 512


class Write(NamedTuple):
    """Bytes that were given to the drive."""

    name: str
    offset: int
    data: bytes


class Cut(NamedTuple):
    """A file that was made shorter."""

    name: str
    size: int


class Sync(NamedTuple):
    """Everything written to the file before this is safe."""

    name: str


class Told(NamedTuple):
    """An act was acknowledged."""

    what: int


Event = Write | Cut | Sync | Told


@dataclass
class Disk:
    """What happened to the files of a folder since `folder` was copied, in order.

    Attributes:
        fails: Says before each write, cut and sync whether it fails, as on a full or broken drive.
    """

    folder: Path
    events: list[Event] = field(default_factory=list)
    fails: Callable[[Event], bool] = lambda _event: False

    def tell(self, what: int) -> None:
        """Record that an act was acknowledged now."""
        self.events.append(Told(what))

    def connect(self, path: Path, *pragmas: str) -> "Connection":
        """Open a connection with our PRAGMAs whose writes are recorded; it locks the file for itself."""
        vfs = f"remembering-{id(self)}"
        self._vfs = _Vfs(vfs, self._happen)
        connection = apsw.Connection(str(path), vfs=vfs)
        for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "wal_autocheckpoint=40", *pragmas):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return Connection(connection)

    def _happen(self, event: Event) -> None:
        if self.fails(event):
            raise apsw.FullError if isinstance(event, Write) else apsw.IOError
        self.events.append(event)

    def after_power_loss(self, moment: int, chance: random.Random, target: Path) -> set[int]:
        """Put into `target` what a drive may hold after the power fails before event `moment`; return who was told."""
        past = self.events[:moment]
        for file in self.folder.iterdir():
            (target / file.name).write_bytes(file.read_bytes())
        synced = {event.name: number for number, event in enumerate(past) if isinstance(event, Sync)}
        for number, event in enumerate(past):
            if isinstance(event, Write | Cut):
                certain = number < synced.get(event.name, -1)
                for part in [event] if certain else _at_risk(event, chance):
                    _apply(part, target)
        return {event.what for event in past if isinstance(event, Told)}


def _at_risk(event: Write | Cut, chance: random.Random) -> Iterator[Write | Cut]:
    fate = chance.random()
    if fate < 0.4:
        yield event
    elif fate < 0.7 and isinstance(event, Write) and len(event.data) > SECTOR:
        kept = SECTOR * chance.randrange(1, -(-len(event.data) // SECTOR))
        yield event._replace(data=event.data[:kept])


def _apply(event: Write | Cut, folder: Path) -> None:
    path = folder / event.name
    with path.open("r+b" if path.exists() else "w+b") as file:
        if isinstance(event, Cut):
            file.truncate(event.size)
        else:
            file.seek(event.offset)
            file.write(event.data)


class _Vfs(apsw.VFS):
    def __init__(self, name: str, happen: Callable[[Event], None]) -> None:
        self._happen = happen
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        return _File(name, flags, self._happen)


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], happen: Callable[[Event], None]) -> None:
        super().__init__("", name, flags)
        self._name = Path(name if isinstance(name, str) else name.filename()).name
        self._happen = happen

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._happen(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._happen(Cut(self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._happen(Sync(self._name))
        super().xSync(flags)


class Connection:
    """The part of `sqlite3.Connection` that the writer and units of work use."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Any = ()) -> apsw.Cursor:
        """Run one statement.

        Raises:
            sqlite3.OperationalError: with the code that `sqlite3` itself would have raised it with.
        """
        try:
            return self._connection.execute(sql, parameters)
        except apsw.Error as error:
            told = sqlite3.OperationalError(str(error))
            told.sqlite_errorcode = getattr(error, "result", apsw.SQLITE_ERROR)
            raise told from error

    @property
    def total_changes(self) -> int:
        """How many rows changed since it was opened."""
        return self._connection.total_changes()

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def close(self) -> None:
        """Close it; a drive that fails now is left as after a crash."""
        with contextlib.suppress(apsw.Error):
            self._connection.close()
