"""There is no secret in the repository, and none can be guessed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(
    r"[\w-]{18,}\.[\w-]{6}\.[\w-]{27,}|-----BEGIN [A-Z ]*PRIVATE KEY|gh[pousr]_\w{36}|AKIA[A-Z0-9]{16}", re.ASCII
)
"""A Discord bot token, a private key, a GitHub token, an Amazon key."""

GUESSABLE = {"random", "uuid"}
MADE = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__", "build", "data"}
"""Folders that tools create."""


def texts() -> Iterator[tuple[str, str]]:
    """List every text file of the repository except `tests/`, which has made-up tokens."""
    for path in ROOT.rglob("*"):
        where = path.relative_to(ROOT)
        if path.is_file() and not MADE & {*where.parts} and where.parts[0] != "tests" and where.name != ".env":
            yield str(where), path.read_text(encoding="utf-8", errors="replace")


def test_no_file_holds_a_token_or_a_key() -> None:
    read = dict(texts())
    assert {"README.md", "bot/config.py", ".env.example", "compose.yaml"} <= read.keys()
    assert [where for where, text in read.items() if TOKEN.search(text)] == []


def test_a_token_would_be_noticed() -> None:
    assert TOKEN.search("DISCORD_TOKEN=MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab")


def test_the_file_with_the_token_goes_into_no_commit_and_no_image() -> None:
    for name in (".gitignore", ".dockerignore"):
        assert ".env" in (ROOT / name).read_text(encoding="utf-8").splitlines()


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {node.module or ""} if isinstance(node, ast.ImportFrom) else {name.name for name in node.names}


def test_unguessable_values_come_from_the_system() -> None:
    importing = {
        str(path.relative_to(ROOT))
        for floor in ("domain", "db", "bot", "cogs")
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and GUESSABLE & _modules(node)
    }
    assert importing == {"bot/client.py"}, "shards spread their load at random, which keeps no secret"
