"""The card of a server's settings."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

import discord

from bot.ui import ACCENT
from domain.settings import Settings, Visibility

VISIBILITIES = {Visibility.ASKER: "Only the asker sees them", Visibility.EVERYONE: "Everyone in the channel sees them"}


class Field(NamedTuple):
    """How a field of `Settings` is shown: its name and its value, as people read them."""

    label: str
    text: Callable[[Settings], str]


def settings_card(settings: Settings, *, title: str = "Settings of this server") -> discord.Embed:
    """Show all settings of a server; defaults are marked."""
    card = discord.Embed(title=title, colour=ACCENT)
    default = Settings()
    for name, field in FIELDS.items():
        mark = " (default)" if getattr(settings, name) == getattr(default, name) else ""
        card.add_field(name=field.label, value=field.text(settings) + mark)
    return card.set_footer(text="Change them with /settings set; the menu below sets one back to its default.")


def _channel(settings: Settings) -> str:
    return f"<#{settings.decisions_channel_id}>" if settings.decisions_channel_id else "Nowhere"


def _quorum(settings: Settings) -> str:
    return f"{settings.poll_quorum} {'person' if settings.poll_quorum == 1 else 'people'}"


def _moderators(settings: Settings) -> str:
    role = f"<@&{settings.moderator_role_id}> and " if settings.moderator_role_id else ""
    return f"{role}whoever may manage the server"


def span(time: timedelta) -> str:
    """Say a length of time in words: `2 days`, `1 day 12 hours`, `15 minutes`."""
    minutes = int(time.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)


FIELDS: Mapping[str, Field] = {
    "timezone": Field("Time zone", lambda settings: settings.timezone),
    "decisions_channel_id": Field("Decisions channel", _channel),
    "poll_duration": Field("Polls stay open", lambda settings: span(settings.poll_duration)),
    "poll_quorum": Field("Quorum of polls", _quorum),
    "faq_visibility": Field("Answers of the FAQ", lambda settings: VISIBILITIES[settings.faq_visibility]),
    "moderator_role_id": Field("Moderators", _moderators),
}
"""Every field of `Settings`, in the order of the card and its menu."""
