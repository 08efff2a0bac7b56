"""The crew's standing verdicts, as sign-offs need them: which tasks are kept for people."""

from db.database import Snapshot
from domain.polls import Verdict
from domain.precedents import Precedent
from domain.slate import piece_key

DECIDED = """
    SELECT task, verdict, poll_id, execution, judgment FROM poll
    WHERE guild_id = ? AND verdict IS NOT NULL ORDER BY poll_id DESC LIMIT 200
"""


async def get_judged(snapshot: Snapshot, guild_id: int) -> list[Precedent]:
    """The tasks that stand as judgment, the newest poll first; a later poll on the same task is the one that stands."""
    standing: dict[str, Precedent] = {}
    for task, verdict, poll_id, execution, judgment in await snapshot.all(DECIDED, (guild_id,)):
        decided = Precedent(task, Verdict(verdict), poll_id, (execution, judgment))
        standing.setdefault(piece_key(task), decided)
    return [decided for decided in standing.values() if decided.verdict is Verdict.JUDGMENT]
