"""Who must sign what: a server's policies by the name of the piece, each set by an entry of the log.

If several patterns fit a piece, the most specific one holds: one without wildcards, then the one with more letters,
then the one with fewer wildcards, then the newest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from domain.decision_log.entries import EntryType, LogEntry, NewEntry, Person
from domain.errors import DomainError
from domain.names.keys import matches, name_key, pattern_key
from domain.people import Act
from domain.signoffs.slate import check_piece
from domain.text import piece_key

ROLES_LIMIT = 10
_WILDCARDS = "*?"


@dataclass(frozen=True, slots=True)
class Policy:
    """What it takes to clear a cut of a matching piece.

    Attributes:
        pattern: The name of a piece; `*` stands for any characters, `?` for one.
        roles: Ids of the roles that sign, one holder of each.
        need: How many of them must; at most their number.
        maker_may_sign: Whether the opener of the request may sign it too.
        disclosure: Whether the client must have been told when AI took part.
        number: Of the entry that set it; 0 before it is in the log.
    """

    pattern: str
    roles: tuple[int, ...]
    need: int
    maker_may_sign: bool = True
    disclosure: bool = False
    number: int = 0

    @classmethod
    def read(cls, facts: Mapping[str, Any], number: int) -> Self:
        """Read what `value` wrote."""
        roles = tuple(map(int, facts["roles"]))
        return cls(facts["pattern"], roles, facts["need"], facts["maker_may_sign"], facts["disclosure"], number)

    @classmethod
    def of_entry(cls, entry: LogEntry) -> Self:
        """Read an entry of type POLICY."""
        return cls.read(entry.facts, entry.seq)

    @property
    def value(self) -> dict[str, object]:
        """The policy as the facts of an entry store it; nothing in it is personal."""
        return {
            "pattern": self.pattern,
            "roles": list(map(str, self.roles)),
            "need": self.need,
            "maker_may_sign": self.maker_may_sign,
            "disclosure": self.disclosure,
        }

    def fits(self, piece: str) -> bool:
        """Return whether the pattern matches a piece's name, as it is compared or letter by letter as it was typed.

        The second keeps a policy for `Who? 30s` on that very piece, whose question mark is a wildcard in the policy
        and a space in the name's key.
        """
        return matches(name_key(piece), pattern_key(self.pattern)) or matches(piece_key(piece), piece_key(self.pattern))

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Sort key: a more specific policy has a higher rank."""
        wild = sum(self.pattern.count(sign) for sign in _WILDCARDS)
        return not wild, len(pattern_key(self.pattern)) - wild, -wild, self.number


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What a moderator wants to change for a pattern; None leaves a part as it is.

    Attributes:
        roles: Who signs; () takes the policy away.
        need: How many of them must sign; 0 means all.
    """

    pattern: str
    roles: tuple[int, ...] | None = None
    need: int | None = None
    maker_may_sign: bool | None = None
    disclosure: bool | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether it only names a pattern."""
        return self == PolicyChange(self.pattern)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The result of a change: the policy, without roles if it was removed, and its entry."""

    policy: Policy
    entry: LogEntry


def policy_for(piece: str, policies: Iterable[Policy]) -> Policy | None:
    """Return the policy that holds for a piece."""
    return max((policy for policy in policies if policy.fits(piece)), key=lambda policy: policy.rank, default=None)


def standing_policies(entries: Iterable[LogEntry]) -> tuple[Policy, ...]:
    """Read a server's policies from its entries, in any order: the newest for each pattern, sorted by pattern.

    Spellings that older versions took for two patterns stay two policies, so that removing one never removes both.
    """
    last: dict[str, Policy] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        if entry.type is EntryType.POLICY:
            policy = Policy.of_entry(entry)
            last[piece_key(policy.pattern)] = policy
    return tuple(policy for _, policy in sorted(last.items()) if policy.roles)


def change_policy(change: PolicyChange, policies: Iterable[Policy], act: Act) -> NewEntry:
    """Return the entry of a change; in a new policy all must sign, the maker may, and disclosure is not required.

    Raises:
        DomainError: signoffs.no_piece, signoffs.piece_too_long, signoffs.policy_signers (a new one without signers),
            signoffs.no_policy (nothing to remove), signoffs.policy_roles, signoffs.bad_need.
    """
    pattern = check_piece(change.pattern)
    before = _same_pattern(pattern, policies)
    if before is None and change.roles is None:
        raise DomainError("signoffs.policy_signers", pattern=pattern)
    if before is None and not change.roles:
        raise DomainError("signoffs.no_policy", pattern=pattern)
    policy = _changed(before or Policy(pattern, (), 0), change)
    return NewEntry(EntryType.POLICY, act.at, act.interaction_id, facts=policy.value, who=Person.of(act.actor).value())


def _same_pattern(pattern: str, policies: Iterable[Policy]) -> Policy | None:
    """Return the policy of this pattern: the one in this very spelling if there are several, else the latest."""
    same = [policy for policy in policies if pattern_key(policy.pattern) == pattern_key(pattern)]
    typed = piece_key(pattern)
    return max(same, key=lambda policy: (piece_key(policy.pattern) == typed, policy.number), default=None)


def _changed(before: Policy, change: PolicyChange) -> Policy:
    roles = before.roles if change.roles is None else tuple(dict.fromkeys(change.roles))
    return replace(
        before,
        roles=roles,
        need=_check_need(roles, before, change),
        maker_may_sign=before.maker_may_sign if change.maker_may_sign is None else change.maker_may_sign,
        disclosure=before.disclosure if change.disclosure is None else change.disclosure,
    )


def _check_need(roles: tuple[int, ...], before: Policy, change: PolicyChange) -> int:
    """Return how many must sign; "all" stays "all" when the roles change."""
    if len(roles) > ROLES_LIMIT:
        raise DomainError("signoffs.policy_roles", count=len(roles), limit=ROLES_LIMIT)
    was_all = before.need == len(before.roles)
    need = (0 if was_all else before.need) if change.need is None else change.need
    if not 0 <= need <= len(roles) and roles:
        raise DomainError("signoffs.bad_need", need=need, count=len(roles))
    return min(need or len(roles), len(roles))
