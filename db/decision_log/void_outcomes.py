"""What a void mark changes among the outcomes of polls; the recount itself is SQL, in migration 012."""

import sqlite3

from db.engine.database import Snapshot
from domain.decision_log.voids import VoidEffect

RECOUNT = "INSERT INTO outcome_recount (guild_id) VALUES (?)"
PLACES = "SELECT poll_id, entry_seq, superseded_by, void_by FROM poll_outcome WHERE guild_id = ?"
MARK_CHANGED = "UPDATE poll_outcome SET changed_by = ? WHERE guild_id = ? AND poll_id = ?"
MARK_RESTORED = "UPDATE poll_outcome SET restored_by = ? WHERE guild_id = ? AND poll_id = ?"
CHANGED = """
    SELECT outcome.poll_id, outcome.void_by IS ?1, outcome.poll_id = void.poll_id,
           outcome.superseded_by IS NULL AND outcome.void_by IS NULL AND outcome.restored_by IS ?1
    FROM poll_outcome AS outcome
    JOIN void_outcome AS void ON void.guild_id = outcome.guild_id AND void.mark = outcome.changed_by
    WHERE outcome.guild_id = ?2 AND outcome.changed_by = ?1 ORDER BY outcome.poll_id
"""


def recount(connection: sqlite3.Connection, guild_id: int, mark: int) -> None:
    """Take what `mark` made void out of the line, in the unit of work that entered the mark."""
    before = _places(connection, guild_id)
    connection.execute(RECOUNT, (guild_id,))
    after = _places(connection, guild_id)
    moved = {poll_id for poll_id, place in after.items() if place != before[poll_id]}
    near = {other for poll_id in moved for _, other, _ in (before[poll_id], after[poll_id]) if other is not None}
    connection.executemany(MARK_CHANGED, [(mark, guild_id, poll_id) for poll_id in moved | near])
    freed = [poll_id for poll_id in moved if before[poll_id][1] != after[poll_id][1] and after[poll_id][2] is None]
    connection.executemany(MARK_RESTORED, [(mark, guild_id, poll_id) for poll_id in freed])


def _places(connection: sqlite3.Connection, guild_id: int) -> dict[int, tuple[int | None, int | None, int | None]]:
    """Return each poll's entry, the poll that supersedes it, and the mark that makes it void."""
    return {poll_id: (seq, by, void) for poll_id, seq, by, void in connection.execute(PLACES, (guild_id,))}


async def get_effect(snapshot: Snapshot, guild_id: int, mark: int) -> VoidEffect:
    """Return what a mark changed, as far as no later mark changed it again."""
    found = await snapshot.all(CHANGED, (mark, guild_id))
    return VoidEffect(
        changed=tuple(poll_id for poll_id, *_ in found),
        out=next((poll_id for poll_id, out, _, _ in found if out), None),
        without_record=next((poll_id for poll_id, out, own, _ in found if own and not out), None),
        standing=tuple(poll_id for poll_id, _, own, stands in found if stands and not own),
    )
