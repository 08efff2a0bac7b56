"""Messages that the bot keeps in channels, long after the interaction that made them."""

import logging
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import discord

from bot.delivery.lanes import Lanes

log = logging.getLogger(__name__)

NONCE_LENGTH = 25
"""Characters that Discord takes."""


class Posts:
    """Edit and send by channel id; a message or channel that is gone or forbidden is reported, never raised.

    A bot has one (`bot.ui.Bot.posts`): Discord counts edits by channel, whichever feature makes them.

    Attributes:
        lanes: turns to edit, for every feature.
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
        """Send to a channel and return the message's id; None if the channel is gone or closed to the bot."""
        try:
            message = await self._client.get_partial_messageable(channel_id).send(**content)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("nothing can be sent to channel %s: Discord says %s", channel_id, error.code)
            return None
        return message.id


def nonce(*about: object) -> str:
    """The same for every try to say the same thing: Discord drops the second of two that come within minutes.

    So nothing is said twice by a bot that was killed after sending and before noting that.
    """
    return sha256(":".join(map(str, about)).encode()).hexdigest()[:NONCE_LENGTH]


def is_passing(error: discord.HTTPException) -> bool:
    """Whether Discord is down or busy, so that the same thing may be sent later; else it would say no again."""
    return error.status == HTTPStatus.TOO_MANY_REQUESTS or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
