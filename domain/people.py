"""Who acts, as the chat platform vouched for it at that moment."""

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
    """One interaction: its id makes a repeat recognisable, its time is the platform's own clock (UTC)."""

    interaction_id: int
    at: datetime
    actor: Actor
