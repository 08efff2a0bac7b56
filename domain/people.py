"""Who acts, as Discord vouched for it at that moment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of a server, with the roles held at the moment of acting."""

    id: int
    name: str
    role_ids: frozenset[int] = frozenset()
    role_names: tuple[str, ...] = ()
    moderator: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One interaction. Its id identifies a repeat; its time is Discord's clock (UTC)."""

    interaction_id: int
    at: datetime
    actor: Actor
