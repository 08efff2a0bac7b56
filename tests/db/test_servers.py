"""Servers that leave: marked, restored, and purged to the last row."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest

from db.decision_log.store import DecisionStore
from db.engine import opening
from db.engine.database import Database
from db.export.log_reader import ExportStore
from db.servers import ServerStore
from db.signoffs.store import SignoffStore
from domain.errors import DomainError
from tests.db.decision_log.log_world import EDITOR, GUILD, NOON, OTHER_GUILD, act, request
from tests.db.filler import columns, fill, tables


@pytest.fixture
def servers(database: Database) -> ServerStore:
    return ServerStore(database, SignoffStore(database).clear_cache)


@pytest.fixture
def connection(database: Database) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(opening.connect(database.path)) as opened:
        yield opened


def rows_of(connection: sqlite3.Connection, guild_id: int) -> dict[str, int]:
    """How many rows each table has of a server."""
    count = "SELECT COUNT(*) FROM {} WHERE guild_id = ?"
    return {table: connection.execute(count.format(table), (guild_id,)).fetchone()[0] for table in tables(connection)}


async def test_a_purge_leaves_no_row_of_the_server_in_any_table_and_every_row_of_others(
    servers: ServerStore, connection: sqlite3.Connection
) -> None:
    fill(connection, GUILD)
    fill(connection, OTHER_GUILD)
    assert set(rows_of(connection, GUILD).values()) == {1}
    await servers.purge(GUILD, NOON)
    assert set(rows_of(connection, GUILD).values()) == {0}
    assert set(rows_of(connection, OTHER_GUILD).values()) == {1}


async def test_after_a_purge_the_guards_stand_again(servers: ServerStore, connection: sqlite3.Connection) -> None:
    guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    before = connection.execute(guards).fetchall()
    fill(connection, GUILD)
    fill(connection, OTHER_GUILD)
    await servers.purge(GUILD, NOON)
    assert connection.execute(guards).fetchall() == before
    for table in ("decision_part", "decision_entry", "poll_event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(f"DELETE FROM {table}")


async def test_a_purge_that_fails_leaves_rows_and_guards_as_they_were(
    servers: ServerStore, connection: sqlite3.Connection
) -> None:
    fill(connection, GUILD)
    connection.execute(
        "CREATE TRIGGER setting_holds AFTER DELETE ON guild_setting BEGIN SELECT RAISE(ABORT, 'held'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="held"):
        await servers.purge(GUILD, NOON)
    assert set(rows_of(connection, GUILD).values()) == {1}
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM poll_event")


async def test_what_is_remembered_of_a_log_matches_its_last_export(database: Database, servers: ServerStore) -> None:
    await SignoffStore(database).open(GUILD, act(EDITOR), request())
    store = DecisionStore(database)
    head, log_id = await store.head(GUILD), await ExportStore(database).read(GUILD, lambda log: log.log_id)
    kept = await servers.purge(GUILD, NOON, head=head)
    assert kept is not None
    assert (kept.log_id, (kept.entries, kept.head), kept.purged_at) == (log_id, head, NOON)
    assert await servers.purged(log_id) == kept
    assert await servers.purged("ab" * 16) is None


async def test_a_log_that_grew_since_its_last_export_is_not_purged(database: Database, servers: ServerStore) -> None:
    signoffs = SignoffStore(database)
    await signoffs.open(GUILD, act(EDITOR), request())
    head = await DecisionStore(database).head(GUILD)
    await signoffs.open(GUILD, act(EDITOR), request(cut=2))
    with pytest.raises(DomainError, match=r"decision_log\.purge_moved"):
        await servers.purge(GUILD, NOON, head=head)
    assert (await DecisionStore(database).head(GUILD))[0] == 3


async def test_a_new_log_after_a_purge_is_another_log(database: Database, servers: ServerStore) -> None:
    signoffs, store = SignoffStore(database), DecisionStore(database)
    await signoffs.open(GUILD, act(EDITOR), request())
    first = await ExportStore(database).read(GUILD, lambda log: log.log_id)
    await servers.purge(GUILD, NOON)
    await signoffs.open(GUILD, act(EDITOR), request())
    assert await ExportStore(database).read(GUILD, lambda log: log.log_id) != first
    assert (await store.head(GUILD))[0] == 2


async def test_a_purge_of_a_server_without_anything_is_no_error(servers: ServerStore) -> None:
    assert await servers.purge(GUILD, NOON) is None


async def test_a_server_is_due_when_it_has_been_away_for_long_and_never_once_it_is_back(servers: ServerStore) -> None:
    await servers.mark_left([GUILD, OTHER_GUILD], NOON)
    await servers.mark_left([GUILD], NOON + timedelta(days=20))
    assert await servers.left_before(NOON - timedelta(seconds=1)) == []
    assert await servers.left_before(NOON) == [GUILD, OTHER_GUILD]
    await servers.unmark_left([GUILD])
    assert await servers.left_before(NOON + timedelta(days=99)) == [OTHER_GUILD]


async def test_every_server_of_which_anything_is_kept_is_known(
    servers: ServerStore, connection: sqlite3.Connection
) -> None:
    assert await servers.known() == set()
    fill(connection, GUILD)
    connection.execute("INSERT INTO guild_setting (guild_id) VALUES (7)")
    assert await servers.known() == {GUILD, 7}


def test_every_table_of_servers_leads_its_key_with_the_server(connection: sqlite3.Connection) -> None:
    for table in tables(connection):
        keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5] == 1]
        assert keys == ["guild_id"], f"{table}: {columns(connection, table)}"
