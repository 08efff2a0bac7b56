"""A long proof, made quickly."""

from datetime import timedelta
from itertools import count

from domain.decision_log.chain import GENESIS
from domain.decision_log.entries import EntryType, NewEntry, Person, seal
from tests.domain.proof.logs import START, Lines, Log, proof


def long_proof(entries: int) -> Lines:
    """Return a proof of so many answers to one request."""
    log = Log()
    prev = GENESIS
    for number in range(1, entries + 1):
        entry = seal(_draft(number), log_id=log.id, seq=number, prev=prev, salts=_salts)
        log.entries.append(entry)
        prev = entry.hash
    return proof(log)


_numbers = count()


def _salts() -> bytes:
    return next(_numbers).to_bytes(16)


def _draft(number: int) -> NewEntry:
    who = Person(number % 40 + 1, f"Crew member {number % 40}", ("Editorial",)).value()
    verdict = ("signed", "revise", "declined")[number % 3]
    work = {"piece": f"Harbour Lights {number // 500}", "cut": number % 80 + 1}
    text = {"reason": "The third shot has six fingers, and the sky looks bought."} if number % 2 else None
    at = START + timedelta(minutes=number * 7)
    return NewEntry(EntryType.DECISION, at, verdict=verdict, refs={"request": 1}, who=who, work=work, text=text)
