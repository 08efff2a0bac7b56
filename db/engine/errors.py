"""The exceptions of storage.

StorageError
├── UnusableDatabase   the file cannot be opened as ours; nothing in it was changed
├── NotSaved           the unit of work was rolled back
├── OutcomeUnknown     the commit failed: it may or may not be on disk, so repeat it under the same id
└── StorageClosed      the process is shutting down
"""

import sqlite3

EngineError = sqlite3.Error
"""What SQLite itself raises. Its messages name our tables and codes, never what a person wrote."""


class StorageError(Exception):
    """Base of what `db/` raises, besides rules of `domain/`."""


class UnusableDatabase(StorageError):
    """The database file was refused; the message tells the host why and what to do."""


class NotSaved(StorageError):
    """The unit of work was rolled back whole: disk full, file locked, I/O error."""


class OutcomeUnknown(StorageError):
    """The commit itself failed. Repeating the unit under the same interaction id is safe."""


class StorageClosed(StorageError):
    """The writer no longer takes work."""
