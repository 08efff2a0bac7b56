"""How long one person waits for each kind of answer, from the press to the answer, against bare discord.py.

Both bots run at once and take turns, press by press, so that other load on the machine affects both.
"""

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TypeAlias

from benchmarks.tools.measure import Claim, Together
from benchmarks.tools.scene import FLOOR, Scene, scene
from bot.host.run import run_async
from tests.loopback import Member, Message, Reply
from tests.loopback.process import RUN

Act: TypeAlias = Callable[[], Awaitable[Reply]]
"""Something that a person does, again and again."""

SIGNERS = 10
"""People who sign one cut."""

AS_FAST = 1.5
"""For a vote and a signature, which are on disk before the answer, their floor includes such a commit."""

READ = 4.0
"""For answers built from several queries; both take a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a person does with our bot, and with the floor's; an answer to something stored has `receipt` in it."""

    ours: Act
    floor: Act
    receipt: str = ""


def case(presses: int) -> Together:
    """Measure the median milliseconds of `presses` answers of each kind.

    The floors are a line of text, a message with an embed and buttons, a button that edits its message, a form and 25
    choices, all constants in a bot that stores nothing. The floor of a vote and of a signature also includes the
    median of an append of 4 KiB with its fdatasync in the same folder.
    """
    targets = {"reply": AS_FAST, "card": READ, "vote": AS_FAST, "signature": AS_FAST, "form": READ, "choices": READ}
    claims = tuple(Claim(f"answer-{name}", "ms", "low", target) for name, target in targets.items())
    return Together(claims, lambda folder: run_async(_measure(folder, presses)))


async def _measure(folder: Path, presses: int) -> Mapping[str, tuple[float, float]]:
    async with AsyncExitStack() as stack:
        for name in ("ours", "floor"):
            (folder / name).mkdir()
        ours = await stack.enter_async_context(scene(folder / "ours", RUN))
        floor = await stack.enter_async_context(scene(folder / "floor", FLOOR))
        pairs = await _pairs(ours, floor, presses)
        return {f"answer-{name}": await _compare(pair, folder, presses) for name, pair in pairs.items()}


async def _pairs(ours: Scene, floor: Scene, presses: int) -> dict[str, Pair]:
    """Return what people do, by the kind of answer."""
    here, there = (ours.opener, ours.ballot.channel), (floor.opener, floor.ballot.channel)
    votes, others = iter(ours.crowd(presses)), iter(floor.crowd(2 * presses))
    signatures = await _signatures(ours, presses)
    slash, bare = ours.discord.slash, floor.discord.slash
    cut = {"piece": "Harbour Lights", "cut": 7, "signers": f"<@{ours.opener.id}>"}
    return {
        "reply": Pair(lambda: slash(*here, "help"), lambda: bare(*there, "reply")),
        "card": Pair(lambda: slash(*here, "poll show", poll=1), lambda: bare(*there, "ballot")),
        "vote": Pair(lambda: ours.press(next(votes)), lambda: floor.press(next(others)), "Your vote"),
        "signature": Pair(
            lambda: ours.discord.press(*next(signatures), label="Yes, I sign"),
            lambda: floor.press(next(others)),
            "Recorded",
        ),
        "form": Pair(lambda: slash(*here, "signoff open", **cut), lambda: bare(*there, "form")),
        "choices": Pair(
            lambda: ours.discord.autocomplete(*here, "faq ask", "question", "does ai sa"),
            lambda: floor.discord.autocomplete(*there, "find", "topic", "does ai sa"),
        ),
    }


async def _signatures(ours: Scene, count: int) -> Iterator[tuple[Member, Message | None]]:
    """Prepare `count` signatures to be given: who signs which card."""
    crew, channel = ours.crowd(SIGNERS), ours.ballot.channel
    mentions = " ".join(f"<@{member.id}>" for member in crew)
    awaited: list[tuple[Member, Message | None]] = []
    for cut in range(-(-count // SIGNERS)):
        slate = {"piece": f"Harbour Lights {cut}", "cut": 1, "signers": mentions}
        form = await ours.discord.slash(ours.opener, channel, "signoff open", **slate)
        opened = await ours.discord.submit(ours.opener, form, {"uses": ["grade"], "tools": "Resolve"})
        awaited += [(member, opened.message) for member in crew]
    return iter(awaited)


async def _compare(pair: Pair, folder: Path, presses: int) -> tuple[float, float]:
    """Return the median milliseconds of ours and of the floor."""
    ours, floor, commits = [], [], []
    for _ in range(presses):
        ours.append(await _answered(pair.ours, pair.receipt))
        floor.append(await _answered(pair.floor))
        if pair.receipt:
            commits.append(_append(folder / "appended"))
    return 1000 * median(ours), 1000 * (median(floor) + (median(commits) if commits else 0))


async def _answered(act: Act, receipt: str = "") -> float:
    """Return the seconds until the answer.

    Raises:
        RuntimeError: there was none within Discord's 3 s, or it had no receipt.
    """
    reply = await act()
    if reply.missed or receipt not in reply.content:
        raise RuntimeError(f"{reply.asked.name} was not answered as it should: {reply.kind} {reply.content!r}")
    return reply.latency


def _append(file: Path) -> float:
    """Return the seconds that it takes to append 4 KiB and have them on disk."""
    with file.open("ab", buffering=0) as handle:
        before = perf_counter()
        handle.write(bytes(4096))
        os.fdatasync(handle.fileno())
        return perf_counter() - before
