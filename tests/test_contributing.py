"""CONTRIBUTING and the docstrings of packages name places of the code: each of them exists."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TOP = {path.name for path in ROOT.iterdir()}
PACKAGES = sorted(path for floor in ("domain", "db", "bot", "cogs") for path in (ROOT / floor).rglob("__init__.py"))


def section(title: str) -> str:
    """Return the text of a section."""
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def places(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each path that a text names, with the symbols that follow it: `path`: `symbol`, `other`."""
    for found in re.finditer(r"`([\w./-]+)`(?::((?:,? (?:and )?`\w+`)+))?", text):
        path, symbols = found[1], re.findall(r"`(\w+)`", found[2] or "")
        if path.partition("/")[0] in TOP:
            yield path, symbols


def symbols_of(path: Path) -> set[str]:
    """Return the names that a module defines: functions, classes, methods and constants."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        name.id if isinstance(name, ast.Name) else name.name
        for name in ast.walk(tree)
        if isinstance(name, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Name)
    }


def rows(title: str) -> list[list[str]]:
    """Return the rows of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("row", rows("Where to change what"), ids=lambda row: row[0][:60])
def test_a_place_to_change_something_exists(row: list[str]) -> None:
    named = list(places(row[1]))
    assert named
    for path, symbols in named:
        assert (ROOT / path).exists(), path
        assert not symbols or set(symbols) <= symbols_of(ROOT / path), (path, symbols)


def test_every_path_of_the_page_exists() -> None:
    assert [path for path, _ in places(PAGE) if not list(ROOT.glob(path))] == []


def test_every_symbol_of_the_page_exists() -> None:
    missing = [(path, one) for path, found in places(PAGE) for one in found if one not in symbols_of(ROOT / path)]
    assert missing == []


@pytest.mark.parametrize("row", rows("The words"), ids=lambda row: row[0])
def test_a_word_is_a_class_that_exists(row: list[str]) -> None:
    module, _, name = row[1].strip("`").rpartition(".")
    assert isinstance(getattr(importlib.import_module(module), name), type)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_a_package_names_modules_that_it_has(package: Path) -> None:
    said = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
    named = re.findall(r"`([\w/]+\.py)(?:: \w+)?`", said)
    assert [name for name in named if not (package.parent / name).exists() and not (ROOT / name).exists()] == []
