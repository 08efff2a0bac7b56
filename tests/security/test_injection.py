"""What people type pings nobody, formats nothing and changes no direction, wherever the bot repeats it.

The tables, the page and the log of the host have tests of their own. A moderator's answer in the FAQ keeps
its markdown on purpose, as anything that they post does.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from simcord import MemberActor
from simcord.http import router

from tests.cogs.faq import acts as faq
from tests.cogs.polls import acts as polls
from tests.cogs.signoffs import acts as signoffs
from tests.world import World

HOSTILE = "**b** [x](https://evil.example) @everyone <@&123456789012345678> `c` \u202egpj.exe ||s|| <#1>"
NAME = "**b** @everyone [x](http://e.e)"
LINES = f"{HOSTILE}\n# {HOSTILE}\n> {HOSTILE}"

LIVE = re.compile(
    r"@everyone|@here|\u202e|<@&123456789012345678>|<#1>"
    r"|(?<!\\)\*\*b|(?<!\\)\[x|(?<!\\)`c|(?<!\\)\|\|s|^# \\\*|^> \\\*",
    re.MULTILINE,
)
"""The parts of the texts above that Discord would not show as typed."""


def said(body: Any) -> Iterator[str]:
    """Find every text of a body in which Discord reads markdown and mentions."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name in {"content", "title", "description", "value", "name"} and isinstance(value, str):
                yield value
            elif name not in {"components", "options", "attachments"}:
                yield from said(value)
    elif isinstance(body, list):
        for one in body:
            yield from said(one)


@pytest.fixture
def sent(world: World, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Every body that the bot sends, as it comes."""
    bodies: list[dict[str, Any]] = []
    original = router.dispatch

    def dispatch(backend: Any, method: str, path: str, **request: Any) -> Any:
        bodies.append(request.get("json") or {})
        return original(backend, method, path, **request)

    monkeypatch.setattr(router, "dispatch", dispatch)
    return bodies


@pytest.fixture
def crook(world: World) -> MemberActor:
    """A member who signs, moderates, and has a name to match."""
    user = world.env.create_user("crook", global_name=NAME)
    return world.production.guild.add_member(user, roles=[world.production.guild.create_role("Crooks")])


async def _vote(world: World, crook: MemberActor) -> None:
    """Type everything that can be typed about a poll."""
    ballot = polls.answer(await crook.slash(world.channel, "poll open", task=HOSTILE, details=LINES))
    receipt = polls.answer(await crook.click(ballot, label="AI may execute"))
    await crook.submit_modal(await crook.click(receipt, label="Add reason"), {"reason": LINES})
    await crook.submit_modal(await crook.click(ballot, label="Hold"), {"reason": LINES})
    await world["Jonas"].click(ballot, label="My vote")
    await crook.slash(world.channel, "poll list")
    closed = polls.answer(await crook.slash(world.channel, "poll close", poll=1))
    record = await crook.click(closed, label="Record outcome")
    await crook.submit_modal(record, {"decider": [crook], "conditions": LINES, "note": LINES})
    await crook.slash(world.channel, "poll verdicts", task=HOSTILE[:60])
    await crook.slash(world.channel, "poll open", task=HOSTILE)
    await crook.slash(world.channel, "poll cancel", poll=2, reason=LINES)
    await polls.redrawn(world)


async def _sign(world: World, crook: MemberActor) -> None:
    """Type everything that can be typed about a sign-off and its policy."""
    piece = HOSTILE[:95]
    await signoffs.set_policy(world, piece, world.production.departments["Direction"].mention)
    form = await crook.slash(world.channel, "signoff open", piece=piece, cut=1, signers=crook.mention)
    card = signoffs.answer(await crook.submit_modal(form, {"uses": ["grade"], "tools": LINES[:190], "told": "told"}))
    receipt = signoffs.answer(await crook.click(card, label="Not yet"))
    await crook.submit_modal(await crook.click(receipt, label="Add why"), {"reason": LINES})
    await crook.slash(world.channel, "signoff status", piece=piece)
    await crook.slash(world.channel, "signoff waiting")
    await world["Jonas"].slash(world.channel, "decision-log void", entry=1 + 2, reason=HOSTILE)
    await crook.slash(world.channel, "signoff history")
    await polls.redrawn(world)


async def _ask(world: World, crook: MemberActor) -> None:
    """Ask the FAQ and its moderators."""
    asked = faq.answer(await crook.slash(world.channel, "faq ask", question=LINES))
    form = await crook.click(asked, label="Ask the moderators")
    await crook.submit_modal(form, {"question": HOSTILE, "tell": ["here"]})
    await crook.context_menu(world.channel, "Find FAQ answer", await crook.send(world.channel, LINES))
    await faq.pick(world, " ".join(HOSTILE.replace("\u202e", "").split()))


@pytest.mark.parametrize("doing", [_vote, _sign, _ask])
async def test_what_people_type_pings_nobody_and_formats_nothing(
    world: World, sent: list[dict[str, Any]], crook: MemberActor, doing: Any
) -> None:
    await doing(world, crook)
    texts = [text for body in sent for text in said(body)]
    assert any("evil.example" in text for text in texts)
    assert [text for text in texts if LIVE.search(text)] == []


@pytest.mark.parametrize("doing", [_vote, _sign, _ask])
async def test_nothing_but_the_people_who_are_asked_is_ever_mentioned(
    world: World, sent: list[dict[str, Any]], crook: MemberActor, doing: Any
) -> None:
    await doing(world, crook)
    messages = [data for body in sent for data in (body.get("data", body),) if isinstance(data, dict)]
    allowed = [data["allowed_mentions"] for data in messages if "allowed_mentions" in data]
    assert allowed
    direction = world.production.departments["Direction"].id
    for one in allowed:
        assert one.get("parse", []) == []
        assert {*map(int, one.get("users", [])), *map(int, one.get("roles", []))} <= {crook.id, direction}


def test_text_that_would_be_read_as_markup_is_noticed() -> None:
    for live in (HOSTILE, "@here", "**b", "a\n# \\*\\*b", "\u202e"):
        assert LIVE.search(live)
    assert not LIVE.search(r"\*\*b\*\* \[x\]\(https://evil.example) @\u200beveryone \`c \|\|s")
