"""Labelled questions, as tests/data keeps them."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[2] / "tests" / "data"


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `labels` are the entries that answer it, none if it is not covered: then `kind` is near or far."""

    id: str
    text: str
    labels: tuple[str, ...]
    kind: str


def read(name: str) -> list[Question]:
    """The questions of a file in tests/data."""
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    return [
        Question(row.get("id", "-"), row["q"], tuple(row["labels"] or ()), row.get("kind", "answerable"))
        for row in rows
    ]
