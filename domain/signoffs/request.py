"""The request that opens a sign-off: what to sign, who must sign it, and what AI did."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from domain.decision_log.entries import ERASED, QUESTION, EntryType, LogEntry, NewEntry, Person
from domain.errors import DomainError
from domain.signoffs.choices import AiUse, ClientTold, Flag
from domain.signoffs.human_tasks import HumanTask
from domain.signoffs.policy import Policy
from domain.signoffs.slate import check_cut, check_link, check_piece
from domain.text import clean_line

TOOLS_LENGTH = 200
SIGNERS_LIMIT = 25


@dataclass(frozen=True, slots=True)
class CutFile:
    """The file that was signed: its name, its size in bytes, and the SHA-256 of its bytes, in hex."""

    name: str
    size: int
    sha256: str

    @property
    def value(self) -> dict[str, object]:
        """The file as a `work` part holds it."""
        return {"name": clean_line(self.name), "size": self.size, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class SignoffRequest:
    """What to sign, and who must sign it.

    Attributes:
        number: The number of its entry; 0 before it is in the log.
        piece: "" once erased; then `cut` is 0.
        link: "" for none.
        file: The cut itself, if it was attached as a file.
        users: People who must sign; `ERASED` stands for one whose data is gone.
        roles: Role ids; one holder of each must sign.
        need: How many of `users` and `roles` must sign; 0 in a new request means all.
        policy: The server's rule for the piece when the request was opened; its roles are among `roles`.
        human_tasks: Tasks that the crew left to people and AI seems to have done; shown before anybody signs.
        untold: Whether the policy requires that the client is told of AI's part, and they were not at the opening.
        corrected_by: The number of the entry that corrected it last; 0 for none (see `domain.signoffs.corrections`).
        supersedes: The number of the request for the piece's previous cut, as its entry has it.
    """

    number: int
    opened_at: datetime
    piece: str
    cut: int
    opener: Person
    link: str = ""
    uses: tuple[AiUse, ...] = ()
    tools: str = ""
    client_told: ClientTold = ClientTold.NOT_KNOWN
    flags: tuple[Flag, ...] = ()
    users: tuple[Person, ...] = ()
    roles: tuple[int, ...] = ()
    need: int = 0
    policy: Policy | None = None
    human_tasks: tuple[HumanTask, ...] = ()
    untold: bool = False
    file: CutFile | None = None
    corrected_by: int = 0
    supersedes: int | None = None

    @classmethod
    def read(cls, entry: LogEntry) -> Self:
        """Read a request back from its entry, with blanks where parts were erased."""
        who, work, facts = entry.value("who"), entry.value("work"), entry.facts
        users = tuple(map(Person.read, who["signers"])) if who else (ERASED,) * facts["users"]
        return cls(
            entry.seq,
            entry.at,
            work.get("piece", ""),
            work.get("cut", 0),
            Person.read(who) if who else ERASED,
            link=work.get("link", ""),
            **read_form(work),
            users=users,
            roles=tuple(int(role) for role in facts["roles"]),
            need=facts["need"],
            policy=Policy.read(facts["policy"], facts["policy"]["entry"]) if "policy" in facts else None,
            human_tasks=_read_human_tasks(facts.get("warnings", ()), work.get("kept", ())),
            untold=facts.get("untold", False),
            supersedes=entry.refs.get("supersedes"),
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """The places to sign, identified without names so that they survive an erasure."""
        users = (f"user:{index}" for index in range(len(self.users)))
        return (*users, *(f"role:{role}" for role in self.roles))

    def slots_filled_by(self, user_id: int, role_ids: Iterable[int]) -> tuple[str, ...]:
        """Return the places that this person's signature would fill."""
        if self.policy and not self.policy.maker_may_sign and user_id == self.opener.id:
            return ()
        held = set(role_ids)
        users = (f"user:{index}" for index, user in enumerate(self.users) if user.id and user.id == user_id)
        return (*users, *(f"role:{role}" for role in self.roles if role in held))

    def count_signatures(self, filled: Collection[str]) -> int:
        """Count towards `need` the signatures in `filled`; other names cannot stand in for those of the policy."""
        by_policy = {f"role:{role}" for role in self.policy.roles} if self.policy else set()
        needed = self.policy.need if self.policy else 0
        places = set(self.slots).intersection(filled)
        return min(len(places & by_policy), needed) + min(len(places - by_policy), self.need - needed)


def read_form(work: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields that a request's form adds to the slate; missing ones get their defaults."""
    return {
        "uses": AiUse.parse_all(work.get("uses", ())),
        "tools": work.get("tools", ""),
        "client_told": next((told for told in ClientTold if told == work.get("client_told")), ClientTold.NOT_KNOWN),
        "flags": Flag.parse_all(work.get("flags", ())),
        "file": CutFile(**work["file"]) if work.get("file") else None,
    }


def open_request(request: SignoffRequest, *, interaction: int | None, supersedes: int | None = None) -> NewEntry:
    """Return the entry that opens a sign-off. Without any signers the opener is the one who must sign.

    Args:
        request: As typed, with the policy that holds; it is cleaned here. Its number and `supersedes` are ignored.
        interaction: The id of the interaction behind it.
        supersedes: The number of the request for the piece's previous cut.

    Raises:
        DomainError: signoffs.no_piece, signoffs.piece_too_long, signoffs.bad_cut, signoffs.link_too_long,
            signoffs.bad_link, signoffs.link_expires, signoffs.tools_too_long, signoffs.maker_named,
            signoffs.too_many_signers, signoffs.bad_need.
    """
    checked = _checked(request)
    work = {
        "piece": checked.piece,
        "cut": checked.cut,
        "link": checked.link,
        "uses": [use.value for use in checked.uses],
        "tools": checked.tools,
        "client_told": checked.client_told.value,
        "flags": [flag.value for flag in checked.flags],
    }
    if checked.file:
        work["file"] = checked.file.value
    if checked.human_tasks:
        work["kept"] = [[task.task, task.judgment, task.execution] for task in checked.human_tasks]
    return NewEntry(
        EntryType.REQUEST,
        request.opened_at,
        interaction,
        question=QUESTION,
        refs={} if supersedes is None else {"supersedes": supersedes},
        facts=_facts(checked),
        who=request.opener.value() | {"signers": [user.value() for user in checked.users]},
        work=work,
    )


def _facts(checked: SignoffRequest) -> dict[str, object]:
    """Return the facts of the entry; keys that do not apply are left out."""
    facts: dict[str, object] = {
        "roles": list(map(str, checked.roles)),
        "users": len(checked.users),
        "need": checked.need,
    }
    if checked.policy:
        facts["policy"] = checked.policy.value | {"entry": checked.policy.number}
    if checked.human_tasks:
        facts["warnings"] = [task.poll for task in checked.human_tasks]
    if checked.untold:
        facts["untold"] = True
    return facts


def _read_human_tasks(polls: Iterable[int], tasks: Iterable[list[Any]]) -> tuple[HumanTask, ...]:
    if known := list(tasks):
        return tuple(HumanTask(poll, *task) for poll, task in zip(polls, known, strict=True))
    return tuple(map(HumanTask, polls))


def _checked(request: SignoffRequest) -> SignoffRequest:
    policy = request.policy
    users = tuple(dict.fromkeys(request.users))
    roles = tuple(dict.fromkeys([*(policy.roles if policy else ()), *request.roles]))
    if not users and not roles:
        users = (request.opener,)
    if policy and not policy.maker_may_sign and any(user.id == request.opener.id for user in users):
        raise DomainError("signoffs.maker_named", pattern=policy.pattern)
    total = len(users) + len(roles)
    excused = len(policy.roles) - policy.need if policy else 0
    if total > SIGNERS_LIMIT:
        raise DomainError("signoffs.too_many_signers", count=total, limit=SIGNERS_LIMIT)
    if not 0 <= request.need <= total:
        raise DomainError("signoffs.bad_need", need=request.need, count=total)
    return replace(
        request,
        piece=check_piece(request.piece),
        cut=check_cut(request.cut),
        link=check_link(request.link),
        tools=check_tools(request.tools),
        uses=tuple(dict.fromkeys(request.uses)),
        flags=tuple(dict.fromkeys(request.flags)),
        users=users,
        roles=roles,
        need=(total - excused) if policy else (request.need or total),
        untold=_untold(request),
    )


def _untold(request: SignoffRequest) -> bool:
    """Return whether the policy requires that the client is told of AI's part, and the form says they were not."""
    wanted = request.policy is not None and request.policy.disclosure
    return wanted and bool(request.uses) and request.client_told is not ClientTold.TOLD


def check_tools(tools: str) -> str:
    """Return the cleaned list of tools, "" for none.

    Raises:
        DomainError: signoffs.tools_too_long.
    """
    cleaned = clean_line(tools)
    if len(cleaned) > TOOLS_LENGTH:
        raise DomainError("signoffs.tools_too_long", length=len(cleaned), limit=TOOLS_LENGTH)
    return cleaned


def may_sign(request: SignoffRequest, user_id: int, role_ids: Iterable[int]) -> bool:
    """Return whether this person may sign: they are named, or hold a role that is."""
    return bool(request.slots_filled_by(user_id, role_ids))


def slate(request: SignoffRequest) -> dict[str, object] | None:
    """Return piece and cut as each further entry repeats them; None once they are erased."""
    return {"piece": request.piece, "cut": request.cut} if request.piece else None
