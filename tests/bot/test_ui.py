"""What all features share: text made safe to show, and views and forms that are not kept in memory."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import clip, escape, unescape
from domain.text import without_lone_surrogates
from tests.world import World

invisible = re.compile("[\u200b\u202a-\u202e\u2066-\u2069]")
texts = st.text(st.characters() | st.sampled_from("*_~`|[](){}<>@#-\\ \n:/\u202e")) | st.sampled_from(
    ["[a](b) **bold** [c](https://evil.example)", "https://x.example/a_b*c*", "@everyone <@&123456789012345678>"]
)


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
