"""Messages that stay in channels, long after the interaction that made them."""

import logging
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import discord

from bot.delivery.lanes import Lanes

log = logging.getLogger(__name__)

NONCE_LENGTH = 25
"""The most characters that Discord takes."""


class Posts:
    """Edit and send by channel id; report a missing or forbidden message or channel, never raise.

    A bot has one (`bot.ui.Bot.posts`), because Discord counts the edits in a channel whichever feature makes them.

    Attributes:
        lanes: the limit on concurrent edits, shared by every feature.
    """

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self.lanes = Lanes()

    async def edit(self, channel_id: int, message_id: int, **content: Any) -> bool:
        """Edit one of the bot's own messages; False if it is gone or out of reach."""
        message = self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        try:
            await message.edit(**content)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning(
                "message %s in channel %s cannot be edited: Discord says %s", message_id, channel_id, error.code
            )
            return False
        return True

    async def send(self, channel_id: int, **content: Any) -> int | None:
        """Send to a channel and return the message's id; None if the channel is gone or the bot may not send there."""
        try:
            message = await self._client.get_partial_messageable(channel_id).send(**content)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("nothing can be sent to channel %s: Discord says %s", channel_id, error.code)
            return None
        return message.id


def nonce(*about: object) -> str:
    """Make a nonce that is the same for every try to send one thing: Discord drops a repeat within minutes.

    So a bot that is killed after sending, and before it stored that, does not send twice.
    """
    return sha256(":".join(map(str, about)).encode()).hexdigest()[:NONCE_LENGTH]


def is_passing(error: discord.HTTPException) -> bool:
    """Say whether Discord is only down or busy, so that the same request may succeed later."""
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
