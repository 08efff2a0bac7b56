"""Correcting the slate of a sign-off: for the person who opened it, until somebody has answered."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.custom_ids import EntryNumber
from bot.events import SIGNOFF_CHANGED
from bot.ui import Interaction, PersistentButton, PersistentModal, act_of, guild_of
from domain.errors import DomainError
from domain.signoffs.corrections import Correction
from domain.signoffs.request import TOOLS_LENGTH, SignoffRequest
from domain.signoffs.slate import CUTS, LINK_LENGTH, PIECE_LENGTH
from domain.signoffs.state import SignoffState, Status


class CorrectButton(PersistentButton, custom_id="signoff:{number}:correct"):
    """Opens the form, filled in with the slate."""

    number: EntryNumber
    label = "Correct"
    emoji = "✏️"

    async def act(self, interaction: Interaction) -> None:
        state = await interaction.client.stores.signoffs.get(guild_of(interaction), self.number)
        await CorrectForm(self.number, request=state.request).show(interaction)


class CorrectForm(PersistentModal, custom_id="signoff:{number}:form:correct"):
    """The slate, filled in."""

    number: EntryNumber
    request: SignoffRequest | None = None
    title = "Correct the slate"

    def fields(self) -> Sequence[discord.ui.Label[Any]]:
        slate = Correction.on(self.request) if self.request else Correction("", 0, "", "")
        return [
            _field("piece", "Piece", slate.piece, PIECE_LENGTH),
            _field("cut", "Cut", str(slate.cut or ""), len(str(CUTS[-1]))),
            _field("link", "Link", slate.link, LINK_LENGTH, required=False),
            _field("tools", "Tools", slate.tools, TOOLS_LENGTH, required=False),
        ]

    async def submit(self, interaction: Interaction, values: dict[str, Any]) -> None:
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
    """Return the button if this person may use it."""
    can = state.request.opener.id == user_id and state.status is Status.OPEN and not state.standing
    return [CorrectButton(state.request.number)] if can else []


ITEMS = (CorrectButton,)
FORMS = (CorrectForm,)
