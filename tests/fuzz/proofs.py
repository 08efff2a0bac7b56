"""Valid proofs, ways to falsify them, and what a proof says."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from domain.decision_log.chain import digest, link
from domain.export.filters import EVERYTHING, Filter
from tests.domain.proof.logs import Lines, Log, proof, working_day

from .texts import JSON, TEXTS

PARTS = ("who", "work", "text")
Path = tuple[Any, ...]


def _erased() -> Log:
    log = working_day()
    log.erase((3, "text"), (3, "who"))
    return log


@dataclass(frozen=True)
class Original:
    """A valid proof, and the pin that vouches for all of it."""

    lines: Lines
    pin: str

    @classmethod
    def of(cls, log: Log, wanted: Filter = EVERYTHING, withheld: tuple[str, ...] = ()) -> "Original":
        """The proof of a log, as it would be exported so."""
        last = log.entries[-1]
        return cls(proof(log, wanted, withheld), f"{last.seq}:{last.hash}")


ORIGINALS = (
    Original.of(working_day()),
    Original.of(_erased()),
    Original.of(_erased(), withheld=("work",)),
    Original.of(working_day(), Filter(piece="Titles")),
)


def told(lines: Lines) -> dict[int, dict[str, object]]:
    """Return what a reader learns from a proof: the body of each shown entry, and its present parts."""
    shown = {}
    for line in lines[1:]:
        record = json.loads(line) if line.strip() else {}
        if "body" in record:
            body = json.loads(record["body"])
            there = {part: record[part]["value"] for part in PARTS if isinstance(record.get(part), dict)}
            shown[body["seq"]] = {"body": body} | {part: json.loads(value) for part, value in there.items()}
    return shown


def says_only(lines: Lines, original: Lines) -> bool:
    """Say whether all that `lines` say is what `original` says."""
    truth = told(original)
    return all(truth.get(seq, {}).get(key) == value for seq, one in told(lines).items() for key, value in one.items())


@st.composite
def falsified(draw: DrawFn, original: Original) -> Lines:
    """Draw a proof with one to three changes."""
    lines = list(original.lines)
    for _ in range(draw(st.integers(1, 3))):
        if lines:
            lines = draw(st.sampled_from((_bytes, _lines, _fields, _fields, _bodies)))(draw, lines)
    return lines


def _bytes(draw: DrawFn, lines: Lines) -> Lines:
    """Change, add or remove some bytes of one line."""
    number = draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    start = draw(st.integers(0, len(line)))
    end = draw(st.sampled_from((start, start + 1, start + 8, len(line))))
    added = draw(st.binary(max_size=4) | st.sampled_from((b'"', b"\\", b"\n", b"{}", b"null", b"\0", b" ", b",")))
    return [*lines[:number], line[:start] + added + line[end:], *lines[number + 1 :]]


def _lines(draw: DrawFn, lines: Lines) -> Lines:
    """Remove, repeat or move lines, or add some of another proof."""
    number, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    kept = [line for at, line in enumerate(lines) if at != number]
    foreign = draw(st.sampled_from([line for one in ORIGINALS for line in one.lines]))
    return draw(
        st.sampled_from(
            (
                kept,
                lines[:number],
                [*kept[:other], lines[number], *kept[other:]],
                [*kept[:other], foreign, *kept[other:]],
            )
        )
    )


def _fields(draw: DrawFn, lines: Lines) -> Lines:
    """Set, remove or add one field of one line."""
    number = draw(st.integers(0, len(lines) - 1))
    try:
        record = json.loads(lines[number])
    except ValueError:
        return lines
    return [*lines[:number], _dump(_changed(draw, record)), *lines[number + 1 :]]


def _bodies(draw: DrawFn, lines: Lines) -> Lines:
    """Change one field of an entry's body and fix its hash, as the bot's host could."""
    number = draw(st.integers(0, len(lines) - 1))
    try:
        record = json.loads(lines[number])
        before = json.loads(lines[number - 1])["hash"]
        record["body"] = json.dumps(_changed(draw, json.loads(record["body"])), sort_keys=True, separators=(",", ":"))
        record["hash"] = link(before, digest(record["body"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return lines
    return [*lines[:number], _dump(record), *lines[number + 1 :]]


def _dump(record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def _changed(draw: DrawFn, value: Any) -> Any:
    """Change something in a value, at any depth."""
    if isinstance(value, dict) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value, key=str)))
        if not draw(st.integers(0, 5)):
            return {other: one for other, one in value.items() if other != key}
        return value | {key: _changed(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], _changed(draw, value[at]), *value[at + 1 :]]
    near = [value + 1, value - 1] if isinstance(value, int) else [str(value).upper(), f"{value} ", str(value)[:-1]]
    return draw(st.sampled_from([*near, "erased", "withheld", None]) | TEXTS | JSON)
