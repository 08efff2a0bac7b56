"""Opening a database file: ours are opened, others are refused with a reason and left untouched."""

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from db.engine.errors import UnusableDatabase
from db.migrations import LATEST, apply_migrations

if sys.platform != "win32":
    import fcntl

APPLICATION_ID = 0x43_54_4B_31
"""'CTK1' in the file's header (SQLite's `application_id`), which marks our files."""

BUSY_TIMEOUT_MS = 5000
"""How long a connection waits for a lock that another program holds."""

_HEADER = b"SQLite format 3\x00"
_CONNECTION_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",  # else INSERT OR REPLACE slips past the delete triggers
    "PRAGMA secure_delete=ON",
)


def connect(path: Path, *, read_only: bool = False, wait_ms: int = BUSY_TIMEOUT_MS) -> sqlite3.Connection:
    """Open `path` in autocommit mode with our PRAGMAs; never creates a file."""
    connection = sqlite3.connect(
        uri(path, read_only=read_only), uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute(f"PRAGMA busy_timeout={wait_ms}")
        for pragma in _CONNECTION_PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def uri(path: Path, *, read_only: bool = False) -> str:
    """Return SQLite's URI of an existing file."""
    return f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rw'}"


def prepare(path: Path, *, wait_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Make sure that `path` is our database, undamaged, writable and up to date; create it if there is none.

    Before a migration the file is copied to `<name>.schema-<its version>` in the same folder.

    Raises:
        UnusableDatabase: with a message for the host; the file was not changed.
    """
    if os.path.lexists(path):  # unlike Path.exists, no error for a folder that this user may not enter
        inspect(path, wait_ms=wait_ms)
    else:
        _create(path)
    _migrate(path, wait_ms)


@contextlib.contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Keep other processes from creating or migrating a database in `folder`, or copying one there, during the block.

    Wait for one that is doing so. Two drafts of the same name would become one file, half of each.
    """
    if sys.platform == "win32":  # where nobody can replace an open file
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)  # this unlocks it, as the end of the process does


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner may read and write; replace an existing file or link.

    Raises:
        OSError: the folder is missing or not writable.
    """
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def inspect(path: Path, *, wait_ms: int = BUSY_TIMEOUT_MS, in_use: bool = False) -> int:
    """Check a database file without writing to it and return its schema version.

    Args:
        path: the file.
        wait_ms: how long to wait for a lock that another program holds.
        in_use: whether this process may have it open. Then only SQLite may open it here: by POSIX, closing a file
            drops every lock that the process has on it, and another program could then remove the log.

    Raises:
        UnusableDatabase: the file is missing, empty, damaged, not SQLite, another program's, or newer than this.
    """
    if not os.path.lexists(path):  # unlike Path.exists, no error for a folder that this user may not enter
        raise UnusableDatabase(f"{path} is not there, or in a folder closed to this user. Look at DATABASE_PATH.")
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a folder that this user may not enter
        raise UnusableDatabase(f"{path} is not a file. Let DATABASE_PATH name one.")
    if not in_use:
        _check_header(path)
    try:
        with contextlib.closing(connect(path, read_only=_is_fragile(path), wait_ms=wait_ms)) as connection:
            return _check_contents(path, connection, thorough=_has_wal(path) and not in_use)
    except UnicodeDecodeError as error:  # SQLite's message quotes a damaged name verbatim
        raise UnusableDatabase(f"{path} is damaged. Restore a backup.") from error
    except sqlite3.Error as error:
        raise UnusableDatabase(_explain(path, error)) from error


def _is_fragile(path: Path) -> bool:
    """Return whether only a read-only connection leaves `path` unchanged: any other merges a leftover log."""
    return not os.access(path, os.W_OK) or _has_wal(path)


def _has_wal(path: Path) -> bool:
    """Return whether its write-ahead log holds writes: a program has it open, or was killed."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise UnusableDatabase(f"{path} cannot be read ({error.strerror}). Give this user access to it.") from error
    if not header:
        raise UnusableDatabase(
            f"{path} exists but is empty, so records may have been lost. "
            "Put a backup in its place, or delete the file to start afresh."
        )
    if not header.startswith(_HEADER):
        raise UnusableDatabase(f"{path} is not an SQLite database, or its beginning is damaged. Restore a backup.")
    _check_owner(path, int.from_bytes(header[68:72]))


def _check_owner(path: Path, application_id: int) -> None:
    if application_id != APPLICATION_ID:
        raise UnusableDatabase(f"{path} belongs to another program. Point DATABASE_PATH at a file of its own.")


def _check_contents(path: Path, connection: sqlite3.Connection, *, thorough: bool) -> int:
    _check_owner(path, connection.execute("PRAGMA application_id").fetchone()[0])
    version = _version(connection)
    if version > LATEST:
        raise UnusableDatabase(
            f"{path} was written by a newer Circle Take (schema {version}, this one knows {LATEST}). "
            "Update the program."
        )
    # a log of another file, such as an older backup, can make tables and indexes disagree; quick_check misses that
    check = "PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)"
    fault = connection.execute(check).fetchone()[0]
    if fault != "ok":
        said = " ".join(fault.split())
        raise UnusableDatabase(f"{path} is damaged ({said}). Restore a backup.")
    return version


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _create(path: Path) -> None:
    """Create the file under another name and move it into place, so that a crash leaves no half of it."""
    folder = path.absolute().parent
    draft = folder / f".{path.name}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked_folder(folder):
            if os.path.lexists(path):  # another process has created it meanwhile
                return
            create_private_file(draft)  # SQLite gives the write-ahead log the same permissions
            with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.execute("PRAGMA journal_mode=WAL")
                apply_migrations(connection)
            draft.replace(path)
    except (OSError, sqlite3.Error) as error:
        _remove_draft(draft)
        raise UnusableDatabase(
            f"{path} cannot be created ({reason(error)}): {folder} is missing, full or not writable for this user."
        ) from error


def _remove_draft(draft: Path) -> None:
    """Delete what is left of a file that could not be created: the disk may be full."""
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            draft.with_name(f"{draft.name}{ending}").unlink()


def reason(error: OSError | sqlite3.Error) -> str:
    """Return an error's message without the path of a draft, which means nothing to the host."""
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _migrate(path: Path, wait_ms: int) -> None:
    """Check that the file can be written and is not locked, and bring it up to date."""
    if not os.access(path, os.W_OK):
        raise UnusableDatabase(f"{path} is read-only. Make the file and its folder writable for this user.")
    try:
        with contextlib.closing(connect(path, wait_ms=wait_ms)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            if _version(connection) != LATEST:
                with locked_folder(path.absolute().parent):
                    _bring_up_to_date(path, connection)
    except (OSError, sqlite3.Error) as error:
        raise UnusableDatabase(_explain(path, error)) from error


def _bring_up_to_date(path: Path, connection: sqlite3.Connection) -> None:
    version = _version(connection)
    if version == LATEST:  # another process has done it meanwhile
        return
    copy = path.with_name(f"{path.name}.schema-{version}")
    _copy_before_migration(path, copy, connection)
    try:
        apply_migrations(connection)
    except sqlite3.Error as error:
        raise UnusableDatabase(
            f"{path} could not be brought up to date ({error}). Put {copy.name} in its place, start the version of the "
            "program that you had, and report this."
        ) from error


def _copy_before_migration(path: Path, copy: Path, connection: sqlite3.Connection) -> None:
    """Copy a database that is about to be migrated, so that the older version of the program still has its file.

    Replace the copy of an earlier attempt: the older version may have written to the database since.
    """
    draft = path.with_name(f".{copy.name}.part")
    try:
        create_private_file(draft)
        with contextlib.closing(sqlite3.connect(draft)) as writer:
            connection.backup(writer)
        shutil.copymode(path, draft)
        draft.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise UnusableDatabase(
            f"{path} has to be brought up to date, and the copy that is made before ({copy.name}) cannot be written "
            f"({reason(error)}). Free some space on its disk; nothing was changed."
        ) from error


def _explain(path: Path, error: OSError | sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{path} is locked by another program. Stop that program (a second bot, perhaps) and start again."
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{path} is read-only. Make the file and its folder writable for this user."
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"{path} is damaged ({error}). Restore a backup."
    return f"{path} cannot be opened ({error})."
