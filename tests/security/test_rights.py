"""Rights come from what Discord sent with the press: one module reads members, roles and permissions, no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READER = "bot/member.py"
LOOKED_UP = {
    "_roles",
    "default_role",
    "display_name",
    "fetch_guild",
    "fetch_member",
    "fetch_role",
    "fetch_roles",
    "get_member",
    "get_member_named",
    "get_role",
    "global_name",
    "guild_permissions",
    "nick",
    "owner_id",
    "permissions_for",
    "resolved_permissions",
    "role_mentions",
    "top_role",
}
"""What discord.py finds in its cache, and what the reader alone asks Discord for."""

OURS = {"policy", "request"}
"""Names of our own records that have roles."""

ARGUMENTS = {"args"}
"""What a host typed has a guild, too."""


def readings(source: str) -> list[str]:
    """Return where a module reads rights, names or roles from discord.py, each with its line."""
    return [f"line {line}: {what}" for line, what in sorted(_readings(ast.parse(source)))]


def _readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).split(".")[-1]
            looked_up = (
                node.attr in LOOKED_UP
                or (node.attr == "roles" and owner not in OURS)
                or (node.attr == "guild" and owner not in ARGUMENTS)
                or (node.attr == "permissions" and owner == "interaction")
            )
            if looked_up:
                yield node.lineno, ast.unparse(node)


def modules() -> list[str]:
    """Return the path of every module of the bot and its features."""
    return sorted(str(path.relative_to(ROOT)) for floor in ("bot", "cogs") for path in (ROOT / floor).rglob("*.py"))


@pytest.mark.parametrize("path", [path for path in modules() if path != READER])
def test_rights_are_read_in_one_place(path: str) -> None:
    assert readings((ROOT / path).read_text(encoding="utf-8")) == []


def test_the_reader_reads() -> None:
    assert readings((ROOT / READER).read_text(encoding="utf-8")) != []


@pytest.mark.parametrize(
    "source",
    [
        "member.roles",
        "interaction.user.roles",
        "guild.roles",
        "interaction.guild.get_role(1)",
        "server.get_role",
        "channel.permissions_for(me)",
        "interaction.permissions.manage_guild",
        "interaction.user.display_name",
        "interaction.guild",
        "interaction.user.guild",
        "guild.owner_id",
    ],
)
def test_a_look_into_the_cache_is_found(source: str) -> None:
    assert readings(source) != []


@pytest.mark.parametrize(
    "source", ["request.roles", "state.request.roles", "policy.roles", "args.guild", "interaction.app_permissions"]
)
def test_what_came_along_or_is_ours_may_be_read(source: str) -> None:
    assert readings(source) == []
