"""Policies of sign-offs in SQL: each change is an entry of the log, and current policies are read from there."""

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
        """Return the current policies, sorted by pattern."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(POLICIES, (guild_id,))
        return standing_policies(map(log.entry_of, found))

    async def change(self, guild_id: int, act: Act, change: PolicyChange) -> PolicySet:
        """Set or remove the policy of a pattern; sign-offs that are open keep the one they were opened under.

        Raises:
            DomainError: signoffs.no_piece, signoffs.piece_too_long, signoffs.policy_signers, signoffs.no_policy,
                signoffs.policy_roles, signoffs.bad_need.
        """

        def unit(connection: sqlite3.Connection) -> PolicySet:
            entry = log.repeated(connection, guild_id, act.interaction_id, EntryType.POLICY)
            if entry is None:
                draft = change_policy(change, read_policies(connection, guild_id), act)
                entry = log.append(connection, guild_id, draft)
            return PolicySet(Policy.of_entry(entry), entry)

        return await self._database.write(unit)


def read_policies(connection: sqlite3.Connection, guild_id: int) -> tuple[Policy, ...]:
    """Read the current policies inside a unit of work."""
    return standing_policies(map(log.entry_of, connection.execute(POLICIES, (guild_id,))))


def read_policy(connection: sqlite3.Connection, guild_id: int, piece: str) -> Policy | None:
    """Read the policy that holds for a piece inside a unit of work."""
    return policy_for(piece, read_policies(connection, guild_id))
