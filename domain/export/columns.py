"""What an export tells of polls: columns for their outcomes in the table of entries, and a table of the ballots."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.export.cells import ERASED, Column, Read
from domain.polls.poll import Choice
from domain.times import to_text


def _value(name: str) -> Read:
    return lambda held: str(held.get(name, ""))


def _count(choice: Choice) -> Read:
    return lambda facts: str(facts.get("counts", {}).get(choice, ""))


def _decider(who: dict[str, Any]) -> str:
    decider = who.get("decider")
    return f"{decider['name']} (u{decider['id']})" if decider else ""


def _dissent(text: dict[str, Any]) -> str:
    return "; ".join(f"{vote['choice']}: {vote['reason']}" for vote in text.get("dissent", ()))


OUTCOME_COLUMNS: tuple[Column, ...] = (
    Column("Poll", "facts", _value("poll")),
    Column("Task", "work", _value("task")),
    Column("Deciding rule", "facts", _value("ground")),
    Column("Turnout", "facts", _value("turnout")),
    Column("Quorum", "facts", _value("quorum")),
    Column("Votes for execution", "facts", _count(Choice.EXECUTION)),
    Column("Votes for judgment", "facts", _count(Choice.JUDGMENT)),
    Column("Abstentions", "facts", _count(Choice.ABSTAIN)),
    Column("Who decides", "who", _decider),
    Column("Conditions", "text", _value("conditions")),
    Column("Review (UTC)", "facts", _value("review")),
    Column("Dissent", "text", _dissent),
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
