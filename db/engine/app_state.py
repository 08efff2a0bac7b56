"""What the program remembers about itself across restarts."""

import secrets
import sqlite3

from db.engine.app_state_rows import GET, PUT, PUT_IF_MISSING
from db.engine.database import Database


class AppState:
    """Values by name, for the whole program rather than one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return the value of `name`, or None."""
        async with self._database.snapshot() as snapshot:
            row = await snapshot.one(GET, (name,))
        return row[0] if row else None

    async def put(self, name: str, value: str) -> None:
        """Set the value of `name`."""

        def unit(connection: sqlite3.Connection) -> None:
            connection.execute(PUT, (name, value))

        await self._database.write(unit)

    async def secret(self, name: str) -> bytes:
        """Return the 32 random bytes of `name`, which are made at the first call and stay the same."""

        def unit(connection: sqlite3.Connection) -> str:
            connection.execute(PUT_IF_MISSING, (name, secrets.token_hex(32)))
            (value,) = connection.execute(GET, (name,)).fetchone()
            return str(value)

        known = await self.get(name)
        return bytes.fromhex(known if known is not None else await self._database.write(unit))
