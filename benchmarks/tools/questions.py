"""The labelled questions in tests/data."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "tests" / "data"


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `labels` are the entries that answer it. If none does, `kind` is near or far."""

    id: str
    text: str
    labels: tuple[str, ...]
    kind: str


def read(name: str) -> list[Question]:
    """Read the questions of a file in tests/data."""
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    return [
        Question(row.get("id", "-"), row["q"], tuple(row["labels"] or ()), row.get("kind", "answerable"))
        for row in rows
    ]
