"""What the program remembers about itself between two starts."""

import secrets
import sqlite3

from db.engine.app_state_rows import GET, KEEP, PUT
from db.engine.database import Database


class AppState:
    """Names and values, for the whole process rather than one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """The value kept under `name`, or None."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(GET, (name,))
        return row[0] if row else None

    async def put(self, name: str, value: str) -> None:
        """Keep `value` under `name`, in place of what was there."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(PUT, (name, value))

        await self._database.write(unit)

    async def secret(self, name: str) -> bytes:
        """32 random bytes, made when they are first asked for and kept under `name` from then on."""

        def unit(connection: sqlite3.Connection) -> str:
            connection.execute(KEEP, (name, secrets.token_hex(32)))
            kept: str = connection.execute(GET, (name,)).fetchone()[0]
            return kept

        known = await self.get(name)
        return bytes.fromhex(known if known is not None else await self._database.write(unit))
