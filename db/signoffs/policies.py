"""Policies of sign-offs in SQL: each change is an entry of the log, and what stands is read from there."""

import sqlite3

from db.decision_log import rows as log
from db.engine.database import Database
from domain.decision_log.entries import EntryType
from domain.people import Act
from domain.signoffs.policy import Policy, PolicyChange, PolicySet, change_policy, policy_for, standing_policies

POLICIES = log.ENTRIES + "AND type = 'policy' ORDER BY seq"


class PolicyStore:
    """Every method takes the server first and never reaches another's policies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, guild_id: int) -> tuple[Policy, ...]:
        """The policies that stand, by pattern."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(POLICIES, (guild_id,))
        return standing_policies(map(log.entry_of, found))

    async def change(self, guild_id: int, act: Act, change: PolicyChange) -> PolicySet:
        """Set or take away the policy of a pattern; cuts that are up already keep the one they were opened under.

        Raises:
            DomainError: what `domain.signoffs.policy.change_policy` refuses.
        """

        def unit(connection: sqlite3.Connection) -> PolicySet:
            entry = log.repeated(connection, guild_id, act.interaction_id, EntryType.POLICY)
            if entry is None:
                draft = change_policy(change, read_policies(connection, guild_id), act)
                entry = log.append(connection, guild_id, draft)
            return PolicySet(Policy.of_entry(entry), entry)

        return await self._database.write(unit)


def read_policies(connection: sqlite3.Connection, guild_id: int) -> tuple[Policy, ...]:
    """The policies that stand, as the running unit of work sees them."""
    return standing_policies(map(log.entry_of, connection.execute(POLICIES, (guild_id,))))


def read_policy(connection: sqlite3.Connection, guild_id: int, piece: str) -> Policy | None:
    """The policy that holds for a piece, as the running unit of work sees it."""
    return policy_for(piece, read_policies(connection, guild_id))
