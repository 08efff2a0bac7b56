"""Cards, and a made-up Discord that shows them, slowly or not at all, and records the requests."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from aiohttp import web

from bot.delivery.lanes import Lanes
from bot.delivery.refresher import Card, Refresher

GUILD = 7
START = datetime(2026, 11, 20, 10, tzinfo=UTC)
DONE = True
GONE = False
Outcome = bool | Exception


def busy(retry_after: float) -> discord.HTTPException:
    """What discord.py raises after five tries."""
    response: Any = web.Response(status=429, headers={"Retry-After": f"{retry_after}"})
    return discord.HTTPException(response, {"code": 30046, "message": "Too many edits"})


def broken() -> discord.DiscordServerError:
    """What discord.py raises when Discord is down."""
    response: Any = web.Response(status=503)
    return discord.DiscordServerError(response, "")


@dataclass(slots=True)
class Edit:
    """One edit as Discord saw it; times in the loop's seconds."""

    number: int
    channel_id: int
    state: int
    began: float
    old: bool
    ended: float = float("inf")
    outcome: Outcome = DONE


@dataclass(slots=True)
class Screen:
    """Cards by number, each with a state that people change; the messages are posted at `START`.

    Args:
        channel_of: the channel in which a card stands.
        age: how old the messages are at the beginning.
        answers: how long each edit takes and how it ends; once they run out, edits succeed at once.
    """

    channel_of: Callable[[int], int] = lambda number: number
    age: timedelta = timedelta(0)
    answers: Iterable[tuple[float, Outcome]] = ()
    states: dict[int, int] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    lanes: Lanes = field(default_factory=Lanes)
    refresher: Refresher = field(init=False)

    def __post_init__(self) -> None:
        """Watch the cards."""
        self.answers = iter(self.answers)
        self.refresher = Refresher(self.draw, self.edit, "the card", self.lanes, now=self.now)

    def now(self) -> datetime:
        """The wall clock."""
        return START + timedelta(seconds=self.time())

    @staticmethod
    def time() -> float:
        """The loop's clock."""
        return asyncio.get_running_loop().time()

    def change(self, number: int, state: int | None = None) -> None:
        """Change a card, by default to a state never seen before."""
        self.states[number] = self.states.get(number, 0) + 1 if state is None else state
        self.refresher.changed(GUILD, number)

    async def draw(self, _guild_id: int, number: int) -> Card | None:
        """Read the card as it is after a short wait."""
        await asyncio.sleep(0)
        message_id = discord.utils.time_snowflake(START - self.age) + number
        return Card(self.channel_of(number), message_id, {"content": self.states[number]})

    async def edit(self, channel_id: int, message_id: int, *, content: int) -> bool:
        """Show it, as slowly as set."""
        old = self.now() - discord.utils.snowflake_time(message_id) > timedelta(hours=1)
        edit = Edit(message_id & 0xFF, channel_id, content, self.time(), old)
        self.edits.append(edit)
        takes, edit.outcome = next(iter(self.answers), (0.0, DONE))
        await asyncio.sleep(takes)
        edit.ended = self.time()
        if isinstance(edit.outcome, Exception):
            raise edit.outcome
        return edit.outcome

    def times(self, number: int) -> list[float]:
        """Return when the edits of a card began."""
        return [edit.began for edit in self.edits if edit.number == number]
