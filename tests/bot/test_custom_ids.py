"""Custom ids are on messages for years: each is read by one class, as before, and written as before."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from importlib import import_module
from inspect import isabstract
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import discord
import pytest

from bot.client import FEATURES
from bot.custom_ids import NOTHING, digits, one_of, slug
from bot.ui import PersistentButton, PersistentModal, PersistentSelect
from domain.polls.poll import Choice
from tests.world import World

FILE = Path(__file__).with_name("custom_ids.json")
LISTED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
"""By feature and class: `made` has texts that fit and the custom_id written for each, `refused` texts that do not fit.

These are on messages already: add rows, never change one.
"""

CUSTOM_ID = 100
"""Discord's limit."""

LONGEST = {"entry_id": "a" * 64, "verdict": "withdrawn"}
"""The longest value of a field whose pattern does not tell it."""


def kinds_of(base: type) -> Iterator[Any]:
    """Find the classes of all features that are an item or a form of this kind."""
    kind: Any
    for kind in base.__subclasses__():
        if kind.__module__.startswith("cogs.") and not isabstract(kind):
            yield kind
        yield from kinds_of(kind)


for _feature in FEATURES:
    import_module(_feature)
ITEMS = [*kinds_of(PersistentButton), *kinds_of(PersistentSelect)]
FORMS = list(kinds_of(PersistentModal))
KINDS = [*ITEMS, *FORMS]


def name_of(kind: type) -> str:
    """Name the feature and the class."""
    return f"{kind.__module__.split('.')[1]}.{kind.__qualname__}"


BY_NAME = {name_of(kind): kind for kind in KINDS}


def rebuilt(kind: Any, text: str) -> Any:
    """Build the item or form of a custom_id."""
    found = kind.pattern.fullmatch(text)
    assert found is not None, f"{name_of(kind)} no longer reads {text!r}"
    return kind.of(found)


def written(item: Any) -> str:
    """Return the custom_id that Discord would get."""
    return str(item.form().custom_id if isinstance(item, PersistentModal) else item.item.custom_id)


def readers(kind: Any, text: str) -> list[str]:
    """Name the classes of the same kind, item or form, that read this custom_id."""
    return [name_of(other) for other in (FORMS if kind in FORMS else ITEMS) if other.pattern.fullmatch(text)]


def groups(kind: Any) -> dict[str, str]:
    """Return what each field of a custom_id matches."""
    found = re.findall(r"\(\?P<(\w+)>([^()]*)\)", kind.pattern.pattern)
    assert [name for name, _ in found] == list(kind.pattern.groupindex)
    return dict(found)


def longest_values(name: str, regex: str) -> list[str]:
    """Return the longest values of a field; all of them where the pattern lists them."""
    if name in LONGEST:
        return [LONGEST[name]]
    if "|" in regex:
        return regex.split("|")
    bound = re.search(r",(\d+)\}$", regex)
    assert bound is not None, f"{regex} has no upper bound"
    return ["9" * int(bound[1])]


def longest_of(kind: Any) -> list[str]:
    """Return custom ids of a class with the longest values; one for each value where the pattern lists them."""
    values = {name: longest_values(name, regex) for name, regex in groups(kind).items()}
    count = max(map(len, values.values()), default=1)
    return [
        kind.id_format.format_map({name: found[n % len(found)] for name, found in values.items()}) for n in range(count)
    ]


def near(text: str) -> tuple[str, ...]:
    """Return what is almost a custom_id."""
    return (f"x{text}", f"{text}:x", f"{text}\n", text.upper())


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_class_is_listed(name: str) -> None:
    texts = longest_of(BY_NAME[name])
    row = {"made": {text: text for text in texts}, "refused": [one for text in texts for one in near(text)]}
    assert name in LISTED, f"{name} is new: add it to {FILE.name} as\n{json.dumps(name)}: {json.dumps(row)}"


@pytest.mark.parametrize("name", sorted(LISTED))
def test_ids_on_old_messages_are_read_by_their_class_alone_and_written_as_before(name: str) -> None:
    assert name in BY_NAME, f"{name} is gone, and its buttons on old messages with it"
    kind = BY_NAME[name]
    for text, custom_id in LISTED[name]["made"].items():
        item = rebuilt(kind, text)
        assert (written(item), item.custom_id) == (custom_id, custom_id)
        assert readers(kind, text) == readers(kind, custom_id) == [name]


@pytest.mark.parametrize("name", sorted(LISTED))
def test_what_was_refused_is_still_refused(name: str) -> None:
    assert [text for text in LISTED[name]["refused"] if BY_NAME[name].pattern.fullmatch(text)] == []


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_the_longest_custom_id_fits_and_is_known_again(name: str) -> None:
    kind = BY_NAME[name]
    for custom_id in longest_of(kind):
        assert len(custom_id) <= CUSTOM_ID
        assert written(rebuilt(kind, custom_id)) == custom_id
        assert readers(kind, custom_id) == [name]


def test_no_words_of_one_class_make_a_custom_id_of_another() -> None:
    known = {part for row in LISTED.values() for text in row["made"] for part in text.split(":")}
    words = [*sorted(word for word in known if not word.isdigit()), "", "1"]
    for kind in KINDS:
        fitting = {name: [word for word in words if re.fullmatch(regex, word)] for name, regex in groups(kind).items()}
        short = {name: found if len(fitting) < 3 else [*found[:4], *found[-4:]] for name, found in fitting.items()}
        for values in product(*short.values()):
            custom_id = kind.id_format.format_map(dict(zip(short, values, strict=True)))
            assert readers(kind, custom_id) == [name_of(kind)], custom_id


def test_a_custom_id_with_something_before_or_after_it_is_nobodys() -> None:
    for kind in KINDS:
        for custom_id in longest_of(kind):
            for text in near(custom_id):
                assert not any(other.pattern.fullmatch(text) for other in KINDS), text


def test_the_items_of_all_features_are_among_these() -> None:
    assert len(ITEMS) > 15
    assert len(FORMS) > 5
    assert {kind.__module__.split(".")[1] for kind in KINDS} >= {"faq", "polls", "signoffs"}


async def test_every_item_and_form_of_the_features_is_routed(world: World) -> None:
    # by name: discord.py may run the modules of a feature once more for every bot that loads it
    assert names_of(world.bot._items) == names_of(ITEMS)
    menus = world.bot._connection._view_store._dynamic_items.values()
    assert names_of(menus) == names_of(kinds_of(PersistentSelect))
    assert names_of(world.bot._modals) == names_of(FORMS)


def names_of(kinds: Iterable[type]) -> set[str]:
    """Return the full names of classes."""
    return {f"{kind.__module__}.{kind.__qualname__}" for kind in kinds}


class Base(PersistentModal):
    scene: Annotated[int, digits(3)]
    note: str = field(default="", kw_only=True)
    title = "Take"

    def fields(self) -> list[discord.ui.Label[Any]]:
        return []

    async def submit(self, interaction: Any, values: dict[str, Any]) -> None:
        raise NotImplementedError


class Take(Base, custom_id="take:{scene}:of:{reel}:{choice}{more}"):
    reel: Annotated[str, slug(5)]
    choice: Choice
    more: Annotated[str, one_of("", ":more")] = ""


def test_the_class_says_what_its_custom_ids_look_like() -> None:
    assert (Take.id_format, Base.pattern) == ("take:{scene}:of:{reel}:{choice}{more}", NOTHING)
    assert Take.pattern.pattern == (
        "take:(?P<scene>[0-9]{1,3}):of:(?P<reel>[a-z0-9-]{1,5}):(?P<choice>execution|judgment|abstain)(?P<more>|:more)"
    )


def test_fields_are_of_their_types_when_they_come_back() -> None:
    take = Take(12, "a-1", Choice.ABSTAIN, note="prefilled")
    assert (take.custom_id, take.note) == ("take:12:of:a-1:abstain", "prefilled")
    again = rebuilt(Take, "take:012:of:a-1:abstain:more")
    assert (again.scene, again.reel, again.choice, again.more, again.note) == (12, "a-1", Choice.ABSTAIN, ":more", "")


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("take:{scene}", int, TypeError),
        ("take", Choice, TypeError),
        ("take.{scene}", Choice, ValueError),
        ("take:{scene}:{reel}", Choice, KeyError),
    ],
)
def test_a_class_whose_custom_id_is_unclear_is_refused(text: str, kind: Any, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        type("Other", (Base,), {"__annotations__": {"scene": kind}}, custom_id=text)
