"""The card of a server's settings."""

from datetime import timedelta

import discord

from bot.ui import ACCENT
from domain.settings import Settings, Visibility

NAMES = {
    "timezone": "Time zone",
    "decisions_channel_id": "Decisions channel",
    "poll_duration": "Polls stay open",
    "poll_quorum": "Quorum of polls",
    "faq_visibility": "Answers of the FAQ",
    "moderator_role_id": "Moderators",
}
"""The fields of `Settings`, as people read them."""

VISIBILITIES = {Visibility.ASKER: "Only the asker sees them", Visibility.EVERYONE: "Everyone in the channel sees them"}


def settings_card(settings: Settings, *, title: str = "Settings of this server") -> discord.Embed:
    """Show all settings of a server; defaults are marked."""
    card = discord.Embed(title=title, colour=ACCENT)
    default = Settings()
    for field, name in NAMES.items():
        mark = " (default)" if getattr(settings, field) == getattr(default, field) else ""
        card.add_field(name=name, value=_value(settings, field) + mark)
    return card.set_footer(text="Change them with /settings set; the menu below sets one back to its default.")


def _value(settings: Settings, field: str) -> str:
    match field:
        case "decisions_channel_id":
            return f"<#{settings.decisions_channel_id}>" if settings.decisions_channel_id else "Nowhere"
        case "poll_duration":
            return span(settings.poll_duration)
        case "poll_quorum":
            return f"{settings.poll_quorum} {'person' if settings.poll_quorum == 1 else 'people'}"
        case "faq_visibility":
            return VISIBILITIES[settings.faq_visibility]
        case "moderator_role_id":
            role = f"<@&{settings.moderator_role_id}> and " if settings.moderator_role_id else ""
            return f"{role}whoever may manage the server"
        case _:
            return settings.timezone


def span(time: timedelta) -> str:
    """Say a length of time in words: `2 days`, `1 day 12 hours`, `15 minutes`."""
    minutes = int(time.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
