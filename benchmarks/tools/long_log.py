"""A long decision log, made once for all cases about exporting and verifying."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.decision_log import rows as decision_rows
from db.engine import opening
from domain.decision_log.entries import QUESTION, EntryType, NewEntry, Person
from domain.signoffs.choices import AiUse, ClientTold, Flag, SignoffVerdict

GUILD = 10**17
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_DISCORD_EPOCH_MS = 1_420_070_400_000
_CREW = [Person(10**17 + n, f"Crew member {n}", ("Editorial", "Post")[: n % 3]) for n in range(40)]
_WHY = 'The third shot has six fingers, and the "sky" looks bought; Zoë’s plate from day 4 is better. '


class LongLog:
    """A database with a log of `entries` entries, created in `folder` when first used."""

    def __init__(self, folder: Path, entries: int) -> None:
        self.entries = entries
        self._path = folder / "long.sqlite3"

    @property
    def path(self) -> Path:
        """The database file."""
        if not self._path.exists():
            make_log(self._path, self.entries)
        return self._path


def make_log(path: Path, entries: int) -> None:
    """Create a database with one server's log of `entries` entries: requests, and answers with and without a reason."""
    opening.prepare(path)
    with closing(opening.connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for draft in _drafts(entries - 1):  # the first answer adds an entry for the question
            decision_rows.append(connection, GUILD, draft)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _drafts(count: int) -> Iterator[NewEntry]:
    chance = random.Random(1)  # noqa: S311 - the same log in every run, not a secret
    request = 2
    for n in range(count):
        at = START + timedelta(minutes=n)
        interaction = (round(at.timestamp() * 1000) - _DISCORD_EPOCH_MS << 22) + n
        work: dict[str, object] = {"piece": f"Harbour Lights {n // 400}", "cut": 1 + n // 5 % 80}
        person = chance.choice(_CREW)
        if n % 5 == 0:
            request = n + 2
            yield _request(at, interaction, person, work, chance)
        else:
            why = {"reason": _WHY * chance.randint(1, 2)} if chance.random() < 0.6 else None
            verdict = chance.choice(list(SignoffVerdict)).value
            refs, facts = {"request": request}, {"fills": ["user:0"]}
            who = person.value()
            yield NewEntry(EntryType.DECISION, at, interaction, verdict, QUESTION, refs, facts, who, work, why)


def _request(
    at: datetime, interaction: int, person: Person, work: dict[str, object], chance: random.Random
) -> NewEntry:
    uses = [use.value for use in chance.sample(list(AiUse), 2)]
    work = work | {
        "link": f"https://discord.com/channels/{GUILD}/{GUILD + 1}/{interaction}",
        "uses": uses,
        "tools": "Runway Gen-4, Topaz 7",
        "client_told": ClientTold.TOLD.value,
        "flags": [Flag.FINAL.value],
    }
    who = person.value() | {"signers": [chance.choice(_CREW).value()]}
    facts = {"roles": [], "users": 1, "need": 1}
    return NewEntry(EntryType.REQUEST, at, interaction, question=QUESTION, facts=facts, who=who, work=work)
