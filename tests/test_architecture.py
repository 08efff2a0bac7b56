"""The floors of the house: who may import whom, who knows SQL and Discord, how large a room may be."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "domain": set(),
    "db": {"domain"},
    "bot": {"db", "domain"},
    "cogs": {"bot", "db", "domain"},
    "sandbox": {"bot", "db", "domain"},
    "benchmarks": {"bot", "cogs", "db", "domain", "sandbox"},
}
"""Which floors a floor stands on, itself left out."""

PACKAGES = {
    "aiosqlite": {"db", "benchmarks", "tests"},
    "sqlite3": {"db", "benchmarks", "tests"},
    "discord": {"bot", "cogs", "sandbox", "benchmarks", "tests"},
    "simcord": {"sandbox", "benchmarks", "tests"},
}
"""Which floors may import a package that the others must not know."""

THIRD_PARTY: dict[str, set[str]] = {"domain": set(), "db": {"aiosqlite"}}
"""What the lowest floors may import besides the standard library; the others may import anything else."""

PROCESS = ("bot.cli", "bot.client", "bot.config", "bot.connection", "bot.host")
"""What starts, runs and ends the process. Cogs see `bot.ui.Bot` instead, so that a feature never depends on it."""

LINES = 450
LONGER = {
    "db/polls/store.py": "every act on a poll is a method of its one store",
    "tests/db/polls/test_outcomes.py": "records, voids and upgrades are tried on the same made-up polls",
}
"""Files over 450 lines by path, each with the reason."""

MODULES = 16
"""Modules beside each other in a folder at most, `__init__.py` left out."""

ANY_SQL = re.compile(
    r"\s*(SELECT\b.+\bFROM\b|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|PRAGMA\b)", re.DOTALL
)
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}


def faults(floor: str, source: str, *, file: str = "made_up.py") -> list[str]:
    """Return what a file of `floor` does that its floor must not, each with its line."""
    tree = ast.parse(source)
    found = [*_wrong_imports(floor, file, tree), *_wrong_sql(floor, tree), *_wrong_clocks(floor, tree)]
    lines = source.count("\n")
    return [*found, f"{lines} lines"] if lines > LINES and f"{floor}/{file}" not in LONGER else found


def _wrong_imports(floor: str, file: str, tree: ast.Module) -> Iterator[str]:
    lazy = _inside_functions(tree)
    for node, module in _imports(tree):
        package = module.split(".")[0]
        own = package == floor or package in FLOORS.get(floor, set())
        started_by_cli = (floor, file, package) == ("bot", "cli.py", "sandbox") and node in lazy
        if package in FLOORS and floor in FLOORS and not own and not started_by_cli:
            yield f"line {node.lineno}: {floor} imports {module}"
        if floor not in PACKAGES.get(package, {floor}):
            yield f"line {node.lineno}: {floor} imports {module}"
        if floor == "cogs" and any(module == part or module.startswith(f"{part}.") for part in PROCESS):
            yield f"line {node.lineno}: cogs import {module}, which is of the process"
        if package not in {*sys.stdlib_module_names, *FLOORS, *THIRD_PARTY.get(floor, {package})}:
            yield f"line {node.lineno}: {floor} imports {module}, which is not of the standard library"


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _inside_functions(tree: ast.Module) -> set[ast.AST]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {inner for function in functions for inner in ast.walk(function)}


def _wrong_sql(floor: str, tree: ast.Module) -> Iterator[str]:
    if floor in {"db", "benchmarks", "tests"}:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ANY_SQL.match(node.value):
            yield f"line {node.lineno}: SQL outside db"


def _wrong_clocks(floor: str, tree: ast.Module) -> Iterator[str]:
    if floor not in {"domain", "db"}:
        return
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        if (
            isinstance(called, ast.Attribute)
            and called.attr in CLOCKS
            and isinstance(called.value, ast.Name | ast.Attribute)
        ):
            owner = called.value.id if isinstance(called.value, ast.Name) else called.value.attr
            if owner in {"datetime", "date", "time"}:
                yield f"line {called.lineno}: {owner}.{called.attr}() in {floor}"


def sources() -> list[Path]:
    """Every Python file of the house."""
    floors = [ROOT / name for name in (*FLOORS, "tests")]
    return sorted(path for floor in floors for path in floor.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_keeps_to_its_floor(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    name = str(path.relative_to(ROOT / floor))
    assert faults(floor, path.read_text(encoding="utf-8"), file=name) == []


@pytest.mark.parametrize(
    ("floor", "source"),
    [
        ("domain", "import discord"),
        ("domain", "from dateparser import parse"),
        ("domain", "import db.polls.store"),
        ("domain", "import sqlite3"),
        ("db", "from bot.config import Config"),
        ("db", "import discord"),
        ("db", "from dateparser import parse"),
        ("bot", "from cogs.polls import cards"),
        ("bot", "def start():\n    from sandbox import serve"),
        ("bot", "import sqlite3"),
        ("cogs", "import aiosqlite"),
        ("cogs", "from sandbox.crew import CREW"),
        ("cogs", "import simcord"),
        ("bot", "QUERY = 'SELECT 1 FROM poll'"),
        ("cogs", "QUERY = f'''\n    INSERT INTO poll VALUES ({1})'''"),
        ("sandbox", "run('PRAGMA user_version')"),
        ("domain", "from datetime import datetime\nat = datetime.now()"),
        ("db", "import datetime\nat = datetime.datetime.utcnow()"),
        ("db", "import time\nat = time.time()"),
        ("domain", "from datetime import date\nat = date.today()"),
        ("cogs", "from bot.client import CircleTake"),
        ("cogs", "from bot.host import run"),
        ("tests", "x = 1\n" * 451),
    ],
)
def test_what_a_floor_must_not_do_is_found(floor: str, source: str) -> None:
    assert faults(floor, source) != []


@pytest.mark.parametrize(
    ("floor", "source", "file"),
    [
        ("domain", "import json\nfrom domain.errors import DomainError", "polls.py"),
        (
            "db",
            "import sqlite3, aiosqlite\nQUERY = 'SELECT 1 FROM poll'\nfrom domain.polls.poll import Poll",
            "polls.py",
        ),
        ("bot", "def start():\n    from sandbox import serve", "cli.py"),
        ("cogs", "import discord\nfrom bot.ui import clip\nTEXT = 'Select one from the list'", "cog.py"),
        ("bot", "import time\nat = time.time()", "run.py"),
        ("tests", "x = 1\n" * 450, "test_long.py"),
    ],
)
def test_what_a_floor_may_do_is_left_alone(floor: str, source: str, file: str) -> None:
    assert faults(floor, source, file=file) == []


def test_the_cli_starts_the_sandbox_only_when_asked() -> None:
    assert faults("bot", "from sandbox import serve", file="cli.py") == ["line 1: bot imports sandbox.serve"]


Graph: TypeAlias = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Every module of the floors by its dotted name."""
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources()}
    return {name.removesuffix(".__init__"): path for name, path in named.items() if not name.startswith("tests.")}


def imports_of(known: Mapping[str, Path]) -> Graph:
    """Which of the `known` modules each of them imports, also inside functions and for types alone."""
    graph: Graph = {}
    for name, path in known.items():
        found = [module for _, module in _imports(ast.parse(path.read_text(encoding="utf-8")))]
        whole = {module if module in known else module.rpartition(".")[0] for module in found}
        graph[name] = (whole & known.keys()) - {name}
    return graph


def circles(graph: Graph) -> list[list[str]]:
    """Every circle in a graph of imports as one way around it; [] if there is none."""
    order = TopologicalSorter(graph)
    try:
        order.prepare()
    except CycleError as error:
        return [error.args[1]]
    return []


def rooms(graph: Graph, folder: str) -> Graph:
    """Return `graph` as seen in one folder: each folder below it, and each module right in it, is one node."""
    inside = {name for name in graph if name.startswith(f"{folder}.")}
    room = {name: ".".join(name.split(".")[: folder.count(".") + 2]) for name in inside}
    seen: Graph = {}
    for name in inside:
        seen.setdefault(room[name], set()).update(room[other] for other in graph[name] & inside)
    return {name: others - {name} for name, others in seen.items()}


KNOWN = modules()
IMPORTS = imports_of(KNOWN)
FOLDERS = sorted(name for name, path in KNOWN.items() if path.name == "__init__.py")


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circles(IMPORTS) == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_imports_itself_in_a_circle(folder: str) -> None:
    assert circles(rooms(IMPORTS, folder)) == []


def test_circles_of_modules_and_of_folders_are_found() -> None:
    graph: Graph = {"f.a.one": {"f.b.one"}, "f.b.one": set(), "f.b.two": {"f.a.two"}, "f.a.two": set()}
    assert circles(graph) == []
    assert circles(rooms(graph, "f")) != []
    assert circles(graph | {"f.b.one": {"f.a.one"}}) != []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_has_more_modules_than_a_reader_can_survey(folder: str) -> None:
    beside = [path for path in (ROOT / folder.replace(".", "/")).glob("*.py") if path.name != "__init__.py"]
    assert len(beside) <= MODULES


def test_a_long_file_is_there_and_has_a_reason() -> None:
    assert all(reason and (ROOT / file).exists() for file, reason in LONGER.items())


def test_the_median_file_is_short() -> None:
    lengths = sorted(path.read_text(encoding="utf-8").count("\n") for path in sources() if path.name != "__init__.py")
    assert lengths[len(lengths) // 2] <= 140
