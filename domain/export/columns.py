"""Columns and cells of the tables for people: safe cells, the outcomes of polls, ballots.

The table of entries, with all its columns in order, is in `domain.export.tables`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from domain.polls.poll import Choice
from domain.times import to_text

ReadCell: TypeAlias = Callable[[Any], str]

ERASED = "(erased)"
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class TableColumn(NamedTuple):
    """A column: its header, the field of a `TableRow` it shows, and how to read that field if it is JSON."""

    header: str
    field: str
    read: ReadCell = str


def cell(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: a leading ' where it would start a formula (OWASP)."""
    return "'" + text if text.startswith(_FORMULA) else text


def quoted(text: str) -> str:
    """Return the inside of a quoted cell of CSV."""
    return cell(text).replace('"', '""') if text else text


def line_of(quoted_cells: Iterable[str]) -> str:
    """Return a line of CSV from cells that went through `quoted`."""
    return '"' + '","'.join(quoted_cells) + '"\r\n'


def csv_line(cells: Iterable[str]) -> bytes:
    """Return a line of CSV: every cell in quotes and none of them a formula."""
    return line_of(map(quoted, cells)).encode()


def _value(name: str) -> ReadCell:
    return lambda held: str(held.get(name, ""))


def _count(choice: Choice) -> ReadCell:
    return lambda facts: str(facts.get("counts", {}).get(choice, ""))


def _decider(who: dict[str, Any]) -> str:
    decider = who.get("decider")
    return f"{decider['name']} (u{decider['id']})" if decider else ""


def _dissent(text: dict[str, Any]) -> str:
    return "; ".join(f"{vote['choice']}: {vote['reason']}" for vote in text.get("dissent", ()))


OUTCOME_COLUMNS: tuple[TableColumn, ...] = (
    TableColumn("Poll", "facts", _value("poll")),
    TableColumn("Task", "work", _value("task")),
    TableColumn("Deciding rule", "facts", _value("ground")),
    TableColumn("Turnout", "facts", _value("turnout")),
    TableColumn("Quorum", "facts", _value("quorum")),
    TableColumn("Votes for execution", "facts", _count(Choice.EXECUTION)),
    TableColumn("Votes for judgment", "facts", _count(Choice.JUDGMENT)),
    TableColumn("Abstentions", "facts", _count(Choice.ABSTAIN)),
    TableColumn("Who decides", "who", _decider),
    TableColumn("Conditions", "text", _value("conditions")),
    TableColumn("Review (UTC)", "facts", _value("review")),
    TableColumn("Dissent", "text", _dissent),
)
"""The columns that only outcomes fill; the deciding rule is the part of the rule that gave the verdict."""

OUTCOME_FACTS = frozenset({"poll", "ground", "turnout", "quorum", "counts", "review"})
"""The facts of an outcome that have their own columns."""


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A vote as it stood when its poll closed.

    Attributes:
        voter_id: Not a number once erased; None on a secret ballot, as are `owner` and `at`, which would identify
            voters.
        owner: Whether the voter belonged to the department that owns the task.
    """

    poll_id: int
    task: str
    ballot: str
    choice: str
    voter_id: str | None = None
    owner: bool | None = None
    at: datetime | None = None
    reason: str = ""


def _voter(voter_id: str | None) -> str:
    if voter_id is None:
        return ""
    return f"u{voter_id}" if voter_id.isdecimal() else ERASED  # the u keeps Excel from rounding it


BALLOT_COLUMNS: tuple[tuple[str, Callable[[CastBallot], str]], ...] = (
    ("Poll", lambda cast: str(cast.poll_id)),
    ("Task", lambda cast: cast.task),
    ("Ballot", lambda cast: cast.ballot),
    ("Voter's Discord id", lambda cast: _voter(cast.voter_id)),
    ("Vote", lambda cast: cast.choice),
    ("Of the owning department", lambda cast: "" if cast.owner is None else "yes" if cast.owner else "no"),
    ("Time (UTC)", lambda cast: to_text(cast.at) if cast.at else ""),
    ("Reason", lambda cast: cast.reason),
)
"""The columns of the table of ballots in order."""


def ballot_rows(ballots: Iterable[CastBallot]) -> Iterator[list[str]]:
    """Yield the header, then a row for each ballot; none at all if there is no ballot."""
    for number, cast in enumerate(ballots):
        if number == 0:
            yield [header for header, _ in BALLOT_COLUMNS]
        yield [column(cast) for _, column in BALLOT_COLUMNS]
