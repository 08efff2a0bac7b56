"""What is left of a person on disk: every byte of the database, its write-ahead log and its index is read."""

from pathlib import Path


def remains(path: Path, *words: str, person_id: int = 0) -> list[str]:
    """Return which of these are still in the files: words as text, an id as text and as SQLite's integer."""
    wanted = {word: word.encode() for word in words}
    if person_id:
        wanted |= {f"{person_id} as text": str(person_id).encode(), f"{person_id} as bytes": person_id.to_bytes(8)}
    files = [file for suffix in ("", "-wal", "-shm") if (file := path.with_name(path.name + suffix)).exists()]
    return [f"{name} in {file.name}" for file in files for name, data in wanted.items() if data in file.read_bytes()]
