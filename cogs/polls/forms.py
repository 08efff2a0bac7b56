"""What the buttons and forms of polls share."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, ClassVar

import discord

from bot.custom_ids import digits
from bot.member import missing_roles
from bot.ui import Interaction, PersistentModal
from domain.errors import DomainError
from domain.polls.poll import REASON_LENGTHS

PollId = Annotated[int, digits(9)]


class ReasonedForm(PersistentModal):
    """A form with one field, `reason`."""

    poll_id: PollId
    label: ClassVar[str]
    hint: ClassVar[str]

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder=self.hint,
            min_length=REASON_LENGTHS[0],
            max_length=REASON_LENGTHS[-1],
        )
        return [discord.ui.Label(text=self.label, component=field)]


@contextlib.asynccontextmanager
async def say_if_the_role_is_gone(interaction: Interaction, poll_id: int) -> AsyncIterator[None]:
    """Say that the role is gone, not that somebody lacks it.

    Raises:
        DomainError: polls.voters_gone, for polls.not_a_voter where the role is gone from the server.
    """
    try:
        yield
    except DomainError as refused:
        role_id = refused.params.get("role_id")
        if isinstance(role_id, int) and await missing_roles(interaction, [role_id]):
            raise DomainError("polls.voters_gone", poll_id=poll_id) from None
        raise
