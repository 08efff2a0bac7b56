"""Mending a slip on the slate of a sign-off: for whoever opened it, as long as nobody has answered."""

import re
from typing import Any

import discord

from bot.events import SIGNOFF_CHANGED
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, guild_of
from domain.errors import DomainError
from domain.signoffs.corrections import Correction
from domain.signoffs.request import TOOLS_LENGTH, SignoffRequest
from domain.signoffs.slate import CUTS, LINK_LENGTH, PIECE_LENGTH
from domain.signoffs.state import SignoffState, Status

NUMBER = r"signoff:(?P<number>[0-9]{1,15})"


class CorrectButton(PersistentButton, template=NUMBER + ":correct"):
    """Opens the form."""

    def __init__(self, number: str | int) -> None:
        self.number = int(number)
        super().__init__(discord.ui.Button(label="Correct", emoji="✏️", custom_id=f"signoff:{self.number}:correct"))

    async def act(self, interaction: Interaction) -> None:
        """Show the slate as it is, to be mended."""
        state = await interaction.client.stores.signoffs.get(guild_of(interaction), self.number)
        await CorrectForm(self.number, state.request).show(interaction)


class CorrectForm(PersistentModal):
    """The slate, filled in."""

    template = re.compile(NUMBER + ":form:correct")

    def __init__(self, number: str | int, request: SignoffRequest | None = None) -> None:
        self.number = int(number)
        self._request = request

    def form(self) -> discord.ui.Modal:
        """The form."""
        slate = Correction.on(self._request) if self._request else Correction("", 0, "", "")
        form = discord.ui.Modal(title="Correct the slate", custom_id=f"signoff:{self.number}:form:correct")
        form.add_item(_field("piece", "Piece", slate.piece, PIECE_LENGTH))
        form.add_item(_field("cut", "Cut", str(slate.cut or ""), len(str(CUTS[-1]))))
        form.add_item(_field("link", "Link", slate.link, LINK_LENGTH, required=False))
        form.add_item(_field("tools", "Tools", slate.tools, TOOLS_LENGTH, required=False))
        return form

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
        """Add the correction."""
        typed = {name: str(values.get(name) or "") for name in ("piece", "cut", "link", "tools")}
        slate = Correction.of(typed["piece"], _cut(typed["cut"]), typed["link"], typed["tools"])
        guild_id, store = guild_of(interaction), interaction.client.stores.signoffs
        signoff = await store.correct(guild_id, self.number, act_of(interaction), slate)
        interaction.client.dispatch(SIGNOFF_CHANGED, guild_id, self.number)
        text = (
            f"Corrected, as entry {signoff.entry.seq}; entry {self.number} keeps what it said.\n"
            f"Your receipt: `{signoff.entry.receipt}`."
        )
        await interaction.response.send_message(text, ephemeral=True)


def _field(name: str, label: str, value: str, limit: int, *, required: bool = True) -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, default=value or None, max_length=limit, required=required
    )
    return discord.ui.Label(text=label, component=field)


def _cut(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()):
        raise DomainError("signoffs.bad_cut", cut=digits, first=CUTS[0], last=CUTS[-1])
    return int(digits)


def correct_button(state: SignoffState, user_id: int) -> list[CorrectButton]:
    """The button, where it would do something for this person."""
    can = state.request.opener.id == user_id and state.status is Status.OPEN and not state.standing
    return [CorrectButton(state.request.number)] if can else []


BUTTONS = (CorrectButton,)
FORMS = (CorrectForm,)
