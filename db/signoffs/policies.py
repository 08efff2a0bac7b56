"""Policies of sign-offs in SQL: each change is an entry of the log, and what stands is read from there."""

import sqlite3
from dataclasses import dataclass

from db.decision_log import rows as log
from db.engine.database import Database
from db.signoffs import policy_rows as rows
from domain.decision_log.entries import EntryType, LogEntry
from domain.people import Act
from domain.signoffs.policy import Policy, PolicyChange, change_policy, standing_policies


@dataclass(frozen=True, slots=True)
class PolicySet:
    """What a change came to: the policy, without roles if it was taken away, and the entry it stands in."""

    policy: Policy
    entry: LogEntry


class PolicyStore:
    """Every method takes the server first and never reaches another's policies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, guild_id: int) -> tuple[Policy, ...]:
        """The policies that stand, by pattern."""
        async with self._database.snapshot() as snapshot:
            found = await snapshot.all(rows.POLICIES, (guild_id,))
        return standing_policies(map(log.entry_of, found))

    async def change(self, guild_id: int, act: Act, change: PolicyChange) -> PolicySet:
        """Set or take away the policy of a pattern; cuts that are up already keep the one they were opened under.

        Raises:
            DomainError: what `domain.signoffs.policy.change_policy` refuses.
        """

        def unit(connection: sqlite3.Connection) -> PolicySet:
            entry = log.repeated(connection, guild_id, act.interaction_id, EntryType.POLICY)
            if entry is None:
                draft = change_policy(change, rows.read_policies(connection, guild_id), act)
                entry = log.append(connection, guild_id, draft)
            return PolicySet(Policy.of_entry(entry), entry)

        return await self._database.write(unit)
