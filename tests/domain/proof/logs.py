"""Made-up logs for tests: a crew, a clock, and honest entries in order."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from domain.decision_log.chain import GENESIS, digest, link, new_log_id
from domain.decision_log.entries import PARTS, EntryType, LogEntry, NewEntry, Person, ask_question, seal
from domain.export.filters import EVERYTHING, Filter, Manifest, Survey
from domain.export.tables import TableRow
from domain.people import Act, Actor
from domain.proof.lines import ProofRow, proof_blocks
from domain.signoffs.choices import AiUse, SignoffVerdict
from domain.signoffs.request import SignoffRequest, open_request
from domain.signoffs.state import SignoffState, answer_request, fold
from domain.times import to_text

START = datetime(2026, 11, 20, 10, 0, 0, 123_000, tzinfo=UTC)
DIRECTOR, COLOURIST, PRODUCER = 55, 66, 77
ANA = Actor(101, "Ana", frozenset({DIRECTOR}), ("Director",))
BEN = Actor(102, "Ben", frozenset({COLOURIST}), ("Colourist",))
CLEO = Actor(103, "Cleo", frozenset({DIRECTOR, PRODUCER}), ("Director", "Producer"))
DOV = Actor(104, "Dov")


def snowflake(at: datetime, low: int = 0) -> int:
    return (round(at.timestamp() * 1000) - 1_420_070_400_000 << 22) + low


def act(actor: Actor, minutes: int = 0) -> Act:
    at = START + timedelta(minutes=minutes)
    return Act(snowflake(at, minutes), at, actor)


def person(actor: Actor) -> Person:
    return Person.of(actor)


def request(**changes: object) -> SignoffRequest:
    plain = SignoffRequest(
        0, START, "Spot 30s", 3, person(DOV), uses=(AiUse.BROLL,), users=(person(BEN),), roles=(DIRECTOR,)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the fields


Lines: TypeAlias = list[bytes]


class Log:
    """A log to which drafts are added."""

    def __init__(self) -> None:
        self.id = new_log_id()
        self.entries: list[LogEntry] = []

    def add(self, draft: NewEntry) -> LogEntry:
        prev = self.entries[-1].hash if self.entries else GENESIS
        entry = seal(draft, log_id=self.id, seq=len(self.entries) + 1, prev=prev)
        self.entries.append(entry)
        return entry

    def open(self, **changes: object) -> SignoffRequest:
        wanted = request(**changes)
        return SignoffRequest.read(self.add(open_request(wanted, interaction=snowflake(wanted.opened_at))))

    def state(self, asked: SignoffRequest) -> SignoffState:
        return fold(asked, self.entries)

    def decide(self, asked: SignoffRequest, actor: Actor, verdict: SignoffVerdict, reason: str = "") -> LogEntry:
        return self.add(answer_request(self.state(asked), act(actor, len(self.entries)), verdict, reason))

    def erase(self, *pairs: tuple[int, str]) -> LogEntry:
        for seq, part in pairs:
            self.entries[seq - 1] = replace(self.entries[seq - 1], **{part: None})  # type: ignore[arg-type]
        refs = {"erases": [list(pair) for pair in pairs]}
        return self.add(NewEntry(EntryType.ERASED, START + timedelta(hours=2), refs=refs))


def working_day() -> Log:
    """Return eight entries: the question, a cut with a "not yet", the next cut, signed by two, and its clearance."""
    log = Log()
    log.add(ask_question(START))
    first = log.open()
    log.decide(first, BEN, SignoffVerdict.REVISE, "The sky looks bought.")
    second = log.open(cut=4, opened_at=START + timedelta(minutes=3))
    log.decide(second, BEN, SignoffVerdict.SIGNED)
    log.decide(second, ANA, SignoffVerdict.SIGNED)
    log.decide(second, CLEO, SignoffVerdict.SIGNED, "Better than the storyboard.")
    log.open(piece="Titles", cut=1, opened_at=START + timedelta(minutes=9))
    return log


def proof(log: Log, wanted: Filter = EVERYTHING, withheld: Sequence[str] = ()) -> list[bytes]:
    rows = (_proof_row(entry, wanted) for entry in log.entries)
    blocks = proof_blocks(rows, manifest_of(log, wanted, withheld))
    return b"".join(block for _, block in blocks).splitlines(keepends=True)


def manifest_of(log: Log, wanted: Filter = EVERYTHING, withheld: Sequence[str] = ()) -> Manifest:
    return Manifest(log.id, survey(log.entries, wanted), START, "0.1.0", "Dov", wanted, withheld)


def survey(entries: Sequence[LogEntry], wanted: Filter = EVERYTHING) -> Survey:
    shown = sum(map(wanted.matches, entries))
    accounts = sum(entry.type is EntryType.ERASED and not wanted.matches(entry) for entry in entries)
    return Survey(shown, accounts, len(entries), entries[-1].hash if entries else GENESIS)


def _proof_row(entry: LogEntry, wanted: Filter) -> ProofRow:
    parts: list[bytes | None] = []
    for name in PARTS:
        part = entry.part(name)
        blank = b"" if entry.is_erased(name) else None
        parts += [part.salt.encode(), part.value.encode()] if part else [blank, None]
    shown = entry.type is EntryType.ERASED or wanted.matches(entry)
    return ProofRow(entry.seq, shown, entry.body.encode(), entry.hash.encode(), *parts)


def table(entries: Iterable[LogEntry], wanted: Filter = EVERYTHING) -> Iterator[TableRow]:
    for entry in filter(wanted.matches, entries):
        parts = [part.value if (part := entry.part(name)) else "" if entry.is_erased(name) else None for name in PARTS]
        question = (entry.data["question"] or {}).get("id", "")
        plain = (str(entry.seq), entry.type.value, to_text(entry.at), entry.verdict or "", question, entry.hash)
        yield TableRow(*plain, json.dumps(entry.refs), json.dumps(entry.facts), *parts)


def rechained(entries: Iterable[LogEntry], drafts: dict[int, NewEntry]) -> list[LogEntry]:
    """Rewrite the whole log with other drafts in some places, as a host could."""
    out: list[LogEntry] = []
    for entry in entries:
        prev = out[-1].hash if out else GENESIS
        draft = drafts.get(entry.seq)
        if draft is None:
            body = entry.body
            parts = {"who": entry.who, "work": entry.work, "text": entry.text}
            out.append(LogEntry.read(body, hash=link(prev, digest(body)), prev=prev, **parts))
        else:
            out.append(seal(draft, log_id=entry.log, seq=entry.seq, prev=prev))
    return out


def edit(line: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(line) | changes).encode()


def edit_body(line: bytes, **changes: object) -> bytes:
    body = json.loads(json.loads(line)["body"]) | changes
    return edit(line, body=json.dumps(body, sort_keys=True, separators=(",", ":")))


def stub(seq: int) -> bytes:
    """Return a stub of an entry that never existed."""
    return json.dumps({"seq": seq, "digest": "ab" * 32}).encode()


def remanifest(lines: Lines) -> Lines:
    """Make the first line fit the others, as a careful forger would."""
    head, shown = GENESIS, 0
    for line in map(json.loads, lines[1:]):
        head = link(head, digest(line["body"]) if "body" in line else line["digest"])
        shown += "body" in line
    count = len(lines) - 1
    return [edit(lines[0], head=head, total=count, last=count, shown=shown, accounts=0), *lines[1:]]
