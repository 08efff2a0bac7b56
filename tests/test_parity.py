"""Every list that is said twice: what somebody adds to one of them and forgets in the other fails here."""

import ast
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot import events
from cogs.polls import cards as poll_cards
from cogs.polls.cog import BALLOTS, VERDICTS
from cogs.polls.outcomes import cards as outcome_cards
from cogs.polls.views import VoteButton
from cogs.settings.cards import FIELDS, VISIBILITIES, settings_card
from db.engine.database import Database
from db.polls.outcome_rows import LINE
from db.polls.rows import CHOICES
from db.settings import SettingsStore
from domain.decision_log.entries import EntryType
from domain.export.columns import OUTCOME_COLUMNS, OUTCOME_FACTS
from domain.polls.poll import ABSTAINING, DECIDING, Ballot, Choice, Ground, PollVerdict
from domain.proof.page import page_blocks
from domain.settings import Settings, Visibility
from domain.signoffs.choices import AiUse, ClientTold, Flag, Labelled, SignoffVerdict
from tests.world import World

ROOT = Path(__file__).parents[1]
WORDS = (ROOT / "domain/proof/template/words.js").read_text(encoding="utf-8")
SET: Mapping[str, Any] = {
    "timezone": "Asia/Taipei",
    "decisions_channel_id": 30,
    "poll_duration": timedelta(hours=4),
    "poll_quorum": 7,
    "faq_visibility": Visibility.EVERYONE,
    "moderator_role_id": 40,
}
"""A value for each setting, none of them its default."""


def names_in(constant: str) -> set[str]:
    """Return the keys of an object in the page's words."""
    found = re.search(rf"^const {constant} = {{([^}}]*)}};", WORDS, re.MULTILINE)
    assert found, constant
    return set(re.findall(r"""(?:^|,)\s*"?([\w-]+)"?:""", found[1]))


class TestPolls:
    """Choices, verdicts, grounds and ballots."""

    def test_every_choice_decides_or_abstains(self) -> None:
        assert sorted([*DECIDING, *ABSTAINING]) == sorted(Choice)

    def test_every_choice_has_a_label_and_a_button(self) -> None:
        assert list(poll_cards.CHOICE_LABELS) == list(Choice)
        assert [VoteButton(poll_id=1, choice=choice).item.label for choice in Choice] == list(
            poll_cards.CHOICE_LABELS.values()
        )

    async def test_every_choice_is_counted_in_the_database(self, database: Database) -> None:
        columns = await columns_of(database, "poll")
        assert {name for choice in Choice for name in (choice.value, f"own_{choice.value}")} <= columns
        assert tuple(CHOICES) == tuple(Choice)

    def test_every_choice_has_a_column_of_an_export(self) -> None:
        counts = {choice.value: number for number, choice in enumerate(Choice, start=1001)}
        told = {column.read({"counts": counts}) for column in OUTCOME_COLUMNS if column.field == "facts"}
        assert {str(number) for number in counts.values()} <= told

    def test_a_fact_with_a_column_is_not_told_twice(self) -> None:
        class Seen(dict[str, Any]):
            def get(self, name: str, default: Any = None) -> Any:
                self[name] = default
                return default

        facts = Seen()
        for column in OUTCOME_COLUMNS:
            if column.field == "facts":
                column.read(facts)
        assert facts.keys() == OUTCOME_FACTS

    def test_every_deciding_choice_is_summed_for_a_precedent(self) -> None:
        assert all(re.search(rf"\bpoll\.{choice}\b", LINE) for choice in DECIDING)

    def test_the_page_has_words_for_choices_grounds_ballots_and_verdicts(self) -> None:
        assert names_in("CHOICES") == set(Choice)
        assert names_in("GROUNDS") == set(Ground)
        assert names_in("BALLOTS") == set(Ballot)
        assert names_in("VERDICTS") == set(PollVerdict)

    def test_every_ground_ballot_and_verdict_has_a_label(self) -> None:
        assert set(outcome_cards.GROUND_LABELS) == set(Ground)
        assert set(poll_cards.BALLOT_LABELS) == set(Ballot)
        assert set(poll_cards.VERDICT_LABELS) == set(PollVerdict)

    def test_every_ballot_and_verdict_is_an_option_of_its_command(self) -> None:
        assert [option.value for option in BALLOTS] == list(Ballot)
        assert [option.value for option in VERDICTS] == list(PollVerdict)


class TestTheLog:
    """Kinds of entries, and the choices of a sign-off."""

    def test_the_page_has_words_for_every_kind_of_entry(self) -> None:
        assert names_in("TYPES") == set(EntryType)

    def test_the_page_gets_the_label_of_every_choice_of_a_sign_off(self) -> None:
        page = b"".join(block for _, block in page_blocks([])).decode()
        labelled: list[type[Labelled]] = [SignoffVerdict, AiUse, ClientTold, Flag]
        assert all(f'"{choice.value}": "{choice.label}"' in page for kind in labelled for choice in kind)


class TestSettings:
    """What a server sets: field, column, option, name and words."""

    def test_every_field_has_a_value_here_that_is_not_its_default(self) -> None:
        assert list(SET) == [field.name for field in fields(Settings)]
        assert all(value != getattr(Settings(), name) for name, value in SET.items())

    @pytest.mark.parametrize("name", SET)
    async def test_a_field_is_stored_alone_and_set_back(self, database: Database, name: str) -> None:
        store, wanted = SettingsStore(database), replace(Settings(), **{name: SET[name]})
        assert await store.change(1, lambda _: wanted) == wanted
        assert await SettingsStore(database).get(1) == wanted
        assert await store.change(1, lambda _: Settings()) == await store.get(1) == Settings()

    @pytest.mark.parametrize("name", SET)
    def test_the_card_shows_each_field_by_its_own_value(self, name: str) -> None:
        before, after = settings_card(Settings()), settings_card(replace(Settings(), **{name: SET[name]}))
        changed = [one.name for one, other in zip(before.fields, after.fields, strict=True) if one.value != other.value]
        assert changed == [FIELDS[name].label]

    def test_every_visibility_has_words(self) -> None:
        assert set(VISIBILITIES) == set(Visibility)

    async def test_every_option_of_the_command_is_kept(self, world: World) -> None:
        values = {
            "timezone": "asia/taipei",
            "decisions-channel": world.channel,
            "poll-duration": "4h",
            "poll-quorum": 7,
            "faq-visibility": Visibility.EVERYONE.value,
            "moderators": world.production.departments["Sound"],
        }
        command = world.bot.tree.get_command("settings")
        assert isinstance(command, app_commands.Group)
        offered = command.get_command("set")
        assert isinstance(offered, app_commands.Command)
        assert [parameter.display_name for parameter in offered.parameters] == list(values)
        await world["Jonas"].slash(world.channel, "settings set", **values)
        kept = await world.bot.stores.settings.get(world.guild_id)
        assert [name for name in SET if getattr(kept, name) == getattr(Settings(), name)] == []


class TestEvents:
    """What features tell each other."""

    NAMED: Mapping[str, str] = {name: value for name, value in vars(events).items() if name.isupper()}

    def test_every_event_has_a_listener_and_is_dispatched(self) -> None:
        listened = {name for _, tree in cogs() for name in listeners(tree)}
        assert {f"on_{event}" for event in self.NAMED.values()} <= listened
        said = "\n".join(path.read_text(encoding="utf-8") for path, _ in cogs())
        assert [name for name in self.NAMED if f"({name}" not in said and f": {name}" not in said] == []

    def test_every_listener_waits_for_an_event_that_somebody_sends(self) -> None:
        discords = {"on_ready", "on_guild_join", "on_guild_remove"}
        waited = {name for _, tree in cogs() for name in listeners(tree)}
        assert waited - {f"on_{event}" for event in self.NAMED.values()} == discords


def cogs() -> list[tuple[Path, ast.Module]]:
    """Return every module of the cogs, parsed."""
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted((ROOT / "cogs").rglob("*.py"))]


def listeners(tree: ast.Module) -> set[str]:
    """Return the names of the methods that a module declares as listeners."""
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef)
        and any("listener" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


async def all_rows(database: Database, query: str) -> list[Any]:
    """Return what a query finds."""
    async with database.snapshot() as snapshot:
        return list(await snapshot.all(query))


async def columns_of(database: Database, table: str) -> set[str]:
    """Return the names of a table's columns."""
    return {name for (name,) in await all_rows(database, f"SELECT name FROM pragma_table_info('{table}')")}
