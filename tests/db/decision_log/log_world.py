"""A small crew and its acts, for tests of sign-offs and of the decision log."""

from datetime import UTC, datetime, timedelta
from itertools import count

from domain.decision_log.entries import Person
from domain.people import Act, Actor
from domain.signoffs.request import SignoffRequest

GUILD, OTHER_GUILD = 100_000_000_000_000_001, 100_000_000_000_000_002
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CAMERA = 77

EDITOR = Actor(11, "Lena", frozenset(), ("Editorial",))
DIRECTOR = Actor(12, "Mara", frozenset(), ("Direction",))
DP = Actor(13, "Ines", frozenset({CAMERA}), ("Camera",))
GAFFER = Actor(14, "Gus")

_EPOCH_MS = 1_420_070_400_000
_moments = count(1)


def act(actor: Actor) -> Act:
    """Make an interaction of `actor`, a second after the last one; its id holds its time, as Discord's do."""
    at = NOON + timedelta(seconds=next(_moments))
    milliseconds = round(at.timestamp() * 1000)
    return Act((milliseconds - _EPOCH_MS) << 22, at, actor)


def request(piece: str = "Harbour 30s", cut: int = 1, *, roles: tuple[int, ...] = ()) -> SignoffRequest:
    """Make a request in which the editor asks the director and a holder of each role."""
    users = (Person.of(DIRECTOR),)
    return SignoffRequest(0, NOON, piece, cut, Person.of(EDITOR), users=users, roles=roles)
