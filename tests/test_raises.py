"""`Raises:` in a docstring lists every refusal that can come out of the function, and no other."""

import pytest

from bot import i18n
from tests.raises import Raiser, documented, reached, read_floors

KNOWN = read_floors(("domain", "db"), i18n.keys())
PUBLIC = [raiser for raiser in KNOWN.values() if raiser.is_public and (reached(raiser, KNOWN) or raiser.documented)]

UNREACHED = {
    # roles are looked at only where a form gives them
    ("db.signoffs.store.SignoffStore.open", "signoffs.policy_role_gone"),
    # an entry that is new or goes, and a question that is closed, always change something
    ("db.faq.entries.FaqEntryStore.add", "faq.unchanged"),
    ("db.faq.entries.FaqEntryStore.remove", "faq.unchanged"),
    ("db.faq.queue.FaqQueueStore.answer", "faq.unchanged"),
    ("db.faq.queue.FaqQueueStore.add_alternates", "faq.unchanged"),
    ("db.faq.queue.FaqQueueStore.mark_not_covered", "faq.unchanged"),
    ("db.faq.queue.FaqQueueStore.dismiss", "faq.unchanged"),
}
"""What reading the code finds and a call cannot raise."""


def is_owed(raiser: Raiser, key: str) -> bool:
    """Whether the docstring has to name a key: not if it is about a row that the function has just found itself."""
    own = key in raiser.raised
    return own or not (key.endswith(".unknown") or (raiser.name, key) in UNREACHED)


@pytest.mark.parametrize("raiser", PUBLIC, ids=lambda raiser: raiser.name)
def test_every_refusal_is_listed(raiser: Raiser) -> None:
    missing = reached(raiser, KNOWN) - documented(raiser, KNOWN)
    assert {key for key in missing if is_owed(raiser, key)} == set()


@pytest.mark.parametrize("raiser", PUBLIC, ids=lambda raiser: raiser.name)
def test_no_refusal_is_listed_that_cannot_come(raiser: Raiser) -> None:
    assert documented(raiser, KNOWN) - reached(raiser, KNOWN) == set()


def test_refusals_are_found_through_calls_closures_and_methods() -> None:
    vote = KNOWN["db.polls.store.PollStore.vote"]
    assert {"polls.unknown", "polls.closed", "polls.cancelled", "polls.not_a_voter"} <= reached(vote, KNOWN)
