import asyncio
from dataclasses import replace
from datetime import timedelta

from db.engine.database import Database
from db.settings import SettingsStore
from domain.people import Actor
from domain.settings import Settings, Visibility

HERE, ELSEWHERE = 1, 2
ALL = Settings("Asia/Taipei", 30, timedelta(hours=4), 7, Visibility.EVERYONE, 40)


async def test_a_server_that_set_nothing_has_the_defaults(database: Database) -> None:
    assert await SettingsStore(database).get(HERE) == Settings()


async def test_what_was_set_stands_and_reaches_no_other_server(database: Database) -> None:
    store = SettingsStore(database)
    assert await store.change(HERE, lambda _: ALL) == ALL
    assert await store.get(HERE) == ALL
    assert await store.get(ELSEWHERE) == Settings()


async def test_a_setting_can_go_back_to_its_default(database: Database) -> None:
    store = SettingsStore(database)
    await store.change(HERE, lambda _: ALL)
    await store.change(HERE, lambda before: replace(before, decisions_channel_id=None, poll_quorum=3))
    assert await store.get(HERE) == replace(ALL, decisions_channel_id=None, poll_quorum=3)


async def test_two_changes_at_once_lose_nothing(database: Database) -> None:
    store = SettingsStore(database)
    await asyncio.gather(
        store.change(HERE, lambda before: replace(before, poll_quorum=9)),
        store.change(HERE, lambda before: replace(before, timezone="Europe/Lisbon")),
    )
    assert await store.get(HERE) == Settings(timezone="Europe/Lisbon", poll_quorum=9)


async def test_moderators_are_those_whom_discord_or_the_named_role_makes_so(database: Database) -> None:
    store = SettingsStore(database)
    grip = Actor(5, "Gus", role_ids=frozenset({40}))
    assert not await store.is_moderator(HERE, grip)
    await store.change(HERE, lambda _: ALL)
    assert await store.is_moderator(HERE, grip)
    assert not await store.is_moderator(ELSEWHERE, grip)
    assert not await store.is_moderator(HERE, replace(grip, role_ids=frozenset()))
    assert await store.is_moderator(ELSEWHERE, replace(grip, moderator=True))
