"""Bodies for every limit: the path of the offending value, a body that breaks it, one just within it."""

from typing import Any

Json = Any
Case = tuple[str, Json, Json]


def button(label: str | None = "Sign", custom_id: str | None = "signoff:1", **more: Json) -> Json:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id} | more


def chooser(*listed: Json) -> Json:
    return {"type": 3, "custom_id": "cuts", "options": list(listed)}


def select(options: int = 2, **more: Json) -> Json:
    listed = [{"label": f"Cut {n}", "value": f"{n}"} for n in range(options)]
    return {"type": 3, "custom_id": "cuts", "options": listed} | more


def chosen(name: str) -> Json:
    return {"label": name, "value": name, "default": True}


def rows(*components: Json) -> Json:
    return {"content": "Rough cut", "components": [{"type": 1, "components": [one]} for one in components]}


def embeds(*listed: Json) -> Json:
    return {"embeds": list(listed)}


def modal(*components: Json, **more: Json) -> Json:
    data = {"title": "What AI did", "custom_id": "signoff", "components": list(components)} | more
    return {"type": 9, "data": data}


def label(text: str = "Tools", **more: Json) -> Json:
    entry = {"type": 4, "style": 1, "custom_id": "tools"} | more
    return {"type": 18, "label": text, "component": entry}


def labels(number: int) -> list[Json]:
    return [label(custom_id=f"{n}") for n in range(number)]


def command(name: str = "faq", **more: Json) -> Json:
    return {"type": 1, "name": name, "description": "Ask"} | more


def suggestions(listed: Json) -> Json:
    return {"type": 8, "data": {"choices": listed}}


def options(number: int) -> Json:
    return [command(options=[option(f"o{n}") for n in range(number)])]


def option(name: str = "question", **more: Json) -> Json:
    return {"type": 3, "name": name, "description": "What to ask"} | more


def choices(*values: str) -> Json:
    return [{"name": "Colour", "value": value} for value in values]


def heavy(characters: int) -> Json:
    """Make a command of about that many characters: 25 choices of 200 or more in each option."""
    each = [{"name": "n" * 100, "value": f"{n:0100}"} for n in range(25)]
    return command(options=[option(f"o{n}", choices=each, required=True) for n in range(characters // 5000 + 1)])


MESSAGES: list[Case] = [
    ("content", {"content": "x" * 2001}, {"content": "x" * 2000}),
    ("body", {"content": " "}, {"content": "."}),
    ("body", embeds({}), embeds({"title": "Ballot"})),
    ("embeds", embeds(*[{"title": "x"}] * 11), embeds(*[{"title": "x"}] * 10)),
    ("embeds[0].title", embeds({"title": "x" * 257}), embeds({"title": "x" * 256})),
    ("embeds[0].description", embeds({"description": "x" * 5000}), embeds({"description": "x" * 4096})),
    ("embeds", embeds(*[{"description": "x" * 3001}] * 2), embeds(*[{"description": "x" * 3000}] * 2)),
    (
        "embeds[0].fields[0].value",
        embeds({"fields": [{"name": "By", "value": ""}]}),
        embeds({"fields": [{"name": "By", "value": "-"}]}),
    ),
    (
        "embeds[0].fields",
        embeds({"fields": [{"name": "a", "value": "b"}] * 26}),
        embeds({"fields": [{"name": "a", "value": "b"}] * 25}),
    ),
    (
        "components",
        rows(*[button(custom_id=f"b{n}") for n in range(6)]),
        rows(*[button(custom_id=f"b{n}") for n in range(5)]),
    ),
    (
        "components[0].components",
        {"components": [{"type": 1, "components": [button(custom_id=f"b{n}") for n in range(6)]}]},
        {"components": [{"type": 1, "components": [button(custom_id=f"b{n}") for n in range(5)]}]},
    ),
    (
        "components[0].components",
        {"components": [{"type": 1, "components": [button(), select()]}]},
        {"components": [{"type": 1, "components": [select()]}]},
    ),
    ("components", rows(button(), button()), rows(button(), button(custom_id="other"))),
    ("components[0].components[0]", rows(button(None)), rows(button(None, emoji={"name": "✍"}))),
    ("components[0].components[0].label", rows(button("x" * 81)), rows(button("x" * 80))),
    ("components[0].components[0].custom_id", rows(button(custom_id=None)), rows(button(custom_id="x"))),
    ("components[0].components[0].custom_id", rows(button(custom_id="x" * 101)), rows(button(custom_id="x" * 100))),
    (
        "components[0].components[0].url",
        rows(button(custom_id=None, style=5, url="ftp://cuts.example")),
        rows(button(custom_id=None, style=5, url="https://cuts.example")),
    ),
    ("components[0].components[0].max_values", rows(select(2, max_values=3)), rows(select(2, max_values=2))),
    ("components[0].components[0].options", rows(select(26)), rows(select(25))),
    (
        "components[0].components[0].options",
        rows(chooser(chosen("A"), chosen("B"))),
        rows(chooser(chosen("A"), {"label": "B", "value": "B"})),
    ),
    (
        "components[0].components[0].options",
        rows(chooser({"label": "A", "value": "1"}, {"label": "B", "value": "1"})),
        rows(chooser({"label": "A", "value": "1"}, {"label": "A", "value": "2"})),
    ),
    (
        "content",
        {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "Cut 3"}]},
        {"flags": 1 << 15, "components": [{"type": 10, "content": "Cut 3"}]},
    ),
    ("components[0]", {"components": [{"type": 10, "content": "Cut 3"}]}, rows(button())),
]

CALLBACKS: list[Case] = [
    ("data.content", {"type": 4, "data": {"content": "x" * 2001}}, {"type": 4, "data": {"content": "x"}}),
    (
        "data",
        {"type": 7, "data": {"content": None, "embeds": [], "components": [], "attachments": []}},
        {"type": 7, "data": {"content": None, "components": []}},
    ),
    ("data.choices", suggestions(choices("1") * 26), suggestions(choices("1") * 25)),
    ("data.choices[0].value", suggestions(choices("x" * 101)), suggestions(choices("x" * 100))),
    (
        "data.choices[0].name",
        suggestions([{"name": "x" * 101, "value": "1"}]),
        suggestions([{"name": "x" * 100, "value": "1"}]),
    ),
    ("data.components", modal(*labels(6)), modal(*labels(5))),
    ("data.components", modal(), modal(label())),
    ("data.title", modal(label(), title="x" * 46), modal(label(), title="x" * 45)),
    ("data.custom_id", modal(label(), custom_id=""), modal(label(), custom_id="x" * 100)),
    ("data.components[0].label", modal(label("x" * 46)), modal(label("x" * 45))),
    ("data.components[0].component.value", modal(label(value="x" * 4001)), modal(label(value="x" * 4000))),
    (
        "data.components[0].component.min_length",
        modal(label(min_length=9, max_length=8)),
        modal(label(min_length=8, max_length=8)),
    ),
    ("data.components[0].component.custom_id", modal(label(custom_id="x" * 101)), modal(label(custom_id="x" * 100))),
    (
        "data.components[0].components[0].label",
        modal({"type": 1, "components": [{"type": 4, "style": 1, "custom_id": "why", "label": "x" * 46}]}),
        modal({"type": 1, "components": [{"type": 4, "style": 1, "custom_id": "why", "label": "Why"}]}),
    ),
]

COMMANDS: list[Case] = [
    ("commands", [command(f"c{n}") for n in range(101)], [command(f"c{n}") for n in range(100)]),
    ("commands", [command(), command()], [command(), {"type": 3, "name": "faq"}]),
    ("[0].name", [command("Ask Me")], [command("ask-me")]),
    ("[0].name", [command("x" * 33)], [command("हिन्दी")]),
    ("[0].description", [command(description="")], [command(description="x" * 100)]),
    ("[0].description", [{"type": 3, "name": "Sign off", "description": "x"}], [{"type": 3, "name": "Sign off"}]),
    ("[0]", [heavy(8000)], [heavy(4000)]),
    ("[0].options", [command(options=[option(), option()])], [command(options=[option(), option("share")])]),
    ("[0].options", options(26), options(25)),
    (
        "[0].options[1]",
        [command(options=[option(), option("share", required=True)])],
        [command(options=[option(required=True), option("share")])],
    ),
    (
        "[0].options[0]",
        [command(options=[option(choices=choices("1"), autocomplete=True)])],
        [command(options=[option(autocomplete=True)])],
    ),
    (
        "[0].options[0].choices",
        [command(options=[option(choices=choices("1") * 26)])],
        [command(options=[option(choices=choices("1"))])],
    ),
    (
        "[0].options[0].options[0].name",
        [command(options=[{"type": 1, "name": "ask", "description": "Ask", "options": [option("BAD")]}])],
        [command(options=[{"type": 1, "name": "ask", "description": "Ask", "options": [option("good")]}])],
    ),
]
