"""Who may press a moderator's button or send a moderator's form.

Discord gates commands, not components. The server's Integrations decide who may use `/faq-admin`, and a check of our
own for Manage Server would take back what was granted there. So:

* Moderators may always: who may manage the server, or has the role that its settings name.
* Anyone else may on a card that only they see, or in a form, that one of those commands opened for them within the
  last hour: Discord let them use it then. Afterwards the command, and so Discord, is asked again.

What a modified client could gain is little: Discord refuses presses on messages that it did not show to the presser,
and every press acts in the presser's own server, under their own name, in a history that can be undone.
"""

from datetime import timedelta

from bot.ui import Interaction, act_of, guild_of
from domain.errors import DomainError

GOOD_FOR = timedelta(hours=1)


async def check_moderator(interaction: Interaction, opened_at: int | None = None) -> None:
    """Let pass who may; `opened_at` is when a form was opened, in Unix seconds, else the card tells.

    Raises:
        DomainError: faq.not_yours.
    """
    opened = opened_at if opened_at is not None else _card_shown_at(interaction)
    if opened is not None and abs(interaction.created_at.timestamp() - opened) <= GOOD_FOR.total_seconds():
        return
    settings = interaction.client.stores.settings
    if not await settings.is_moderator(guild_of(interaction), act_of(interaction).actor):
        raise DomainError("faq.not_yours")


def opened_now(interaction: Interaction) -> int:
    """When a form that answers this interaction is opened, in Unix seconds."""
    return int(interaction.created_at.timestamp())


def _card_shown_at(interaction: Interaction) -> float | None:
    """When the card was shown to the presser alone, in Unix seconds; None if others see it."""
    message = interaction.message
    return message.created_at.timestamp() if message and message.flags.ephemeral else None
