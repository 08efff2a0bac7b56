"""Discord's OpenAPI description as a second check, if its file is available.

The file is looked for at ``$DISCORD_OPENAPI``, else at ``../shared/discord/openapi.json`` beside the
repository. Without the file, or without jsonschema-rs, there are no findings from here.
"""

import json
import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from .measure import Json

REPOSITORY = Path(__file__).resolve().parents[2]
IDS = {"type": ["string", "integer"]}
"""discord.py sends attachment ids as numbers, which Discord accepts although its description forbids it."""


class Validator(Protocol):
    """The part of a compiled jsonschema-rs validator that we use."""

    def iter_errors(self, instance: Any) -> Any:
        """Yield all mismatches, each with ``message`` and ``instance_path``."""


def description_file() -> Path:
    """Return where to look for the description."""
    return Path(os.environ.get("DISCORD_OPENAPI", REPOSITORY.parent / "shared/discord/openapi.json"))


def schema_violations(method: str, path: str, body: Json) -> list[str]:
    """Return a body's mismatches with Discord's description; none for routes that it does not know."""
    kind = body.get("type") if isinstance(body, dict) and path.endswith("/callback") else None
    file = description_file()
    template = _template(file, method.lower(), path)
    validator = _validator(file, method.lower(), template, kind) if template else None
    if validator is None:
        return []
    return [f"{_path(error.instance_path)}: {error.message[:200]}" for error in validator.iter_errors(body)]


def _path(parts: Sequence[str | int]) -> str:
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return words.lstrip(".") or "body"


@cache
def _description(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {"paths": {}, "components": {}}
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    content["components"]["schemas"]["SnowflakeType"] = IDS
    return content


@cache
def _templates(file: Path, method: str) -> list[tuple[re.Pattern[str], str]]:
    """List routes with a JSON body, those with fewer placeholders first."""
    routes = [path for path, verbs in _description(file)["paths"].items() if _json_body(verbs.get(method))]
    routes.sort(key=lambda route: route.count("{"))
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", route)), route) for route in routes]


def _json_body(operation: dict[str, Any] | None) -> dict[str, Any] | None:
    content = (operation or {}).get("requestBody", {}).get("content", {})
    schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def _template(file: Path, method: str, path: str) -> str | None:
    found = (route for pattern, route in _templates(file, method) if pattern.fullmatch(path))
    return next(found, None)


@cache
def _validator(file: Path, method: str, template: str, kind: int | None) -> Validator | None:
    """Compile the schema of a route; its callback type picks the member of the union."""
    try:
        import jsonschema_rs  # optional: without it the cross-field rules stand alone
    except ImportError:
        return None
    description = _description(file)
    schemas = description["components"]["schemas"]
    schema = _json_body(description["paths"][template][method]) or {}
    if template == "/webhooks/{webhook_id}/{webhook_token}":
        schema = {"$ref": "#/components/schemas/IncomingWebhookRequestPartial"}
    if kind is not None:
        schema = next((one for one in schema["anyOf"] if kind in _types(one, schemas)), schema)
    body = {"components": {"schemas": _discriminated(schemas, schemas)}}
    return jsonschema_rs.Draft202012Validator(body | _discriminated(schema, schemas))


def _types(member: dict[str, Any], schemas: dict[str, Any]) -> list[int]:
    """Return the values of ``type`` that identify a union member."""
    target = schemas.get(str(member.get("$ref", "")).rsplit("/", 1)[-1], {})
    values: list[int] = target.get("properties", {}).get("type", {}).get("enum", [])
    return values


def _discriminated(node: Any, schemas: dict[str, Any]) -> Any:
    """Return the schema with unions decided by ``type`` or null, so that errors name the inner path."""
    if isinstance(node, list):
        return [_discriminated(part, schemas) for part in node]
    if not isinstance(node, dict):
        return node
    members = node.get("oneOf")
    if not isinstance(members, list) or not all("$ref" in one or one == {"type": "null"} for one in members):
        return {key: _discriminated(part, schemas) for key, part in node.items()}
    named = [one for one in members if "$ref" in one]
    if len(named) == 1:
        return {"if": {"type": "null"}, "else": named[0]} if len(members) > 1 else named[0]
    if len(named) < len(members) or not all(_types(one, schemas) for one in named):
        return node
    return _by_type(named, schemas)


def _by_type(members: list[dict[str, Any]], schemas: dict[str, Any]) -> dict[str, Any]:
    known = [value for one in members for value in _types(one, schemas)]
    decided = [{"if": {"properties": {"type": {"enum": _types(one, schemas)}}}, "then": one} for one in members]
    return {"type": "object", "required": ["type"], "properties": {"type": {"enum": known}}, "allOf": decided}
