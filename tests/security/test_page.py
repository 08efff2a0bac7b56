"""SECURITY.md is complete: every entry point of the bot, tests that exist, every package."""

import argparse
import ast
import re
from functools import cache
from pathlib import Path

import discord
import pytest

from bot import cli
from bot.client import FEATURES, CircleTake, Sharding
from db.engine.database import Database

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+\.py)::(\w+)`", PAGE)))
ROWS = {cells[0]: cells for line in PAGE.splitlines() if (cells := re.split(r" *\| *", line.strip())[1:-1])}
"""Read the rows of all tables by their first cell."""


@pytest.fixture
async def bot(database: Database) -> CircleTake:
    """The bot with every feature."""
    bot = CircleTake(database, sharding=Sharding(1))
    for feature in FEATURES:
        await bot.load_extension(feature)
    return bot


def doors(bot: CircleTake) -> set[str]:
    """List every command, message command, button, menu and form, as the page writes them."""
    leaves = [one for one in bot.tree.walk_commands() if isinstance(one, discord.app_commands.Command)]
    menus = bot.tree.get_commands(type=discord.AppCommandType.message)
    custom_ids = {one.id_format for one in (*bot._items, *bot._modals)}
    return (
        {f"`/{one.qualified_name}`" for one in leaves}
        | {f"*{one.name}*" for one in menus}
        | {f"`{one}`" for one in custom_ids}
    )


def calls() -> set[str]:
    """List every command of the program."""
    (subparsers,) = (one for one in cli._parser()._actions if isinstance(one, argparse._SubParsersAction))
    return {f"`circle-take {name}`" for name in subparsers.choices}


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


async def test_every_entry_point_has_a_row_with_its_test(bot: CircleTake) -> None:
    listed = doors(bot) | calls()
    assert listed - ROWS.keys() == set()
    assert [door for door in listed if "::test_" not in ROWS[door][-1]] == []


async def test_no_row_is_about_an_entry_point_that_is_gone(bot: CircleTake) -> None:
    shown = {first for first in ROWS if re.match(r"`(/|circle-take |[a-z-]+:)|\*[A-Z]", first)}
    assert shown - doors(bot) - calls() == set()


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_each_test_that_it_names_exists(path: str, name: str) -> None:
    assert name in names_in(path)


def test_every_threat_has_its_test() -> None:
    threats = PAGE.partition("## Threats and answers")[2].partition("## Supply chain")[0]
    rows = [line for line in threats.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    heads = {rows[0], *(line for line in rows if line.endswith("| proved by |"))}
    assert len(heads) == 3
    assert [line for line in rows if line not in heads and "::test_" not in line] == []


def test_every_package_that_is_pinned_has_a_row_and_no_other() -> None:
    pinned = {
        name
        for path in (ROOT / "requirements").glob("*.txt")
        for name in re.findall(r"^([A-Za-z0-9][\w.-]*)==", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    chain = PAGE.partition("## Supply chain")[2]
    described = {
        name
        for line in chain.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z0-9-]+)`", line.split("|")[1])
    }
    assert described - {"fast", "semantic", "sandbox"} == pinned


def test_the_figures_are_those_of_the_code() -> None:
    from domain import quotas as room
    from domain.faq import own_entries as faq_entries
    from domain.faq import queue as faq_queue

    figures = {
        "open polls of a server": room.POLLS_OPEN,
        "polls that one member opens": room.POLLS_A_DAY,
        "sign-offs that one member opens": room.SIGNOFFS_A_DAY,
        "entries that one person leaves on one sign-off": room.ENTRIES_EACH,
        "corrections of one slate": room.CORRECTIONS,
        "questions for the moderators": faq_queue.QUEUE_LENGTH,
        "questions marked as not covered": faq_entries.MOST_DECOYS,
        "a server's own answers": faq_entries.MOST_ENTRIES,
    }
    assert {what: int(re.findall(r"\d+", ROWS[what][1])[0]) for what in figures} == figures
