"""The state of a sign-off, and the answers and withdrawals that may change it.

A request says what to sign and who must; answers, withdrawals and voids follow it in the log. `fold` computes the
state from these entries; `answer_request`, `tell_client` and `withdraw` return the next ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.decision_log.entries import QUESTION, EntryType, LogEntry, NewEntry, Person
from domain.decision_log.kinds import CorrectionEntry, DecisionEntry, VoidEntry, undone_by
from domain.errors import DomainError
from domain.people import Act
from domain.signoffs.choices import ClientTold, SignoffVerdict
from domain.signoffs.corrections import corrected
from domain.signoffs.request import SignoffRequest, may_sign, slate
from domain.text import clean_text, piece_key

REASON_LENGTH = 1000


class Status(StrEnum):
    """Where a request stands. Withdrawn: by its opener. Void: by a moderator."""

    OPEN = "open"
    CLEARED = "cleared"
    REVISE = "revise"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    VOID = "void"


def _check_reason(reason: str) -> str:
    """Return the cleaned reason, "" for none.

    Raises:
        DomainError: signoffs.reason_too_long.
    """
    cleaned = clean_text(reason)
    if len(cleaned) > REASON_LENGTH:
        raise DomainError("signoffs.reason_too_long", length=len(cleaned), limit=REASON_LENGTH)
    return cleaned


@dataclass(frozen=True, slots=True)
class SignoffState:
    """What the log says about a request.

    Attributes:
        standing: Each person's last answer, unless it was withdrawn or void; oldest first.
        signed: How many of the `request.need` signatures there are. All of them clear the cut, unless `untold`.
        missing_users: Named people whose place is not signed.
        missing_roles: Ids of roles of which no holder has signed.
        newer: The number of the request for a newer cut of the piece, which makes this one stale.
        told: The entry that says the client was told after the opening, if one stands.
        void: The numbers of answers that a moderator marked as void.
    """

    request: SignoffRequest
    status: Status
    standing: tuple[LogEntry, ...]
    signed: int
    missing_users: tuple[Person, ...]
    missing_roles: tuple[int, ...]
    newer: int | None
    void: tuple[int, ...] = ()
    told: LogEntry | None = None

    @property
    def untold(self) -> bool:
        """Whether a policy keeps the cut from being cleared until the client has been told of AI's part."""
        return self.request.untold and self.told is None

    @property
    def client_told(self) -> ClientTold:
        """Whether the client has been told, as the log says now."""
        return self.request.client_told if self.told is None else ClientTold.TOLD

    @property
    def in_force(self) -> bool:
        """Whether the request was neither withdrawn nor marked as void."""
        return self.status not in {Status.WITHDRAWN, Status.VOID}

    @property
    def stale(self) -> bool:
        """Whether a newer cut is up, so that signatures here no longer concern what is delivered."""
        return self.newer is not None

    @property
    def awaited(self) -> tuple[tuple[Person, ...], tuple[int, ...]]:
        """The people and roles whose signatures still count towards clearing; empty when enough have signed."""
        if self.signed >= self.request.need:
            return (), ()
        policy = self.request.policy
        by_policy = policy.roles if policy else ()
        enough = policy is not None and sum(role not in self.missing_roles for role in by_policy) >= policy.need
        roles = tuple(role for role in self.missing_roles if not (enough and role in by_policy))
        return self.missing_users, roles

    def decision_of(self, user_id: int) -> LogEntry | None:
        """Return this person's standing decision."""
        return next((entry for entry in self.standing if (author := entry.person) and author.id == user_id), None)


@dataclass(frozen=True, slots=True)
class Signoff:
    """The result of a person's act: its entry, and the request as it stands after it."""

    request: SignoffRequest
    entry: LogEntry


@dataclass(frozen=True, slots=True)
class Opened(Signoff):
    """A newly opened request, with the state that its card shows."""

    state: SignoffState


def fold(request: SignoffRequest, events: Iterable[LogEntry]) -> SignoffState:
    """Compute the state of `request` from entries of its log.

    A standing "not yet" or "won't sign" outweighs any number of signatures. A withdrawn or void answer leaves its
    author without one, even if they had answered differently before: only a new press brings a name back.

    Args:
        request: The request as its own entry says.
        events: The entries that refer to it and the other requests for the same piece with their corrections, in
            any order; others are ignored. Erased parts change nothing.
    """
    entries = sorted(events, key=lambda event: event.seq)
    corrections = [entry for entry in entries if entry.type in {EntryType.CORRECT, EntryType.VOID}]
    request = corrected(request, corrections)
    standing: dict[int, LogEntry] = {}
    told: dict[int, LogEntry] = {}
    newer: set[int] = set()
    ended: set[EntryType] = set()
    for entry in entries:
        if entry.type is EntryType.REQUEST:
            if entry.seq != request.number and _is_newer(entry, corrections, request):
                newer.add(entry.seq)
        elif entry.type is EntryType.DECISION and entry.request == request.number:
            standing.pop(DecisionEntry.read(entry).supersedes or 0, None)
            standing[entry.seq] = entry
        elif entry.type is EntryType.CORRECT and _tells_client(entry, request):
            told[entry.seq] = entry
        elif target := undone_by(entry):
            standing.pop(target, None)
            told.pop(target, None)
            newer.discard(target)
            ended |= {entry.type} if target == request.number else set()
    answers, word = tuple(standing.values()), next(iter(told.values()), None)
    signatures = (DecisionEntry.read(entry) for entry in answers if entry.verdict == SignoffVerdict.SIGNED)
    filled = {slot for signature in signatures for slot in signature.slots}
    signed = request.count_signatures(filled)
    marks = [VoidEntry.read(entry) for entry in corrections if entry.type is EntryType.VOID]
    return SignoffState(
        request,
        _status(ended, answers, cleared=signed >= request.need and not (request.untold and word is None)),
        answers,
        signed,
        missing_users=tuple(user for index, user in enumerate(request.users) if f"user:{index}" not in filled),
        missing_roles=tuple(role for role in request.roles if f"role:{role}" not in filled),
        newer=max(newer, default=None),
        void=tuple(mark.voids for mark in marks if mark.request == request.number and not mark.ends_signoff),
        told=word,
    )


def _tells_client(entry: LogEntry, request: SignoffRequest) -> bool:
    return entry.request == request.number and CorrectionEntry.read(entry).tells_client


def _is_newer(entry: LogEntry, corrections: Iterable[LogEntry], request: SignoffRequest) -> bool:
    """Return whether the request of `entry`, after corrections, is for a newer cut of the piece."""
    other = corrected(SignoffRequest.read(entry), corrections)
    same = bool(request.piece) and piece_key(other.piece) == piece_key(request.piece)
    if other.supersedes == request.number and not (other.corrected_by and other.piece and not same):
        return True
    return same and (other.cut, other.number) > (request.cut, request.number)


def _status(ended: set[EntryType], answers: Iterable[LogEntry], *, cleared: bool) -> Status:
    verdicts = {entry.verdict for entry in answers}
    if ended:
        return Status.VOID if EntryType.VOID in ended else Status.WITHDRAWN
    if SignoffVerdict.DECLINED in verdicts:
        return Status.DECLINED
    if SignoffVerdict.REVISE in verdicts:
        return Status.REVISE
    return Status.CLEARED if cleared else Status.OPEN


def answer_request(state: SignoffState, act: Act, verdict: SignoffVerdict, reason: str = "") -> NewEntry:
    """Return the entry of an answer; it supersedes the same person's earlier one.

    To add a reason afterwards, give the same answer again with it.

    Raises:
        DomainError: signoffs.reason_too_long, signoffs.closed, signoffs.newer_cut, signoffs.maker,
            signoffs.not_a_signer, signoffs.already.
    """
    request, why = state.request, _check_reason(reason)
    check_can_be_signed(state)
    slots = request.slots_filled_by(act.actor.id, act.actor.role_ids)
    if not slots:
        raise _no_signer(request, act)
    before = state.decision_of(act.actor.id)
    if before and before.verdict == verdict and why in {"", before.reason}:
        raise DomainError("signoffs.already", verdict=verdict.value, number=before.seq)
    warnings = [task.poll for task in request.human_tasks]
    return NewEntry(
        EntryType.DECISION,
        act.at,
        act.interaction_id,
        verdict=verdict.value,
        question=QUESTION,
        refs={"request": request.number} | ({"supersedes": before.seq} if before else {}),
        facts={"fills": list(slots)} | ({"warnings": warnings} if warnings else {}),
        who=Person.of(act.actor).value(),
        work=slate(request),
        text={"reason": why} if why else None,
    )


def check_can_be_signed(state: SignoffState) -> None:
    """Let answers pass only while the request is in force and no newer cut is up.

    Raises:
        DomainError: signoffs.closed, signoffs.newer_cut.
    """
    request = state.request
    if not state.in_force:
        raise DomainError("signoffs.closed", number=request.number, status=state.status.value)
    if state.newer is not None:
        raise DomainError("signoffs.newer_cut", cut=request.cut, number=state.newer)


def _no_signer(request: SignoffRequest, act: Act) -> DomainError:
    if request.policy and not request.policy.maker_may_sign and act.actor.id == request.opener.id:
        return DomainError("signoffs.maker", number=request.number, pattern=request.policy.pattern)
    return DomainError("signoffs.not_a_signer", number=request.number)


def tell_client(state: SignoffState, act: Act) -> NewEntry:
    """Return the entry that says the client has been told, after the request said otherwise.

    The opener, those who sign and moderators may say so.

    Raises:
        DomainError: signoffs.closed, signoffs.newer_cut, signoffs.told_already, signoffs.not_teller.
    """
    request, actor = state.request, act.actor
    check_can_be_signed(state)
    if state.client_told is ClientTold.TOLD:
        raise DomainError("signoffs.told_already", number=request.number)
    if not (actor.moderator or actor.id == request.opener.id or may_sign(request, actor.id, actor.role_ids)):
        raise DomainError("signoffs.not_teller", number=request.number)
    return NewEntry(
        EntryType.CORRECT,
        act.at,
        act.interaction_id,
        refs={"request": request.number, "corrects": request.number},
        facts={"client_told": ClientTold.TOLD.value},
        who=Person.of(actor).value(),
        work=slate(request),
    )


def withdraw(state: SignoffState, number: int, act: Act, reason: str = "") -> NewEntry:
    """Return the entry that takes back one's own standing answer, request, or word that the client was told.

    Raises:
        DomainError: signoffs.reason_too_long, signoffs.not_standing, signoffs.not_yours.
    """
    request, why = state.request, _check_reason(reason)
    owners = {entry.seq: entry.person for entry in (*state.standing, *([state.told] if state.told else []))}
    if state.in_force:
        owners[request.number] = request.opener
    if number not in owners:
        raise DomainError("signoffs.not_standing", number=number)
    owner = owners[number]
    if owner is None or owner.id != act.actor.id:
        raise DomainError("signoffs.not_yours", number=number)
    return NewEntry(
        EntryType.WITHDRAW,
        act.at,
        act.interaction_id,
        refs={"request": request.number, "withdraws": number},
        who=Person.of(act.actor).value(),
        work=slate(request),
        text={"reason": why} if why else None,
    )
