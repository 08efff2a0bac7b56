"""The outcome of a poll: the entry of its verdict, and the record of who decides and under which conditions.

Entries are never overwritten. An entry that replaces others names them in `refs["supersedes"]`: a record replaces the
outcome it completes, a later poll on the same task the outcome of the earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from domain.decision_log.entries import EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import OutcomeEntry, PollStage, Stage
from domain.errors import DomainError
from domain.links import message_link
from domain.people import Act, Actor
from domain.polls.poll import SMALLEST_GROUP, Choice, Ground, Poll, PollVerdict, Vote
from domain.text import clean_text, piece_key
from domain.times import to_text

CONDITIONS_LENGTH = 400
NOTE_LENGTH = 800
REVIEW_AFTER = timedelta(hours=1)
REVIEW_WITHIN = timedelta(days=5 * 366)
DISSENT_KEPT = 20
"""Reasons against a verdict that its entry keeps: at 500 characters each, they fit into a part of the log."""

_HOLDS_KEPT = 8
_OTHER = {PollVerdict.EXECUTION: Choice.JUDGMENT, PollVerdict.JUDGMENT: Choice.EXECUTION}


def task_key(task: str) -> str:
    """Return the key that wordings of one task share: letter case, spaces and a final full stop do not count."""
    return piece_key(task).rstrip(" .")


def dissenting_choice(verdict: PollVerdict) -> Choice:
    """Return the choice of those who dissent from a verdict; an abstention is no dissent."""
    return _OTHER[verdict]


def dissent(verdict: PollVerdict, votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """Return the votes against a verdict that have a reason."""
    return tuple(vote for vote in votes if vote.choice is dissenting_choice(verdict) and vote.reason)


def department_shown(poll: Poll) -> bool:
    """Return whether the owning department's tally may be shown: on a secret ballot only from three voters on."""
    if poll.draft.owner_role_id is None:
        return False
    return poll.names_shown or sum(poll.tally.owners.values()) >= SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """What somebody records about an outcome. Build it with `OutcomeRecord.of`, which checks it.

    Attributes:
        decider: Who decides from here on, by name.
        conditions: Scene, tool, version, the human check.
        review_at: When the crew wants to look at it again.
        replaces: Another poll whose verdict it replaces too.
    """

    decider: Person
    conditions: str = ""
    note: str = ""
    review_at: datetime | None = None
    replaces: int | None = None

    @classmethod
    def of(
        cls,
        decider: Person,
        *,
        at: datetime,
        conditions: str = "",
        note: str = "",
        review_at: datetime | None = None,
        replaces: int | None = None,
    ) -> Self:
        """Check what somebody typed.

        Raises:
            DomainError: outcomes.conditions_too_long, outcomes.note_too_long, outcomes.review_too_soon,
                outcomes.review_too_late.
        """
        conditions, note = clean_text(conditions), clean_text(note)
        if len(conditions) > CONDITIONS_LENGTH:
            raise DomainError("outcomes.conditions_too_long", length=len(conditions), limit=CONDITIONS_LENGTH)
        if len(note) > NOTE_LENGTH:
            raise DomainError("outcomes.note_too_long", length=len(note), limit=NOTE_LENGTH)
        if review_at is not None and review_at - at < REVIEW_AFTER:
            raise DomainError("outcomes.review_too_soon")
        if review_at is not None and review_at - at > REVIEW_WITHIN:
            raise DomainError("outcomes.review_too_late")
        return cls(decider, conditions, note, review_at, replaces)


def check_recorder(poll: Poll, actor: Actor) -> None:
    """Let only the opener of a poll, or a moderator, record its outcome, and only once it has one.

    Raises:
        DomainError: outcomes.none, outcomes.not_yours.
    """
    if poll.result is None:
        raise DomainError("outcomes.none", poll_id=poll.poll_id)
    if actor.id != poll.opener_id and not actor.moderator:
        raise DomainError("outcomes.not_yours", poll_id=poll.poll_id)


def check_stands(poll_id: int, superseded_by: int | None, void_by: int | None) -> None:
    """Let nobody record the outcome of a poll whose verdict no longer stands.

    Raises:
        DomainError: outcomes.superseded, outcomes.void.
    """
    if void_by is not None:
        raise DomainError("outcomes.void", poll_id=poll_id, by=void_by)
    if superseded_by is not None:
        raise DomainError("outcomes.superseded", poll_id=poll_id, by=superseded_by)


def close_entry(
    poll: Poll, opener: Person, act: Act | None, *, votes: Sequence[Vote], link: str, supersedes: Sequence[int]
) -> NewEntry:
    """Return the entry of a poll that has just closed.

    Args:
        poll: Closed, with its outcome.
        opener: Who opened it; the author of the entry if the poll closed at its deadline.
        act: The act that closed it by hand, or None.
        votes: Votes, at least those with a reason; only dissent is kept, without names.
        link: The address of the ballot, or "".
        supersedes: The entries of earlier outcomes on the same task.
    """
    if poll.closed_at is None or poll.result is None:
        raise ValueError("only a closed poll has an outcome")
    who = opener.value() if act is None else Person.of(act.actor).value() | {"opener": opener.value()}
    against_it = dissent(poll.result.verdict, votes)
    kept = [{"choice": vote.choice.value, "reason": vote.reason} for vote in against_it[:DISSENT_KEPT]]
    holds = [hold.reason for hold in poll.holds[:_HOLDS_KEPT]]
    return NewEntry(
        EntryType.OUTCOME,
        poll.closed_at,
        act.interaction_id if act else None,
        poll.result.verdict.value,
        refs=_refs(supersedes),
        facts=_facts(poll) | {"stage": Stage.CLOSED.value, "by": "hand" if act else "clock"},
        who=who,
        work=_work(poll, link),
        text={"dissent": kept, "holds": holds} if kept or holds else None,
    )


def record_entry(poll: Poll, record: OutcomeRecord, act: Act, *, link: str, supersedes: Sequence[int]) -> NewEntry:
    """Return the entry of a recorded outcome; `supersedes` names the poll's standing entry and any it replaces."""
    if poll.result is None:
        raise ValueError("only a closed poll has an outcome")
    review = {"review": to_text(record.review_at)} if record.review_at else {}
    typed = {"reason": record.note, "conditions": record.conditions}
    return NewEntry(
        EntryType.OUTCOME,
        act.at,
        act.interaction_id,
        poll.result.verdict.value,
        refs=_refs(supersedes),
        facts=_facts(poll) | {"stage": Stage.RECORDED.value} | review,
        who=Person.of(act.actor).value() | {"decider": record.decider.value()},
        work=_work(poll, link),
        text={name: text for name, text in typed.items() if text} or None,
    )


def _refs(supersedes: Sequence[int]) -> dict[str, object]:
    return {"supersedes": list(supersedes)} if supersedes else {}


def _facts(poll: Poll) -> dict[str, object]:
    ground = poll.standing.ground
    facts: dict[str, object] = {
        "poll": poll.poll_id,
        "ground": ground.value,
        "turnout": poll.tally.turnout,
        "quorum": poll.draft.quorum,
        "counts": _counts(poll.tally.everyone),
        "ballot": poll.draft.ballot.value,
        "late": poll.closed_late,
    }
    if poll.draft.owner_role_id is not None:
        counts = _counts(poll.tally.owners) if department_shown(poll) else None
        facts["department"] = {"role": str(poll.draft.owner_role_id), "counts": counts}
    return facts


def _counts(votes: Mapping[Choice, int]) -> dict[str, int]:
    return {choice.value: number for choice, number in votes.items()}


def _work(poll: Poll, link: str) -> dict[str, object]:
    work = {"task": poll.draft.task, "details": poll.draft.details, "link": link}
    return {name: text for name, text in work.items() if text}


def link_of(guild_id: int, poll: Poll) -> str:
    """Return the address of a poll's ballot in Discord, or "" while its message is unknown."""
    if poll.message_id is None:
        return ""
    return message_link(guild_id, poll.channel_id, poll.message_id)


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """A closed poll with its entry and its place among the server's verdicts.

    Attributes:
        entry: Its newest entry in the log; None for a poll closed before outcomes were logged.
        superseded_by: The poll whose outcome replaced it.
        supersedes: The polls that it replaced.
        void_by: The mark that took it out of the line.
        restored_after: The void entry that had taken the place of this verdict, or of its current entry.
    """

    poll: Poll
    entry: LogEntry | None
    superseded_by: int | None = None
    supersedes: tuple[int, ...] = ()
    void_by: int | None = None
    restored_after: int | None = None

    @property
    def stands(self) -> bool:
        """Whether it is neither superseded nor void."""
        return self.superseded_by is None and self.void_by is None

    @property
    def verdict(self) -> PollVerdict:
        """The verdict."""
        return self.poll.standing.verdict

    @property
    def ground(self) -> Ground:
        """The part of the rule that decided."""
        return self.poll.standing.ground

    @property
    def is_recorded(self) -> bool:
        """Whether somebody recorded who decides."""
        stage = PollStage.read(self.entry) if self.entry else None
        return stage is not None and stage.stage is Stage.RECORDED

    @property
    def decider(self) -> Person | None:
        """Who decides from here on; None before it is recorded, or once erased."""
        return self._said.decider if self._said else None

    @property
    def conditions(self) -> str:
        """The recorded conditions; "" for none."""
        return self._said.conditions if self._said else ""

    @property
    def note(self) -> str:
        """The recorded note; "" for none."""
        return self._said.note if self._said else ""

    @property
    def review_at(self) -> datetime | None:
        """When the crew wants to look at it again."""
        return self._said.review_at if self._said else None

    @property
    def _said(self) -> OutcomeEntry | None:
        return OutcomeEntry.read(self.entry) if self.entry else None
