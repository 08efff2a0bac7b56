"""What an export tells of polls: columns for their outcomes in the table of entries, and a table of the ballots."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Entry, EntryType
from domain.outcomes import decider_of
from domain.polls import Choice
from domain.times import to_text

ERASED = "(erased)"


def _fact(name: str) -> Callable[[Entry], str]:
    return lambda entry: str(entry.facts.get(name, "")) if entry.type is EntryType.OUTCOME else ""


def _count(choice: Choice) -> Callable[[Entry], str]:
    return lambda entry: str(entry.facts["counts"][choice]) if entry.type is EntryType.OUTCOME else ""


def _part(name: str, read: Callable[[Entry], str]) -> Callable[[Entry], str]:
    def column(entry: Entry) -> str:
        if entry.type is not EntryType.OUTCOME:
            return ""
        return ERASED if entry.is_erased(name) else read(entry)

    return column


def _decider(entry: Entry) -> str:
    decider = decider_of(entry)
    return f"{decider.name} (u{decider.id})" if decider else ""


def _dissent(entry: Entry) -> str:
    return "; ".join(f"{vote['choice']}: {vote['reason']}" for vote in entry.value("text").get("dissent", ()))


OUTCOME_COLUMNS: tuple[tuple[str, Callable[[Entry], str]], ...] = (
    ("Poll", _fact("poll")),
    ("Task", _part("work", lambda entry: str(entry.value("work").get("task", "")))),
    ("Deciding rule", _fact("ground")),
    ("Turnout", _fact("turnout")),
    ("Quorum", _fact("quorum")),
    ("Votes for execution", _count(Choice.EXECUTION)),
    ("Votes for judgment", _count(Choice.JUDGMENT)),
    ("Abstentions", _count(Choice.ABSTAIN)),
    ("Who decides", _part("who", _decider)),
    ("Conditions", _part("text", lambda entry: str(entry.value("text").get("conditions", "")))),
    ("Review (UTC)", _fact("review")),
    ("Dissent", _part("text", _dissent)),
)
"""The columns that only outcomes fill; the deciding rule is the part of it that gave the verdict."""


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
