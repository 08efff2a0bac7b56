"""The entries of the decision log: their types, their content, and how a draft becomes an entry.

An entry is a body, which is hashed into the chain, and up to three parts to which the body only commits: `who` (names
and ids), `work` (piece, cut, link, what AI did) and `text` (what somebody typed).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from domain import times
from domain.decision_log import chain
from domain.decision_log.chain import Part
from domain.people import Actor
from domain.text import clean_line

VERSION = 1
"""The version of the record; every body has it as "v"."""

PARTS = ("who", "work", "text")
BODY_LIMIT = 256 * 1024
PART_LIMIT = 64 * 1024


class EntryType(StrEnum):
    """What happened. An entry is never changed: withdrawals, voids and erasures are entries too."""

    QUESTION = "question"
    REQUEST = "request"
    DECISION = "decision"
    WITHDRAW = "withdraw"
    EXPORT = "export"
    CORRECT = "correct"
    VOID = "void"
    ERASED = "erased"
    POLICY = "policy"
    OUTCOME = "outcome"
    ANCHOR = "anchor"


@dataclass(frozen=True)
class Question:
    """The question whose answer is the verdict.

    Attributes:
        id: Name and version; a new wording gets a new one.
        title: At most 45 characters, the length of a modal's title or label.
        detail: At most 95 characters, so that it fits under a label.
        note: Shown with the question wherever it is asked.
    """

    id: str
    title: str
    detail: str
    note: str

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the canonical JSON of its four fields; every decision carries it."""
        return chain.digest(chain.canon(self.facts))

    @property
    def facts(self) -> dict[str, str]:
        """The question as its entry stores it."""
        return {"id": self.id, "title": self.title, "detail": self.detail, "note": self.note}


QUESTION = Question(
    id="name-on-it/1",
    title="Would you put your name on it?",
    detail="Picture a client who never hears that AI took part. Is this still a cut you would sign?",
    note=(
        "This tests taste. It gives no reason to keep AI from a client: what the client was told is a field of its own."
    ),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the log knew them at that moment.

    Attributes:
        id: Their Discord id; 0 once erased.
        name: The name shown then, cleaned.
        roles: The names of the roles held then.
    """

    id: int
    name: str
    roles: tuple[str, ...] = ()

    def value(self) -> dict[str, object]:
        """Return the person as a `who` part stores them; the id is a string, since it can exceed 2**53."""
        name = clean_line(self.name) or str(self.id)
        return {"id": str(self.id), "name": name, "roles": [clean_line(role) for role in self.roles]}

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return the person who acts, as Discord shows them now."""
        return cls(actor.id, actor.name, actor.role_names)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what `value` wrote."""
        return cls(int(value["id"]), value["name"], tuple(value.get("roles", ())))


ERASED = Person(0, "")
"""Stands in for a person whose data is gone."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: a cut of a piece, or the task of a poll; None for what it never named or was erased."""

    piece: str | None = None
    cut: int | None = None
    task: str | None = None

    @property
    def value(self) -> dict[str, object]:
        """What it names, as a `work` part holds it."""
        named = {"piece": self.piece, "cut": self.cut, "task": self.task}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that has no number yet.

    Attributes:
        at: When it happened: the time of Discord's interaction.
        interaction: That interaction's id; None if no person caused the entry.
        refs: Numbers of entries it is about: request, supersedes, withdraws, voids, corrects, erases
            (pairs of number and part).
        facts: What is not personal and never withheld.
        who: The person, and whatever else names people.
    """

    type: EntryType
    at: datetime
    interaction: int | None = None
    verdict: str | None = None
    question: Question | None = None
    refs: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    who: Mapping[str, object] | None = None
    work: Mapping[str, object] | None = None
    text: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the log. A part is None when there never was one, or when it was erased (`is_erased`)."""

    seq: int
    type: EntryType
    at: datetime
    body: str
    hash: str
    prev: str
    who: Part | None
    work: Part | None
    text: Part | None
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def read(
        cls,
        body: str,
        *,
        hash: str,  # noqa: A002 the record's own word
        prev: str,
        who: Part | None = None,
        work: Part | None = None,
        text: Part | None = None,
    ) -> Self:
        """Make an entry from what is stored, without verifying it (see `domain.proof.verifier`)."""
        data = json.loads(body)
        kind, at = EntryType(data["type"]), times.from_text(data["at"])
        return cls(data["seq"], kind, at, body, hash, prev, who, work, text, data)

    @property
    def log(self) -> str:
        """The id of the log it belongs to."""
        return str(self.data["log"])

    @property
    def interaction(self) -> int | None:
        """The id of the Discord interaction that caused it."""
        return int(self.data["interaction"]) if self.data["interaction"] else None

    @property
    def verdict(self) -> str | None:
        """The verdict, for decisions and poll outcomes."""
        verdict: str | None = self.data["verdict"]
        return verdict

    @property
    def refs(self) -> Mapping[str, Any]:
        """The entries it is about; `domain.decision_log.kinds` reads them by name."""
        refs: Mapping[str, Any] = self.data["refs"]
        return refs

    @property
    def facts(self) -> Mapping[str, Any]:
        """What is not personal; `domain.decision_log.kinds` reads it by name."""
        facts: Mapping[str, Any] = self.data["facts"]
        return facts

    @property
    def receipt(self) -> str:
        """What the signer keeps; see `chain.receipt`."""
        return chain.receipt(self.seq, self.hash)

    @property
    def person(self) -> Person | None:
        """The author; `ERASED` once their data is gone, None if no person caused the entry."""
        if self.who is None:
            return ERASED if self.is_erased("who") else None
        return Person.read(self.value("who"))

    @property
    def request(self) -> int | None:
        """The number of the sign-off it belongs to; its own for a request."""
        return self.seq if self.type is EntryType.REQUEST else self.refs.get("request")

    @property
    def subject(self) -> Subject:
        """What it is about."""
        work = self.value("work")
        return Subject(work.get("piece"), work.get("cut"), work.get("task"))

    @property
    def reason(self) -> str:
        """The reason that somebody typed; "" for none or an erased one."""
        return str(self.value("text").get("reason", ""))

    def part(self, name: str) -> Part | None:
        """Return the part called `name`, one of PARTS."""
        return {"who": self.who, "work": self.work, "text": self.text}[name]

    def is_erased(self, name: str) -> bool:
        """Return whether the part was erased."""
        return self.data[name] is not None and self.part(name) is None

    def value(self, name: str) -> dict[str, Any]:
        """Return the content of a part; {} for none or an erased one."""
        part = self.part(name)
        return json.loads(part.value) if part else {}


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries, newest first; `more` says whether older ones match too."""

    entries: tuple[LogEntry, ...]
    more: bool


def seal(
    draft: NewEntry, *, log_id: str, seq: int, prev: str = chain.GENESIS, salts: chain.Salts = chain.new_salt
) -> LogEntry:
    """Give a draft its number, its salts and its place in the chain.

    Args:
        draft: What happened.
        log_id: The server's log, from `chain.new_log_id`.
        seq: The next number: 1 for the first entry, then without a gap.
        prev: The hash of entry `seq` - 1, or GENESIS.
        salts: Returns 16 random bytes for each call.

    Raises:
        TypeError, ValueError: for what `chain.canon` refuses, a time without zone, or an entry too large to be
            read back by any verifier (body over 256 KiB, part over 64 KiB).
    """
    values = {"who": draft.who, "work": draft.work, "text": draft.text}
    parts = {name: None if value is None else chain.make_part(value, salts) for name, value in values.items()}
    body = chain.canon(_body(draft, log_id, seq) | {name: part and part.commitment for name, part in parts.items()})
    sizes = [len(part.value.encode()) for part in parts.values() if part]
    if len(body.encode()) > BODY_LIMIT or max(sizes, default=0) > PART_LIMIT:
        raise ValueError("the entry is too large for the log")
    return LogEntry.read(body, hash=chain.link(prev, chain.digest(body)), prev=prev, **parts)


def _body(draft: NewEntry, log_id: str, seq: int) -> dict[str, object]:
    question = draft.question
    return {
        "v": VERSION,
        "log": log_id,
        "seq": seq,
        "type": draft.type.value,
        "at": times.to_text(draft.at),
        "interaction": None if draft.interaction is None else str(draft.interaction),
        "verdict": draft.verdict,
        "question": None if question is None else {"id": question.id, "sha256": question.sha256},
        "refs": dict(draft.refs),
        "facts": dict(draft.facts),
    }


def ask_question(at: datetime, question: Question = QUESTION) -> NewEntry:
    """Return the entry that stores a question's wording; it precedes the first decision that answers it."""
    return NewEntry(EntryType.QUESTION, at, question=question, facts=question.facts)
