"""Who may press a moderator's button or send a moderator's form.

Discord gates commands, not components. The server's Integrations decide who may use `/faq-admin`, and a check of our
own for Manage Server would take back what was granted there. So:

* Moderators always may: they can manage the server, or have the role that its settings name.
* Anyone else may, on a card that only they see or in a form, within an hour after one of those commands opened it for
  them: Discord let them use it then. After that they need the command, and so Discord's consent, again.

Discord vouches for a card: it refuses presses of what it did not show to that person. Nobody vouches for the custom_id
that comes back with a form, which a modified client could make up. So a form carries a permit: the time and a code over
it, the server and the person, made with a key that only the bot has.
"""

import hmac
from datetime import timedelta
from typing import Annotated

from bot.custom_ids import Matching
from bot.ui import Interaction, act_of, guild_of
from domain.errors import DomainError

PERMIT_VALID_FOR = timedelta(hours=1)

Permit = Annotated[str, Matching("[0-9a-f]{1,16}")]
"""A permit in a custom_id. Shorter ones are of forms that an older version opened: they hold for moderators alone."""

_KEY = "faq permits"
_TIME = 8
"""Hexadecimal digits for the time of a permit, in Unix seconds; as many follow for its code."""


async def check_moderator(interaction: Interaction, permit: str | None = None) -> None:
    """Let moderators pass; `permit` is that of a form, without one the card decides.

    Raises:
        DomainError: faq.not_yours.
    """
    shown = _card_shown_at(interaction) if permit is None else await _granted_at(interaction, permit)
    if shown is not None and abs(interaction.created_at.timestamp() - shown) <= PERMIT_VALID_FOR.total_seconds():
        return
    settings = interaction.client.stores.settings
    if not await settings.is_moderator(guild_of(interaction), act_of(interaction).actor):
        raise DomainError("faq.not_yours")


async def new_permit(interaction: Interaction) -> str:
    """Return the permit of a form that answers this interaction."""
    time = f"{int(interaction.created_at.timestamp()):0{_TIME}x}"
    return time + await _code(interaction, time)


async def _granted_at(interaction: Interaction, permit: str) -> int | None:
    """Return when a permit was given to this person in this server, in Unix seconds; None if it never was."""
    time, code = permit[:_TIME], permit[_TIME:]
    return int(time, 16) if hmac.compare_digest(code, await _code(interaction, time)) else None


async def _code(interaction: Interaction, time: str) -> str:
    key = await interaction.client.stores.app.secret(_KEY)
    vouched = f"{guild_of(interaction)}:{interaction.user.id}:{time}"
    return hmac.digest(key, vouched.encode(), "sha256").hex()[:_TIME]


def _card_shown_at(interaction: Interaction) -> float | None:
    """Return when the card was shown to this person alone, in Unix seconds; None if others see it."""
    message = interaction.message
    return message.created_at.timestamp() if message and message.flags.ephemeral else None
