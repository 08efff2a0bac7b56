"""What the program remembers about itself."""

from db.engine.app_state import AppState
from db.engine.database import Database


async def test_a_secret_is_made_once_and_is_nobody_elses(database: Database) -> None:
    state = AppState(database)
    secret = await state.secret("one")
    assert len(secret) == 32
    assert await AppState(database).secret("one") == secret
    assert await state.secret("other") != secret


async def test_what_was_put_is_replaced_by_what_is_put_later(database: Database) -> None:
    state = AppState(database)
    assert await state.get("name") is None
    await state.put("name", "first")
    await state.put("name", "second")
    assert await state.get("name") == "second"
