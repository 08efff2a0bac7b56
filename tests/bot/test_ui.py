"""What all features share: safe text, and items that are rebuilt from their custom_id alone."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from inspect import isabstract
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client import FEATURES
from bot.ui import PersistentButton, PersistentModal, PersistentSelect, clip, escape, unescape
from domain.text import without_lone_surrogates
from tests.world import World

CUSTOM_ID = 100
"""Discord's limit."""

SLUG = "a" * 64
LARGEST = {"entry_id": SLUG, "verdict": "withdrawn"}
"""The longest value of a name whose pattern does not limit it."""


def kinds_of(base: type) -> Iterator[Any]:
    """All features' classes of this kind of item or form."""
    kind: Any
    for kind in base.__subclasses__():
        if kind.__module__.startswith("cogs.") and not (kind.__name__.startswith("_") or isabstract(kind)):
            yield kind
        yield from kinds_of(kind)


for _feature in FEATURES:
    import_module(_feature)
ITEMS = [*kinds_of(PersistentButton), *kinds_of(PersistentSelect)]
FORMS = list(kinds_of(PersistentModal))
invisible = re.compile("[\u200b\u202a-\u202e\u2066-\u2069]")
texts = st.text(st.characters() | st.sampled_from("*_~`|[](){}<>@#-\\ \n:/\u202e")) | st.sampled_from(
    ["[a](b) **bold** [c](https://evil.example)", "https://x.example/a_b*c*", "@everyone <@&123456789012345678>"]
)


def template_of(kind: Any) -> re.Pattern[str]:
    """The template of the custom_ids of a class."""
    template = kind.template if issubclass(kind, PersistentModal) else kind.__discord_ui_compiled_template__
    assert isinstance(template, re.Pattern)
    return template


def custom_id_of(item: Any) -> str:
    """What Discord would be told."""
    return str(item.form().custom_id if isinstance(item, PersistentModal) else item.item.custom_id)


def longest_of(kind: Any) -> list[Any]:
    """Make items of a class with the longest arguments; one for each value that the pattern lists."""
    values = {name: longest_values(kind, name) for name in template_of(kind).groupindex}
    count = max(map(len, values.values()), default=1)
    return [kind(**{name: found[n % len(found)] for name, found in values.items()}) for n in range(count)]


def longest_values(kind: Any, name: str) -> list[str]:
    """The longest values that fit a group of the template."""
    found = re.search(rf"\(\?P<{name}>([^()]*)\)", template_of(kind).pattern)
    assert found is not None
    if name in LARGEST:
        return [LARGEST[name]]
    if "|" in found[1]:
        return found[1].split("|")
    bound = re.search(r",(\d+)\}$", found[1])
    assert bound is not None, f"{found[1]} has no upper bound"
    return ["9" * int(bound[1])]


@pytest.mark.parametrize("kind", [*ITEMS, *FORMS], ids=lambda kind: kind.__qualname__)
def test_an_item_is_rebuilt_from_its_custom_id(kind: Any) -> None:
    for custom_id in map(custom_id_of, longest_of(kind)):
        assert len(custom_id) <= CUSTOM_ID
        found = template_of(kind).fullmatch(custom_id)
        assert found is not None, custom_id
        assert custom_id_of(kind(**found.groupdict())) == custom_id


def test_no_custom_id_is_read_by_two_classes() -> None:
    for kinds in (ITEMS, FORMS):
        for kind in kinds:
            for custom_id in map(custom_id_of, longest_of(kind)):
                readers = [other for other in kinds if template_of(other).fullmatch(custom_id)]
                assert readers == [kind], custom_id


def test_a_custom_id_with_something_before_or_after_it_matches_nothing() -> None:
    for kind in [*ITEMS, *FORMS]:
        for custom_id in map(custom_id_of, longest_of(kind)):
            for near in (f"x{custom_id}", f"{custom_id}:x", f"{custom_id}\n", custom_id.upper()):
                assert not any(template_of(other).fullmatch(near) for other in [*ITEMS, *FORMS]), near


def test_the_items_of_all_features_are_among_these() -> None:
    assert len(ITEMS) > 15
    assert len(FORMS) > 5
    assert {kind.__module__.split(".")[1] for kind in [*ITEMS, *FORMS]} >= {"faq", "polls", "signoffs"}


async def test_every_item_and_form_of_the_features_is_routed(world: World) -> None:
    # by name: discord.py runs the modules of a feature again for every bot that loads it
    assert names_of(world.bot._items) == names_of(ITEMS)
    menus = world.bot._connection._view_store._dynamic_items.values()
    assert names_of(menus) == names_of(kinds_of(PersistentSelect))
    assert names_of(world.bot._modals) == names_of(FORMS)


def names_of(kinds: Iterable[type]) -> set[str]:
    """The full names of classes."""
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in kinds}


@given(texts, st.integers(1, 50))
def test_clipping_keeps_the_limit_and_says_so(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    assert clipped == text if len(text) <= limit else clipped.endswith("…")
    assert text.startswith(clipped.removesuffix("…"))


@given(texts)
def test_escaped_text_can_be_unescaped(text: str) -> None:
    assert unescape(escape(text, 10 * len(text) + 10)) == without_lone_surrogates(invisible.sub("", text))


@given(texts)
def test_escaped_text_has_no_bidi_control_and_mentions_nobody(text: str) -> None:
    shown = escape(text, 1000)
    shown.encode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    assert not re.search(r"@(everyone|here|[!&]?\d{17,20})", shown)


@given(texts)
def test_escaped_text_has_no_markdown_outside_of_addresses(text: str) -> None:
    shown = re.sub(r"https?://[^\s<>\\`*|\[\]]+", "", escape(text, 10 * len(text) + 10))
    assert not re.search(r"[*_~`|\[\]<>]", re.sub(r"\\.", "", shown, flags=re.DOTALL))
    assert not re.search(r"^[ \t]*[-#]", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("[a](b) _c_ [d](https://evil.example)", r"\[a\](b) \_c\_ \[d\](https://evil.example)"),
        ("# title\n- point\n  # more", "\\# title\n\\- point\n  \\# more"),
        ("see https://x.example/a_b", "see https://x.example/a_b"),
        ("well-known", "well-known"),
        ("\u202egpj.exe", "gpj.exe"),
        ("<@123456789012345678>", "\\<@\u200b123456789012345678\\>"),
    ],
)
def test_people_see_what_was_typed(text: str, shown: str) -> None:
    assert escape(text, 200) == shown


async def test_cards_and_forms_leave_nothing_in_memory(world: World) -> None:
    ballot = await world["Lena"].slash(world.channel, "poll open", task="Rough cut")
    assert ballot.response is not None
    for name in ("Gus", "Ines", "Ravi"):
        await world[name].click(ballot.response, label="AI may execute")
        await world[name].click(ballot.response, label="Hold")
        await world[name].slash(world.channel, "faq ask", question="why do directors rush to AI?")
    views = world.bot._connection._view_store
    assert not views._views
    assert not views._modals
    assert not views._synced_message_views
