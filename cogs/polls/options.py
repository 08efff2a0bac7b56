"""Reading what people type into poll commands."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.errors import quiet_autocomplete
from bot.ui import Interaction, clip, guild_of
from domain.deadlines import duration
from domain.errors import DomainError
from domain.polls import DEFAULT_DURATION

CHOICE_LENGTH = 100


async def closing_time(text: str | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """When a poll closes: `2h`, `3d`, `tomorrow 18:00`, `Friday noon`; the default if nothing was typed.

    Args:
        text: what was typed.
        now: by Discord's clock, in UTC.
        zone: where the crew works; times of day are meant there.

    Raises:
        DomainError: polls.closes_unclear.
    """
    if not text or not text.strip():
        return now + DEFAULT_DURATION
    span = duration(text)
    if span is not None:
        return _plus(now, span)
    at = await asyncio.to_thread(_spoken, text[:100], now.astimezone(zone), zone)
    if at is None:
        raise DomainError("polls.closes_unclear")
    return at


def _plus(now: datetime, span: timedelta) -> datetime:
    try:
        return now + span
    except OverflowError:
        raise DomainError("polls.closes_too_late") from None


def _spoken(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    import dateparser

    settings = {
        "RELATIVE_BASE": now.replace(tzinfo=None),
        "TIMEZONE": zone.key,
        "RETURN_AS_TIMEZONE_AWARE": True,
        "PREFER_DATES_FROM": "future",
    }
    try:
        at = dateparser.parse(text, languages=["en"], settings=settings)
        return at.astimezone(UTC) if at else None
    except OverflowError:  # the first or last day of the calendar, east or west of here
        return None


@quiet_autocomplete
async def suggest_poll(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Polls of this server by number or task, the open ones first."""
    found = await interaction.client.stores.polls.find(guild_of(interaction), text=current, open_only=False)
    return [
        app_commands.Choice(
            name=clip(f"{poll_id} · {task}{' (closed)' if closed else ''}", CHOICE_LENGTH), value=poll_id
        )
        for poll_id, task, closed in found
    ]


@quiet_autocomplete
async def suggest_open_poll(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
    """Open polls of this server by number or task."""
    found = await interaction.client.stores.polls.find(guild_of(interaction), text=current, open_only=True)
    return [
        app_commands.Choice(name=clip(f"{poll_id} · {task}", CHOICE_LENGTH), value=poll_id)
        for poll_id, task, _ in found
    ]
