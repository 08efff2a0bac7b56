"""Limits of messages and modals, in creates, edits, callbacks and followups."""

from collections.abc import Sequence

from .components import ComponentType, component_rules, row_rules, walk
from .embeds import embed_rules, shows_something
from .measure import Json, Rule, count, items, text

CONTENT = 2000
FILES = 10
FILE_BYTES = 10 * 1024 * 1024
"""Bytes of a file that a server without boosts accepts."""

ROWS = 5
COMPONENTS_V2 = 1 << 15
V2_COMPONENTS = 40
V2_CHARACTERS = 4000
CARRIERS = ("content", "embeds", "components", "attachments", "sticker_ids", "poll")


def message_rules(at: str, message: dict[str, Json], files: Sequence[tuple[str, int]]) -> Rule:
    """Check what holds for new and for edited messages."""
    yield from text(f"{at}content", message.get("content"), 0, CONTENT)
    yield from embed_rules(f"{at}embeds", message.get("embeds"))
    yield from component_rules(f"{at}components", message.get("components"))
    flags = message.get("flags")
    if isinstance(flags, int) and flags & COMPONENTS_V2:
        yield from _second_generation(at, message)
    else:
        yield from _rows(f"{at}components", message.get("components"))
    yield from _files(at, message, files)


def new_message_rules(at: str, message: dict[str, Json], files: Sequence[tuple[str, int]]) -> Rule:
    """Check a message, which must not be empty."""
    yield from message_rules(at, message, files)
    if not files and not _carries(message):
        yield f"{at.rstrip('.') or 'body'}: an empty message"


def edit_rules(at: str, message: dict[str, Json], files: Sequence[tuple[str, int]]) -> Rule:
    """Check an edit, which may omit parts but not empty the message."""
    yield from message_rules(at, message, files)
    takes_all = all(part in message for part in ("content", "embeds", "components", "attachments"))
    if takes_all and not files and not _carries(message):
        yield f"{at.rstrip('.') or 'body'}: the edit leaves an empty message"


def modal_rules(at: str, modal: dict[str, Json]) -> Rule:
    """Check a modal: title, custom_id, one to five components."""
    yield from text(f"{at}title", modal.get("title"), 1, 45)
    yield from text(f"{at}custom_id", modal.get("custom_id"), 1, 100)
    top = items(modal.get("components"))
    yield from count(f"{at}components", top, 1, 5, "components in a modal")
    yield from component_rules(f"{at}components", top)
    for number, component in enumerate(top):
        yield from _modal_part(f"{at}components[{number}]", component)


def _modal_part(at: str, component: dict[str, Json]) -> Rule:
    if component.get("type") == ComponentType.LABEL:
        yield from text(f"{at}.label", component.get("label"), 1, 45)
        yield from text(f"{at}.description", component.get("description"), 0, 100)
    elif component.get("type") == ComponentType.ROW:
        yield from count(f"{at}.components", items(component.get("components")), 1, 1, "text inputs")
        for number, entry in enumerate(items(component.get("components"))):
            yield from text(f"{at}.components[{number}].label", entry.get("label"), 1, 45)


def _carries(message: dict[str, Json]) -> bool:
    parts = {part: message.get(part) for part in CARRIERS}
    parts["content"] = str(parts["content"] or "").strip()
    parts["embeds"] = [embed for embed in items(parts["embeds"]) if shows_something(embed)]
    return any(parts.values())


def _rows(at: str, components: Json) -> Rule:
    top = items(components)
    yield from count(at, top, 0, ROWS, "rows")
    for number, row in enumerate(top):
        if row.get("type") == ComponentType.ROW:
            yield from row_rules(f"{at}[{number}]", row)
        else:
            yield f"{at}[{number}]: only rows stand here without the Components V2 flag"


def _second_generation(at: str, message: dict[str, Json]) -> Rule:
    for part in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(part):
            yield f"{at}{part}: not allowed beside Components V2"
    everything = list(walk(f"{at}components", message.get("components")))
    yield from count(f"{at}components", everything, 0, V2_COMPONENTS, "components in all")
    for path, component in everything:
        if component.get("type") == ComponentType.ROW:
            yield from row_rules(path, component)
    shown = sum(len(c.get("content") or "") for _, c in everything if c.get("type") == ComponentType.TEXT_DISPLAY)
    if shown > V2_CHARACTERS:
        yield f"{at}components: {shown} characters of text, at most {V2_CHARACTERS} allowed"


def _files(at: str, message: dict[str, Json], files: Sequence[tuple[str, int]]) -> Rule:
    yield from count("files", files, 0, FILES, "files")
    yield from count(f"{at}attachments", items(message.get("attachments")), 0, FILES, "attachments")
    for number, (name, size) in enumerate(files):
        if size > FILE_BYTES:
            yield f"files[{number}]: {name} has {size} bytes, at most {FILE_BYTES} allowed"
