"""What storage can say instead of an answer.

StorageError
├── UnusableDatabase   the file cannot be opened as ours; nothing in it was changed
├── NotSaved           the unit of work left no trace
├── OutcomeUnknown     the commit failed: it may or may not be on disk, so repeat it under the same id
└── StorageClosed      the process is shutting down
"""

import sqlite3

EngineError = sqlite3.Error
"""What the database engine itself raises. Its messages name tables and codes of ours, never what a person wrote."""


class StorageError(Exception):
    """Base of everything that `db/` raises by itself."""


class UnusableDatabase(StorageError):
    """The database file was refused; the message says why and what to do, for the host."""


class NotSaved(StorageError):
    """The unit of work was rolled back whole: disk full, file locked, I/O error."""


class OutcomeUnknown(StorageError):
    """The commit itself failed. Repeating the unit under the same interaction id is safe."""


class StorageClosed(StorageError):
    """The writer no longer takes work."""
