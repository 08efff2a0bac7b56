"""Read from the code which refusals (`DomainError` keys) a function can raise, and which its docstring names."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[1]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_KEY = re.compile(r"\b[a-z_]+\.[a-z_]+\b")
_REFERENCE = re.compile(r"`([\w.]+)`")


@dataclass
class Raiser:
    """A function or method: what it raises itself, whom it refers to, and what its docstring says.

    Attributes:
        name: dotted, its module first.
        raised: keys in its own body, nested functions included.
        uses: dotted names of functions, methods and classes that it refers to.
        documented: keys that its `Raises` section names.
        references: names between backticks in that section, whose own documented keys count as its.
        catches: it handles refusals itself, so what it calls says nothing about what it raises.
    """

    name: str
    raised: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)
    documented: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    catches: bool = False

    @property
    def is_public(self) -> bool:
        """Whether others call it: no part of its name begins with an underscore."""
        return not any(part.startswith("_") for part in self.name.split("."))


def read_floors(floors: Iterable[str], keys: frozenset[str]) -> dict[str, Raiser]:
    """Return every function and method of these floors by its dotted name; `keys` are all that can be raised."""
    found: dict[str, Raiser] = {}
    for path in sorted(path for floor in floors for path in (ROOT / floor).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = dict(_names_of(module, tree))
        for owner, function in _functions(tree):
            raiser = _read(function, f"{module}.{owner}{function.name}", known, f"{module}.{owner}".rstrip("."), keys)
            found[raiser.name] = raiser
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    for node in tree.body:
        if isinstance(node, Function):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.", inner) for inner in node.body if isinstance(inner, Function))


def _names_of(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each name of a module stands for, as far as it is ours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, f"{module}.{node.name}"


def _read(function: Function, name: str, known: dict[str, str], owner: str, keys: frozenset[str]) -> Raiser:
    raiser, variables = Raiser(name), _variables(function, known)
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DomainError":
            raiser.raised |= {str(key.value) for key in node.args[:1] if isinstance(key, ast.Constant)}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
            raiser.uses.add(known[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            base = owner if node.value.id in {"self", "cls"} else variables.get(node.value.id, known.get(node.value.id))
            raiser.uses |= {f"{base}.{node.attr}"} if base else set()
        elif isinstance(node, ast.ExceptHandler) and node.type and "DomainError" in ast.unparse(node.type):
            raiser.catches = True
    said = (ast.get_docstring(function) or "").partition("Raises:")[2]
    raiser.documented = {key for key in _KEY.findall(said) if key in keys}
    raiser.references = {found for found in _REFERENCE.findall(said) if found not in keys}
    return raiser


def _variables(function: Function, known: dict[str, str]) -> dict[str, str]:
    """The classes of parameters, and of variables that are made by calling one."""
    found = {
        argument.arg: known[ast.unparse(argument.annotation)]
        for argument in ast.walk(function)
        if isinstance(argument, ast.arg) and argument.annotation and ast.unparse(argument.annotation) in known
    }
    for node in ast.walk(function):
        made = isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func)
        if made and made in known:
            found |= {name.id: known[made] for name in node.targets if isinstance(name, ast.Name)}  # type: ignore[attr-defined]  # an Assign
    return found


def reached(raiser: Raiser, known: dict[str, Raiser], seen: frozenset[str] = frozenset()) -> set[str]:
    """Return every key that can come out of a function, those of what it calls included."""
    if raiser.name in seen or raiser.catches:
        return set(raiser.raised)
    below = (known[name] for name in raiser.uses if name in known)
    return raiser.raised.union(*(reached(other, known, seen | {raiser.name}) for other in below))


def documented(raiser: Raiser, known: dict[str, Raiser]) -> set[str]:
    """Return the keys that a docstring promises, by itself or by naming another function."""
    named = (
        other
        for reference in raiser.references
        for other in known.values()
        if other.name == reference or other.name.endswith(f".{reference}")
    )
    return raiser.documented.union(*(documented(other, known) for other in named if other is not raiser))
