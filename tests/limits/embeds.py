"""Limits of embeds: https://discord.com/developers/docs/resources/message#embed-object-embed-limits."""

from .measure import Json, Rule, count, items, text

EMBEDS = 10
EMBED_TOTAL = 6000
FIELDS = 25


def embed_rules(at: str, embeds: Json) -> Rule:
    """Check all embeds of a message, with the total that they share."""
    listed = items(embeds)
    yield from count(at, listed, 0, EMBEDS, "embeds")
    for number, embed in enumerate(listed):
        yield from _one_embed(f"{at}[{number}]", embed)
    total = sum(map(_characters, listed))
    if total > EMBED_TOTAL:
        yield f"{at}: {total} characters in all, at most {EMBED_TOTAL} allowed"


def shows_something(embed: dict[str, Json]) -> bool:
    """Say whether Discord would show anything for this embed."""
    parts = ("title", "description", "fields", "image", "thumbnail", "footer", "author", "video")
    return any(embed.get(part) for part in parts)


def _one_embed(at: str, embed: dict[str, Json]) -> Rule:
    yield from text(f"{at}.title", embed.get("title"), 0, 256)
    yield from text(f"{at}.description", embed.get("description"), 0, 4096)
    yield from text(f"{at}.footer.text", (embed.get("footer") or {}).get("text"), 0, 2048)
    yield from text(f"{at}.author.name", (embed.get("author") or {}).get("name"), 0, 256)
    fields = items(embed.get("fields"))
    yield from count(f"{at}.fields", fields, 0, FIELDS, "fields")
    for number, field in enumerate(fields):
        yield from text(f"{at}.fields[{number}].name", field.get("name"), 1, 256)
        yield from text(f"{at}.fields[{number}].value", field.get("value"), 1, 1024)


def _characters(embed: dict[str, Json]) -> int:
    parts = [embed.get("title"), embed.get("description")]
    parts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for field in items(embed.get("fields")):
        parts += [field.get("name"), field.get("value")]
    return sum(len(part) for part in parts if isinstance(part, str))
