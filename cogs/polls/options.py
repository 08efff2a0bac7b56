"""What people type into poll commands, and what is suggested while they type."""

import asyncio
from datetime import datetime, timedelta, tzinfo

from discord import app_commands

from bot.discord_limits import CHOICE_LENGTH, CHOICES
from bot.errors import quiet_autocomplete
from bot.ui import Interaction, clip, guild_of
from cogs.polls.cards import VERDICT_LABELS
from cogs.polls.spoken_time import spoken_time
from domain.errors import DomainError
from domain.polls.deadlines import duration
from domain.polls.outcomes import task_key
from domain.polls.poll import DEFAULT_DURATION
from domain.polls.precedents import ESSAY, Precedent


async def closing_time(
    text: str | None, *, now: datetime, zone: tzinfo, default: timedelta = DEFAULT_DURATION
) -> datetime:
    """Return when a poll closes: `2h`, `3d`, `tomorrow 18:00`, `Friday noon`; after `default` if nothing was typed.

    Args:
        text: what was typed.
        now: by Discord's clock, in UTC.
        zone: where the crew works; times of day are meant there.
        default: how long a poll stays open if nobody says.

    Raises:
        DomainError: polls.closes_unclear, polls.closes_ambiguous, polls.closes_too_late.
    """
    if not text or not text.strip():
        return now + default
    typed = text.strip().removeprefix("+")
    span = duration(typed)
    if span is not None:
        return _plus(now, span)
    at = await asyncio.to_thread(spoken_time, typed[:100], now=now, zone=zone)  # the first call loads the parser
    if at is None:
        raise DomainError("polls.closes_unclear")
    return at


async def later_time(text: str, *, deadline: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Return the new end of a poll: as in `closing_time`, or `+2h`, which counts from the `deadline`."""
    span = duration(text.strip()[1:]) if text.strip().startswith("+") else None
    return await closing_time(text, now=now, zone=zone) if span is None else _plus(deadline, span)


def _plus(start: datetime, span: timedelta) -> datetime:
    try:
        return start + span
    except OverflowError:
        raise DomainError("polls.closes_beyond") from None


@quiet_autocomplete
async def suggest_poll(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Suggest polls of this server by number or task, the open ones first."""
    found = await interaction.client.stores.polls.find(guild_of(interaction), text=current, open_only=False)
    return [
        app_commands.Choice(
            name=clip(f"{poll_id} · {task}{' (closed)' if closed else ''}", CHOICE_LENGTH), value=poll_id
        )
        for poll_id, task, closed in found
    ]


@quiet_autocomplete
async def suggest_open_poll(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Suggest open polls of this server by number or task."""
    found = await interaction.client.stores.polls.find(guild_of(interaction), text=current, open_only=True)
    return [
        app_commands.Choice(name=clip(f"{poll_id} · {task}", CHOICE_LENGTH), value=poll_id)
        for poll_id, task, _ in found
    ]


@quiet_autocomplete
async def suggest_task(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Suggest tasks with these words: open ones, then the line, each with its verdict, then the essay's."""
    stores, guild_id = interaction.client.stores, guild_of(interaction)
    asked = [task for _, task, _ in await stores.polls.find(guild_id, text=current, open_only=False)]
    line = await stores.outcomes.line(guild_id)
    decided = {task_key(one.task): one for one in reversed((*line, *ESSAY)) if one.stands}
    wanted = task_key(current)
    named = {task_key(task): task for task in (*asked, *(one.task for one in (*line, *ESSAY)))}
    found = [(task, decided.get(key)) for key, task in named.items() if wanted in key and len(task) <= CHOICE_LENGTH]
    return [app_commands.Choice(name=_name(task, one), value=task) for task, one in found[:CHOICES]]


def _name(task: str, decided: Precedent | None) -> str:
    if decided is None:
        return task
    where = "the essay" if decided.poll_id is None else f"poll {decided.poll_id}"
    mark = f" · {VERDICT_LABELS[decided.verdict]} ({where})"
    return clip(task, CHOICE_LENGTH - len(mark)) + mark
