"""What an export tells of polls: columns for their outcomes in the table of entries, and a table of the ballots."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.export.cells import ERASED, Read, TableColumn
from domain.polls.poll import Choice
from domain.text import one_line
from domain.times import to_text


def _value(name: str) -> Read:
    return lambda held: str(held.get(name, ""))


def _count(choice: Choice) -> Read:
    return lambda facts: str(facts.get("counts", {}).get(choice, ""))


def _decider(who: dict[str, Any]) -> str:
    decider = who.get("decider")
    return f"{decider['name']} (u{decider['id']})" if decider else ""


def _dissent(text: dict[str, Any]) -> str:
    return "; ".join(f"{vote['choice']}: {one_line(vote['reason'])}" for vote in text.get("dissent", ()))


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
"""The columns that only outcomes fill; the deciding rule is the part of it that gave the verdict."""

TOLD = frozenset({"poll", "ground", "turnout", "quorum", "counts", "review"})
"""The facts of an outcome that have columns of their own."""


@dataclass(frozen=True, slots=True)
class CastBallot:
    """A vote as it stood when its poll closed.

    Attributes:
        voter_id: Anything but a number once erased; None on a secret ballot, as are `owner` and `at`, which would give
            voters away.
        owner: Whether the voter was of the department that owns the task.
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
