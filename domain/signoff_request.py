"""The request that opens a sign-off: what is to be signed, by whom, after AI did what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from domain.choices import AiUse, ClientTold, Flag
from domain.decisions import ERASED, QUESTION, Draft, Entry, EntryType, Person
from domain.errors import DomainError
from domain.slate import check_cut, check_link, check_piece
from domain.text import clean_line

TOOLS_LENGTH = 200
SIGNERS_LIMIT = 25


@dataclass(frozen=True, slots=True)
class SignoffRequest:
    """What is to be signed, and by whom.

    Attributes:
        number: The number of its entry; 0 before it is in the log.
        piece: "" once erased, as `cut` is 0.
        link: "" for none.
        users: People who must sign; `ERASED` stands for one whose data is gone.
        roles: Role ids; one holder of each must sign.
        need: How many of `users` and `roles` must sign; 0 in a new request means all.
        corrected_by: The number of the entry that corrected it last; 0 for none (see `domain.corrections`).
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
    corrected_by: int = 0

    @classmethod
    def read(cls, entry: Entry) -> Self:
        """Read a request back from its entry, with blanks where parts were erased."""
        who, work, facts = entry.value("who"), entry.value("work"), entry.facts
        users = tuple(map(Person.read, who["signers"])) if who else (ERASED,) * facts["users"]
        return cls(
            entry.seq,
            entry.at,
            work.get("piece", ""),
            work.get("cut", 0),
            entry.person or ERASED,
            link=work.get("link", ""),
            uses=tuple(map(AiUse, work.get("uses", ()))),  # type: ignore[arg-type]  # by value, as every enum
            tools=work.get("tools", ""),
            client_told=ClientTold(work.get("client_told", "not-known")),  # type: ignore[call-arg]  # by value
            flags=tuple(map(Flag, work.get("flags", ()))),  # type: ignore[arg-type]  # by value
            users=users,
            roles=tuple(int(role) for role in facts["roles"]),
            need=facts["need"],
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """The places to be signed, named without anybody's name so that they survive an erasure."""
        users = (f"user:{index}" for index in range(len(self.users)))
        return (*users, *(f"role:{role}" for role in self.roles))

    def fills(self, user_id: int, role_ids: Iterable[int]) -> tuple[str, ...]:
        """Return the places that this person's signature fills."""
        held = set(role_ids)
        users = (f"user:{index}" for index, user in enumerate(self.users) if user.id and user.id == user_id)
        return (*users, *(f"role:{role}" for role in self.roles if role in held))


def open_request(request: SignoffRequest, *, interaction: int | None, supersedes: int | None = None) -> Draft:
    """Return the entry that opens a sign-off. If nobody is named, the opener is the one who signs.

    Args:
        request: As typed; it is cleaned here. Its number is not looked at.
        interaction: The id of the interaction behind it.
        supersedes: The number of the request for the piece's previous cut.

    Raises:
        DomainError: for a piece, cut, link, tools, number of signers or need that cannot be.
    """
    checked = _checked(request)
    facts = {"roles": list(map(str, checked.roles)), "users": len(checked.users), "need": checked.need}
    work = {
        "piece": checked.piece,
        "cut": checked.cut,
        "link": checked.link,
        "uses": [use.value for use in checked.uses],
        "tools": checked.tools,
        "client_told": checked.client_told.value,
        "flags": [flag.value for flag in checked.flags],
    }
    return Draft(
        EntryType.REQUEST,
        request.opened_at,
        interaction,
        question=QUESTION,
        refs={} if supersedes is None else {"supersedes": supersedes},
        facts=facts,
        who=request.opener.value() | {"signers": [user.value() for user in checked.users]},
        work=work,
    )


def _checked(request: SignoffRequest) -> SignoffRequest:
    users = tuple(dict.fromkeys(request.users))
    roles = tuple(dict.fromkeys(request.roles))
    if not users and not roles:
        users = (request.opener,)
    total = len(users) + len(roles)
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
        need=request.need or total,
    )


def check_tools(tools: str) -> str:
    """Return the cleaned list of tools, "" for none; DomainError if it is over TOOLS_LENGTH characters."""
    cleaned = clean_line(tools)
    if len(cleaned) > TOOLS_LENGTH:
        raise DomainError("signoffs.tools_too_long", length=len(cleaned), limit=TOOLS_LENGTH)
    return cleaned


def may_sign(request: SignoffRequest, user_id: int, role_ids: Iterable[int]) -> bool:
    """Say whether this person's press counts: they are named, or hold a role that is."""
    return bool(request.fills(user_id, role_ids))


def slate(request: SignoffRequest) -> dict[str, object] | None:
    """Return piece and cut, so that each entry names them by itself; None once they are erased."""
    return {"piece": request.piece, "cut": request.cut} if request.piece else None
