"""What the buttons and forms of polls share."""

from typing import Any

import discord

from bot.ui import PersistentModal
from domain.polls.poll import REASON_LENGTHS

POLL_ID = r"poll:(?P<poll_id>[0-9]{1,9})"


class ReasonedForm(PersistentModal):
    """A form with one field, `reason`."""

    title: str
    label: str
    hint: str

    def __init__(self, poll_id: str | int) -> None:
        self.poll_id = int(poll_id)

    @property
    def custom_id(self) -> str:
        """What the submission is routed by."""
        return f"poll:{self.poll_id}:form:{type(self).__name__}"

    def form(self) -> discord.ui.Modal:
        """The form."""
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="reason",
            style=discord.TextStyle.paragraph,
            placeholder=self.hint,
            min_length=REASON_LENGTHS[0],
            max_length=REASON_LENGTHS[-1],
        )
        form = discord.ui.Modal(title=self.title, custom_id=self.custom_id, timeout=None)
        form.add_item(discord.ui.Label(text=self.label, component=field))
        return form
