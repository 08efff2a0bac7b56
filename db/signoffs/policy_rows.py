"""Policies as the log has them; used inside the units of work of `db/`."""

import sqlite3

from db.decision_log import rows as log
from domain.signoffs.policy import Policy, policy_for, standing_policies

POLICIES = log.ENTRIES + "AND type = 'policy' ORDER BY seq"


def read_policies(connection: sqlite3.Connection, guild_id: int) -> tuple[Policy, ...]:
    """The policies that stand, as the running unit of work sees them."""
    return standing_policies(map(log.entry_of, connection.execute(POLICIES, (guild_id,))))


def read_policy(connection: sqlite3.Connection, guild_id: int, piece: str) -> Policy | None:
    """The policy that holds for a piece, as the running unit of work sees it."""
    return policy_for(piece, read_policies(connection, guild_id))
