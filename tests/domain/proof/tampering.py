"""Ways to tamper with a proof: clumsy ones that any check finds, and careful ones that only a pin reveals."""

import json
from collections.abc import Callable

from domain.decision_log.chain import digest, link
from domain.decision_log.entries import EntryType, NewEntry, Person
from tests.domain.proof.logs import (
    ANA,
    START,
    Lines,
    Log,
    edit,
    edit_body,
    proof,
    rechained,
    remanifest,
    stub,
    working_day,
)


def swap_name(lines: Lines) -> Lines:
    part = json.loads(lines[3])["who"]
    part["value"] = part["value"].replace("Ben", "Ana")
    return [*lines[:3], edit(lines[3], who=part), *lines[4:]]


def forge_hash(lines: Lines) -> Lines:
    body = edit_body(lines[5], verdict="declined")
    forged = link(json.loads(lines[4])["hash"], digest(json.loads(body)["body"]))
    return [*lines[:5], edit(body, hash=forged), *lines[6:]]


def foreign(lines: Lines) -> Lines:
    return [*lines[:5], proof(working_day())[5], *lines[6:]]


TAMPERED: list[tuple[str, Callable[[Lines], Lines], int | None]] = [
    ("edited verdict", lambda p: [*p[:5], edit_body(p[5], verdict="declined"), *p[6:]], 5),
    ("deleted in the middle", lambda p: remanifest([*p[:4], *p[5:]]), 4),
    ("reordered", lambda p: [*p[:4], p[5], p[4], *p[6:]], 4),
    ("doubled", lambda p: remanifest([*p[:4], p[3], *p[4:]]), 4),
    ("first entry cut off", lambda p: remanifest([p[0], *p[2:]]), 1),
    ("signer's name swapped", swap_name, 3),
    ("silently blanked name", lambda p: [*p[:3], edit(p[3], who=None), *p[4:]], 3),
    ("name blanked as erased without an erasure", lambda p: [*p[:3], edit(p[3], who="erased"), *p[4:]], 3),
    ("text added", lambda p: [*p[:5], edit(p[5], text={"salt": "00" * 16, "value": "{}"}), *p[6:]], 5),
    ("entry swapped for a wrong stub", lambda p: [*p[:4], stub(4), *p[5:]], 5),
    ("stub of another number", lambda p: [*p[:4], stub(5), *p[5:]], 4),
    ("forged hash", forge_hash, 6),
    ("hash edited alone", lambda p: [*p[:5], edit(p[5], hash="ab" * 32), *p[6:]], 5),
    ("another log's entry", foreign, 5),
    ("true in place of a number", lambda p: [p[0], edit_body(p[1], seq=True), *p[2:]], 1),
    ("a newer version", lambda p: [p[0], edit_body(p[1], v=2), *p[2:]], 1),
    ("end cut off", lambda p: p[:-2], None),
    ("cut off inside a line", lambda p: [*p[:-1], p[-1][:50]], None),
    ("manifest gone", lambda p: p[1:], None),
    ("another log's manifest", lambda p: [proof(working_day())[0], *p[1:]], 1),
    ("entries added", lambda p: [*p, stub(9)], None),
]  # fmt: skip


def careful_truncation(log: Log) -> Lines:
    return remanifest(proof(log)[:-2])


def careful_rewrite(log: Log) -> Lines:
    draft = NewEntry(EntryType.DECISION, START, verdict="signed", who=Person.of(ANA).value(), facts={"fills": []})
    forged = Log()
    forged.id, forged.entries = log.id, rechained(log.entries, {3: draft})
    return proof(forged)


def careful_last_edit(log: Log) -> Lines:
    lines = proof(log)
    return remanifest([*lines[:-1], stub(8)])
