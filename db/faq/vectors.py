"""Vectors of a server's own FAQ texts. They can be computed again at any time: losing them loses seconds."""

import sqlite3
from collections.abc import Mapping

from db.engine.database import Database

ALL = "SELECT text_hash, vectors FROM faq_vector WHERE guild_id = ? AND model = ?"
KNOWN = "SELECT text_hash FROM faq_vector WHERE guild_id = ? AND model = ?"
FORGET_OTHERS = "DELETE FROM faq_vector WHERE guild_id = ? AND model <> ?"
FORGET = "DELETE FROM faq_vector WHERE guild_id = ? AND model = ? AND text_hash = ?"
KEEP = "INSERT INTO faq_vector (guild_id, model, text_hash, vectors) VALUES (?, ?, ?, ?)"


class VectorStore:
    """Vectors by server and model, which ranking by meaning computed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, guild_id: int, model: str) -> dict[bytes, bytes]:
        """Return a server's vectors of that model, by SHA-256 of the text."""
        async with self._database.snapshot() as snapshot:
            return {bytes(key): bytes(vectors) for key, vectors in await snapshot.all(ALL, (guild_id, model))}

    async def keep(self, guild_id: int, model: str, vectors: Mapping[bytes, bytes]) -> None:
        """Keep exactly these for a server; delete its other vectors, those of other models included."""

        def unit(connection: sqlite3.Connection) -> None:
            known = {bytes(key) for (key,) in connection.execute(KNOWN, (guild_id, model))}
            connection.execute(FORGET_OTHERS, (guild_id, model))
            connection.executemany(FORGET, [(guild_id, model, key) for key in known - vectors.keys()])
            new = [(guild_id, model, key, value) for key, value in vectors.items() if key not in known]
            connection.executemany(KEEP, new)

        await self._database.write(unit)
