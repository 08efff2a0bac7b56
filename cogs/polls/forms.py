"""What the buttons and forms of polls share."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import discord

from bot.custom_ids import digits
from bot.ui import PersistentModal
from domain.polls.poll import REASON_LENGTHS

PollId = Annotated[int, digits(9)]


class ReasonedForm(PersistentModal):
    """A form with one field, `reason`."""

    poll_id: PollId
    label: ClassVar[str]
    hint: ClassVar[str]

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        """Ask for the reason."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder=self.hint,
            min_length=REASON_LENGTHS[0],
            max_length=REASON_LENGTHS[-1],
        )
        return [discord.ui.Label(text=self.label, component=field)]
