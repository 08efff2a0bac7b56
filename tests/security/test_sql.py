"""Nobody's text becomes SQL: statements are built only from names in the code, and values are bound."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[2]
WORDS = {"SELECT", "INSERT", "UPDATE", "DELETE", "PRAGMA", "DROP", "FROM", "WHERE", "AND", "BEGIN", "CREATE", "ORDER"}

OURS = {
    "db/engine/database.py: opening.BUSY_TIMEOUT_MS": "a number of ours",
    "db/engine/opening.py: wait_ms": "a number of ours",
    "db/engine/opening.py: APPLICATION_ID": "a number of ours",
    "db/migrations/__init__.py: script": "a file of the package",
    "db/migrations/__init__.py: number": "its number",
    "db/my_data/store.py: table": "a name of `db.my_data.columns`",
    "db/my_data/store.py: column": "a name of `db.my_data.columns`",
    "db/my_data/columns.py: table": "a name of its own list",
    "db/my_data/columns.py: column": "a name of its own list",
    "db/servers.py: table": "a name of the schema",
    "db/servers.py: name": "a name of the schema",
    "db/export/log_reader.py: condition": "conditions that stand there, chosen by name; their values are bound",
}
"""What a function puts into SQL."""


def put_in(where: str, source: str) -> Iterator[str]:
    """Find everything, other than the module's constants, that functions of a file put into texts with SQL words."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                yield from (f"{where}: {ast.unparse(part)}" for part in _parts(node) if not _is_constant(part))


def _parts(node: ast.AST) -> list[ast.expr]:
    """Return what an expression puts into SQL; nothing if it builds no SQL."""
    text = ast.unparse(node) if isinstance(node, ast.expr) else ""
    if isinstance(node, ast.JoinedStr) and _sounds_like_sql(text):
        return [value.value for value in node.values if isinstance(value, ast.FormattedValue)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and _sounds_like_sql(text):
        return [side for side in (node.left, node.right) if not isinstance(side, ast.BinOp | ast.JoinedStr)]
    return [*node.args, *(keyword.value for keyword in node.keywords)] if _is_format(node) else []


def _sounds_like_sql(text: str) -> bool:
    names = set(re.findall(r"[A-Z]+", text.replace("\\n", " ")))
    return bool(names & WORDS)


def _is_format(node: ast.AST) -> TypeGuard[ast.Call]:
    """Say whether it is `CONSTANT.format(…)`, whose arguments are checked separately."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).removesuffix(".format").isupper()


def _is_constant(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) or (isinstance(part, ast.Name) and part.id.isupper()) or _is_format(part)


FILES = sorted((ROOT / "db").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_statements_are_built_only_from_names_in_the_code(path: Path) -> None:
    where = str(path.relative_to(ROOT))
    assert set(put_in(where, path.read_text(encoding="utf-8"))) - OURS.keys() == set()


@pytest.mark.parametrize(
    "built",
    [
        "f\"SELECT * FROM poll WHERE task = '{task}'\"",
        '"SELECT * FROM poll WHERE task = " + task',
        "\"SELECT * FROM poll WHERE task = '%s'\" % task",
        "FIND.format(task)",
        'FIND + f" AND task = {task}"',
    ],
)
def test_a_text_that_becomes_sql_is_noticed(built: str) -> None:
    assert set(put_in("db/made_up.py", f"def find(task):\n    return {built}\n")) == {"db/made_up.py: task"}


def test_what_is_allowed_is_still_there() -> None:
    found = {one for path in FILES for one in put_in(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))}
    assert {one for one in OURS if one not in found and not one.endswith(("_MS", "_ID"))} == set()
