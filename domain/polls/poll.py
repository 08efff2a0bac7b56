"""Polls: may AI execute a task, or does a human have to judge?

The rule is fail-safe: execution has to be won, everything else is judgment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import DomainError
from domain.names.keys import visible
from domain.text import clean_line, clean_text

TASK_LENGTH = 200
DETAILS_LENGTH = 1000
REASON_LENGTHS = range(6, 501)
"""Allowed lengths of a reason: enough to say something, short enough for a phone."""

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(days=90)
LATE_AFTER = timedelta(minutes=1)
"""A poll that closes this long after its deadline is marked late: the bot was not running."""

DEFAULT_DURATION = timedelta(hours=24)
DEFAULT_QUORUM = 3
QUORUMS = range(1, 1001)
SMALLEST_GROUP = 3
"""On a secret ballot a department's tally is shown from this many voters on; a smaller one would identify them."""


class Choice(StrEnum):
    """What a person can vote."""

    EXECUTION = "execution"
    JUDGMENT = "judgment"
    ABSTAIN = "abstain"


DECIDING = (Choice.EXECUTION, Choice.JUDGMENT)
"""The choices that are weighed against each other."""

ABSTAINING = (Choice.ABSTAIN,)
"""The choices that count only for the quorum."""


class PollVerdict(StrEnum):
    """What a closed poll says."""

    EXECUTION = "execution"
    JUDGMENT = "judgment"


class Ground(StrEnum):
    """The part of the rule that decided a verdict, checked in this order."""

    NO_QUORUM = "no-quorum"
    HOLD = "hold"
    NO_MAJORITY = "no-majority"
    OWNER = "owner"
    MAJORITY = "majority"


class Ballot(StrEnum):
    """When votes are shown: at once, after the close, or only as counts after the close."""

    OPEN = "open"
    AFTER_CLOSE = "after-close"
    SECRET = "secret"  # noqa: S105 - a kind of ballot, not a password


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by choice, of everyone and of the owning department alone."""

    everyone: Mapping[Choice, int]
    owners: Mapping[Choice, int] = field(default_factory=dict)

    @classmethod
    def count(cls, votes: Iterable[tuple[Choice, bool]]) -> "Tally":
        """Count votes, each a choice and whether the voter belongs to the owning department."""
        everyone, owners = dict.fromkeys(Choice, 0), dict.fromkeys(Choice, 0)
        for choice, owner in votes:
            everyone[choice] += 1
            owners[choice] += owner
        return cls(everyone, owners)

    def after_change(self, before: "Vote | None", after: "Vote | None") -> "Tally":
        """Return the tally after a person's vote changes from `before` to `after`; None stands for no vote."""
        everyone, owners = dict(self.everyone), dict(self.owners)
        for vote, by in ((before, -1), (after, +1)):
            if vote is not None:
                everyone[vote.choice] += by
                owners[vote.choice] += by * vote.owner
        return Tally(everyone, owners)

    @property
    def turnout(self) -> int:
        """People who voted; an abstention is a vote."""
        return sum(self.everyone.values())


@dataclass(frozen=True, slots=True)
class PollResult:
    """A verdict and the part of the rule that gave it."""

    verdict: PollVerdict
    ground: Ground


def decide(tally: Tally, *, quorum: int, open_holds: int) -> PollResult:
    """Apply the rule. Change it here and nowhere else.

    Execution needs the quorum, no open hold, more than half of the votes that did not abstain, and an owning
    department that is not mostly for judgment. Everything else ends as judgment.

    Args:
        tally: the votes as they stand.
        quorum: how many people have to vote, abstentions included.
        open_holds: holds that nobody has lifted.
    """
    if tally.turnout < quorum:
        return PollResult(PollVerdict.JUDGMENT, Ground.NO_QUORUM)
    if open_holds:
        return PollResult(PollVerdict.JUDGMENT, Ground.HOLD)
    if not _more_than_half(tally.everyone, Choice.EXECUTION):
        return PollResult(PollVerdict.JUDGMENT, Ground.NO_MAJORITY)
    if _more_than_half(tally.owners, Choice.JUDGMENT):
        return PollResult(PollVerdict.JUDGMENT, Ground.OWNER)
    return PollResult(PollVerdict.EXECUTION, Ground.MAJORITY)


def _more_than_half(votes: Mapping[Choice, int], choice: Choice) -> bool:
    return 2 * votes.get(choice, 0) > sum(votes.get(deciding, 0) for deciding in DECIDING)


@dataclass(frozen=True, slots=True)
class PollDraft:
    """A poll as somebody wants to open it. Build it with `PollDraft.of`, which checks it."""

    task: str
    details: str
    closes_at: datetime
    quorum: int
    ballot: Ballot = Ballot.OPEN
    owner_role_id: int | None = None
    voter_role_id: int | None = None

    @classmethod
    def of(
        cls,
        *,
        task: str,
        details: str,
        opens_at: datetime,
        closes_at: datetime,
        quorum: int = DEFAULT_QUORUM,
        ballot: Ballot = Ballot.OPEN,
        owner_role_id: int | None = None,
        voter_role_id: int | None = None,
    ) -> "PollDraft":
        """Check what somebody typed.

        Raises:
            DomainError: polls.no_task, polls.task_too_long, polls.details_too_long, polls.closes_too_soon,
                polls.closes_too_late, polls.quorum.
        """
        task, details = clean_line(task), clean_text(details)
        if not visible(task):
            raise DomainError("polls.no_task")
        if len(task) > TASK_LENGTH:
            raise DomainError("polls.task_too_long", limit=TASK_LENGTH, length=len(task))
        if len(details) > DETAILS_LENGTH:
            raise DomainError("polls.details_too_long", limit=DETAILS_LENGTH, length=len(details))
        if closes_at - opens_at < SHORTEST:
            raise DomainError("polls.closes_too_soon", at=int(closes_at.timestamp()))
        if closes_at - opens_at > LONGEST:
            raise DomainError("polls.closes_too_late", at=int(closes_at.timestamp()))
        if quorum not in QUORUMS:
            raise DomainError("polls.quorum", most=QUORUMS[-1])
        return cls(task, details, closes_at, quorum, ballot, owner_role_id, voter_role_id)


@dataclass(frozen=True, slots=True)
class Hold:
    """A named objection that blocks execution until it is lifted."""

    holder_id: int
    reason: str
    held_at: datetime
    holder_name: str | None = None  # None for holds of versions that kept no names


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's standing vote. `voter_id` is None where the ballot hides it."""

    voter_id: int | None
    choice: Choice
    owner: bool
    voted_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll with its standing tally and open holds."""

    poll_id: int
    channel_id: int
    message_id: int | None
    opener_id: int
    draft: PollDraft
    opened_at: datetime
    tally: Tally
    holds: tuple[Hold, ...] = ()
    closed_at: datetime | None = None
    closed_late: bool = False
    result: PollResult | None = None
    cancelled_by: int | None = None
    cancel_reason: str = ""

    @property
    def cancelled(self) -> bool:
        """Whether the poll ended without a verdict, and for good."""
        return self.cancelled_by is not None

    @property
    def standing(self) -> PollResult:
        """The result, or what it would be if the poll closed now.

        Raises:
            ValueError: The poll was cancelled, so it has none.
        """
        if self.cancelled:
            raise ValueError("a cancelled poll has no verdict")
        return self.result or decide(self.tally, quorum=self.draft.quorum, open_holds=len(self.holds))

    @property
    def counts_shown(self) -> bool:
        """Whether the counts may be seen; cancelling a poll reveals none."""
        return self.draft.ballot is Ballot.OPEN or (self.closed_at is not None and not self.cancelled)

    @property
    def names_shown(self) -> bool:
        """Whether it may be seen who voted what."""
        return self.counts_shown and self.draft.ballot is not Ballot.SECRET
