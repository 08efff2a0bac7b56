"""What people do again and again prepares no statement anew: SQLite asks an authorizer whenever it prepares one."""

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from db.engine import opening
from db.engine.database import Database
from db.polls.store import PollStore
from db.signoffs.store import SignoffStore
from domain.people import Actor
from domain.polls.poll import Choice, PollDraft
from domain.signoffs.choices import SignoffVerdict
from tests.db.decision_log.log_world import CAMERA, GUILD, NOON, act, request

CREW = [Actor(1000 + number, f"Extra {number}", frozenset({CAMERA}), ("Camera",)) for number in range(10)]
WARMING = 3
"""Times after which all statements of an act have been prepared: its first entry of a log needs others."""

Doing = Callable[[Actor], Awaitable[object]]


class Preparing:
    """Counts what SQLite asks about while it prepares statements for connections that write."""

    def __init__(self) -> None:
        self.asked = 0

    def watch(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Count on this connection too."""
        connection.set_authorizer(self._allow)
        return connection

    def _allow(self, *_: object) -> int:
        self.asked += 1
        return sqlite3.SQLITE_OK


@pytest.fixture
def preparing(monkeypatch: pytest.MonkeyPatch) -> Preparing:
    found, connect = Preparing(), opening.connect
    monkeypatch.setattr(opening, "connect", lambda *place, **how: found.watch(connect(*place, **how)))
    return found


@pytest.mark.parametrize("what", ["vote", "withdraw a vote", "sign", "say why", "ask for names", "open a poll"])
async def test_what_is_done_again_prepares_nothing_anew(tmp_path: Path, preparing: Preparing, what: str) -> None:
    async with await Database.open(tmp_path / "db") as database:
        polls, signoffs = PollStore(database), SignoffStore(database)

        async def ask(actor: Actor) -> int:
            asked = request(f"Harbour {actor.id}s", roles=(CAMERA,))
            return (await signoffs.open(GUILD, act(actor), asked)).entry.seq

        async def open_poll(actor: Actor) -> int:
            draft = PollDraft(f"Clean plate {actor.id}", "", NOON + timedelta(days=9), 1)
            return (await polls.open(GUILD, act(actor), 5, draft)).poll_id

        poll, cut = await open_poll(CREW[0]), await ask(CREW[0])
        acts: dict[str, Doing] = {
            "vote": lambda actor: polls.vote(GUILD, poll, act(actor), Choice.EXECUTION),
            "withdraw a vote": lambda actor: polls.withdraw(GUILD, poll, act(actor)),
            "sign": lambda actor: signoffs.answer(GUILD, cut, act(actor), SignoffVerdict.SIGNED),
            "say why": lambda actor: signoffs.add_reason(GUILD, cut, act(actor), f"Seen by {actor.name}"),
            "ask for names": ask,
            "open a poll": open_poll,
        }
        first = {"withdraw a vote": "vote", "say why": "sign"}.get(what)
        for number, actor in enumerate(CREW):
            if first:
                await acts[first](actor)
            preparing.asked = 0
            await acts[what](actor)
            assert number < WARMING or not preparing.asked, f"{actor.name} had {preparing.asked} names looked up"
