"""Stored vectors of a server's texts, so that a restart computes none of them again."""

import pytest

from db.engine.database import Database
from db.faq.vectors import VectorStore

HERE, THERE = 1, 2


@pytest.fixture
def store(database: Database) -> VectorStore:
    return VectorStore(database)


async def test_exactly_the_vectors_that_were_stored_last_are_found(store: VectorStore) -> None:
    await store.keep(HERE, "model", {b"a": b"1", b"b": b"2"})
    await store.keep(HERE, "model", {b"b": b"2", b"c": b"3"})
    assert await store.load(HERE, "model") == {b"b": b"2", b"c": b"3"}
    await store.keep(HERE, "model", {})
    assert await store.load(HERE, "model") == {}


async def test_another_server_and_another_model_see_no_vectors(store: VectorStore) -> None:
    await store.keep(HERE, "model", {b"a": b"1"})
    assert await store.load(THERE, "model") == {}
    assert await store.load(HERE, "next") == {}
    await store.keep(THERE, "model", {b"a": b"1"})
    await store.keep(HERE, "next", {b"a": b"9"})
    assert await store.load(HERE, "model") == {}
    assert await store.load(HERE, "next") == {b"a": b"9"}
    assert await store.load(THERE, "model") == {b"a": b"1"}
