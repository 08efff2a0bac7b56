"""The crew's standing verdicts, as sign-offs need them: which tasks are kept for people."""

import sqlite3
from collections.abc import Iterable

from db.database import Row, Snapshot
from domain.polls import Verdict
from domain.precedents import Precedent
from domain.slate import piece_key

DECIDED = """
    SELECT task, verdict, poll_id, execution, judgment FROM poll
    WHERE guild_id = ? AND verdict IS NOT NULL ORDER BY poll_id DESC LIMIT 200
"""


def read_judged(connection: sqlite3.Connection, guild_id: int) -> list[Precedent]:
    """The tasks that stand as judgment, as the running unit of work sees them, the newest poll first."""
    return _judged(connection.execute(DECIDED, (guild_id,)))


async def get_judged(snapshot: Snapshot, guild_id: int) -> list[Precedent]:
    """The tasks that stand as judgment, as a snapshot sees them, the newest poll first."""
    return _judged(await snapshot.all(DECIDED, (guild_id,)))


def _judged(found: Iterable[Row]) -> list[Precedent]:
    """A later poll on the same task is the one that stands."""
    standing: dict[str, Precedent] = {}
    for task, verdict, poll_id, execution, judgment in found:
        decided = Precedent(task, Verdict(verdict), poll_id, (execution, judgment))
        standing.setdefault(piece_key(task), decided)
    return [decided for decided in standing.values() if decided.verdict is Verdict.JUDGMENT]
